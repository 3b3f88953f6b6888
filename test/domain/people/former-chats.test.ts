import { expect } from 'vitest';
import { findChat } from '../../../shared/domain/identity/index.ts';
import { verifies } from '../../verifies.ts';
import { evasChat, signInChat, startSignIn, type Chat } from './start-sign-in.ts';

const email = 'eva@alderfinch.example';
const newChat = { conversationId: 'alderfinch:eva-anew', lid: '271828182845919', phone: '+15550100019' };

/** Eva, who signed in here and then there, and what belongs to a chat. */
async function startMoved(...chats: readonly Chat[]) {
  const world = await startSignIn();
  for (const chat of chats) {
    await signInChat(world, chat, email);
    world.clock.advance(120_000);
  }
  const find = ({ conversationId, ...names }: Chat) => findChat(world, world.indexes, { names, conversationId });
  return { ...world, world, find };
}

verifies('privacy:former-chats', 'who moved to another number takes along what was said before', async () => {
  const { find, indexes } = await startMoved(evasChat, newChat);

  const [now, before] = [await find(newChat), await find(evasChat)];

  expect(now).toMatchObject({ others: [evasChat.conversationId], people: [{}] });
  expect(now.names).toEqual([indexes.lid(newChat.lid), indexes.phone(newChat.phone)]);
  expect(before).toMatchObject({ others: [], people: [] });
});

verifies('privacy:former-chats', 'and back: each chat once', async () => {
  const { find, people } = await startMoved(evasChat, newChat, evasChat, newChat, evasChat);

  const now = await find(evasChat);

  expect(now).toMatchObject({ others: [newChat.conversationId], people: [{}] });
  expect([...people.people.values()].map(({ formerChats }) => formerChats?.length)).toEqual([1]);
});

verifies('privacy:former-chats', 'what somebody else uses by now stays theirs', async () => {
  const { world, find } = await startMoved(evasChat, newChat);
  await signInChat(world, evasChat, 'ben@alderfinch.example');

  const now = await find(newChat);

  expect(now).toMatchObject({ others: [], people: [{}] });
  expect((await find(evasChat)).people).toHaveLength(1);
});

verifies('privacy:former-chats', 'a former chat goes with the conversations that became one with it', async () => {
  const { world, find, identities, indexes } = await startMoved(evasChat, newChat);
  await identities.update(indexes.lid(evasChat.lid), { formerly: ['alderfinch:eva-first'] });
  await identities.update(indexes.phone(evasChat.phone), { conversationId: 'alderfinch:given-away' });
  await signInChat(world, { conversationId: 'alderfinch:given-away', phone: evasChat.phone }, 'ben@alderfinch.example');

  const now = await find(newChat);

  expect(new Set(now.others)).toEqual(new Set([evasChat.conversationId, 'alderfinch:eva-first']));
});
