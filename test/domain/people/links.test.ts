import { expect } from 'vitest';
import { verifies } from '../../verifies.ts';
import { anasChat, evasChat, linkIn, signInChat, startSignIn, winCode } from './start-sign-in.ts';

verifies('sign-in:forwarded-link', 'the code of a link that was passed on links nobody in another chat', async () => {
  const world = await startSignIn();
  const link = linkIn(await world.say(evasChat, 'Hello'));

  const code = await winCode(world, link, 'ana@alderfinch.example');
  const told = await world.say(anasChat, code);

  expect(told).toContain('I do not know this number yet');
  expect([await world.callerOf(anasChat), await world.callerOf(evasChat)]).toEqual([undefined, undefined]);
  expect([world.people.people.size, world.people.tokens.size, world.directory.mails.length]).toEqual([0, 0, 0]);
});

verifies('sign-in:roles', 'Admin, Staff, else user', async () => {
  const world = await startSignIn();

  for (const [name, role] of [
    ['ana', 'admin'],
    ['ben', 'staff'],
    ['eva', 'user'],
  ] as const) {
    const chat = { conversationId: `alderfinch:${name}`, phone: `+155501000${name.length}${name.charCodeAt(0) % 10}` };
    const told = await signInChat(world, chat, `${name}@alderfinch.example`);

    expect(told).toContain(`role ${role}.`);
    expect(await world.callerOf(chat)).toMatchObject({ role });
  }
});

verifies('sign-in:code-in-chat', 'a second number takes the link along and says so; the first has it no more', async () => {
  const world = await startSignIn();
  await signInChat(world, anasChat, 'ana@alderfinch.example');

  const told = await signInChat(world, evasChat, 'ana@alderfinch.example');

  expect(told).toContain('linked to another chat until now');
  expect(await world.callerOf(evasChat)).toMatchObject({ name: 'Ana Ribeiro' });
  expect(await world.callerOf(anasChat)).toBeUndefined();
  expect([...world.people.people.values()]).toHaveLength(1);
  const leading = [...world.identities.documents.values()].filter(({ personId }) => personId !== undefined);
  expect(new Set(leading.map(({ kind, conversationId }) => `${kind} ${conversationId ?? ''}`))).toEqual(
    new Set(['account ', `lid ${evasChat.conversationId}`, `phone ${evasChat.conversationId}`]),
  );
  expect(await world.say(anasChat, 'Hello')).toContain('I do not know this number yet');
});

verifies('sign-in:code-in-chat', 'and the number that lost it may take it back', async () => {
  const world = await startSignIn();
  await signInChat(world, anasChat, 'ana@alderfinch.example');
  await signInChat(world, evasChat, 'ana@alderfinch.example');

  const told = await signInChat(world, anasChat, 'ana@alderfinch.example');

  expect(told).toContain('linked to another chat until now');
  expect(await world.callerOf(anasChat)).toMatchObject({ name: 'Ana Ribeiro' });
  expect(await world.callerOf(evasChat)).toBeUndefined();
});

verifies('sign-in:code-in-chat', 'another account in the same chat: who was linked before has no chat', async () => {
  const world = await startSignIn();
  await signInChat(world, evasChat, 'eva@alderfinch.example');
  const eva = await world.callerOf(evasChat);
  const { renew } = world.signInFor({ ...evasChat, turnId: 'renewal' });
  world.clock.advance(60_000);

  const link = linkIn(await renew(new AbortController().signal));
  const told = await world.say(evasChat, await winCode(world, link, 'ben@alderfinch.example'));

  expect(told).toContain('You are signed in as Ben Okafor');
  expect(await world.callerOf(evasChat)).toMatchObject({ name: 'Ben Okafor', role: 'staff' });
  expect(world.people.people.get(eva?.personId ?? '')).not.toHaveProperty('conversationId');
});

verifies('sign-in:code-in-chat', 'a chat met under both names is linked under both, whichever the code came from', async () => {
  const world = await startSignIn();
  const [lid, phone] = [world.indexes.lid(evasChat.lid), world.indexes.phone(evasChat.phone)];
  const { conversationId } = evasChat;
  const common = { workspace: 'alderfinch', conversationId, createdAt: 1 };
  await world.identities.claim({ ...common, id: lid, kind: 'lid', pair: phone });
  await world.identities.claim({ ...common, id: phone, kind: 'phone', pair: lid });

  await signInChat(world, { conversationId, lid: evasChat.lid }, 'eva@alderfinch.example');

  expect(await world.callerOf({ conversationId, phone: evasChat.phone })).toMatchObject({ name: 'Eva Lindqvist' });
});

verifies('sign-in:code-in-chat', 'a number that went to another conversation meanwhile is not linked to this one', async () => {
  const world = await startSignIn();
  const code = await winCode(world, linkIn(await world.say(evasChat, 'Hello')), 'eva@alderfinch.example');
  for (const [id, kind] of [
    [world.indexes.lid(evasChat.lid), 'lid'],
    [world.indexes.phone(evasChat.phone), 'phone'],
  ] as const) {
    await world.identities.claim({ id, kind, workspace: 'alderfinch', conversationId: 'alderfinch:new', createdAt: 1 });
  }

  await expect(world.say(evasChat, code)).rejects.toMatchObject({ code: 'gone' });

  expect(world.people.people.size + world.people.tokens.size).toBe(0);
});

verifies('sign-in:code-in-chat', 'an account whose person was erased becomes a new person', async () => {
  const world = await startSignIn();
  await signInChat(world, evasChat, 'eva@alderfinch.example');
  const before = await world.callerOf(evasChat);
  const account = [...world.identities.documents.values()].find(({ kind }) => kind === 'account');
  await world.dataKeys.drop(before?.personId ?? '');
  world.people.people.clear();
  for (const { id } of [...world.identities.documents.values()]) await world.identities.update(id, { personId: undefined });
  world.clock.advance(60_000);

  await signInChat(world, evasChat, 'eva@alderfinch.example');

  expect(account).toBeDefined();
  const after = await world.callerOf(evasChat);
  expect(after).toMatchObject({ name: 'Eva Lindqvist' });
  expect(after?.personId).not.toBe(before?.personId);
});
