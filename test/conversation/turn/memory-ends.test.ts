import { expect } from 'vitest';
import { memoryFor } from '../../../shared/conversation/turn/context/memory-for.ts';
import { asksFor, linesOf } from '../../support/fakes/fake-model.ts';
import { createInvite } from '../../support/invite-tool.ts';
import { verifies } from '../../verifies.ts';
import { lid, ref } from '../wake/ana.ts';
import { startWorld, type World } from '../wake/world.ts';

const minute = 60_000;
const lastShown = ({ ports }: World) => ports.model.requests.map(linesOf).at(-1) ?? [];

async function say(world: World, text: string): Promise<void> {
  await world.say(text);
  await world.run();
}

/** Ben signs in where Ana was: from now on the chat is his. */
async function linkBen({ ports, indexes }: World): Promise<void> {
  const [id, name] = ['acme:person-ben', indexes.lid(lid)];
  const profile = { name: 'Ben Okafor', email: 'ben@alderfinch.example', timeZone: 'Europe/Lisbon' };
  const sealed = (await ports.dataKeys.keyFor(id)).seal(profile, 'person');
  await ports.identities.update(name, { personId: id });
  await ports.people.save({ ...ref, id, role: 'user', homeAccountId: 'ben', names: [name], linkedAt: 0, sealed });
}

verifies('turn:memory-ends', 'what was said is shown, and kept, for as long as the transcript and no longer', async () => {
  const world = await startWorld({ settings: { transcriptTtlSeconds: 3_600 } });
  await say(world, 'One');
  world.clock.advance(40 * minute);
  await say(world, 'Two');
  world.clock.advance(40 * minute);
  await say(world, 'Three');

  expect(lastShown(world)).toEqual(['user: Two', 'assistant: All right.', 'user: Three']);
  expect((await world.memory()).messages.map(({ text }) => text)).toEqual(['Two', 'All right.', 'Three', 'All right.']);
  expect(world.documents('memory')).toMatchObject([{ ttl: 3_600 }]);
});

verifies('turn:memory-ends', 'a summary goes with the last message that it holds something of', async () => {
  const world = await startWorld({ settings: { transcriptTtlSeconds: 3_600 } });
  for (let n = 1; n <= 16; n += 1) await say(world, `Question ${n}`);
  world.clock.advance(30 * minute);
  await say(world, 'Still there?');
  const then = lastShown(world)[0];
  world.clock.advance(40 * minute);
  await say(world, 'And now?');

  expect(then).toMatch(/^assistant: \[Earlier in this conversation: /);
  expect(lastShown(world)).toEqual(['user: Still there?', 'assistant: All right.', 'user: And now?']);
  expect(await world.memory()).toMatchObject({ summary: '' });
});

verifies(['turn:memory-ends', 'turn:untrusted'], 'who signs in in the chat of another is shown nothing of theirs', async () => {
  const { invite, invited } = createInvite();
  const world = await startWorld({ moreTools: [invite] });
  await say(world, 'My friend is eva@guest.example');
  await linkBen(world);
  world.ports.model.next(asksFor(['invite', { to: 'eva@guest.example' }]), { text: 'Who is that?' });

  await say(world, 'Invite my friend');

  expect(world.ports.model.requests.flatMap(linesOf).filter((line) => line.includes('My friend is'))).toHaveLength(1);
  expect(invited).toEqual([]);
  expect(await world.memory()).toMatchObject({ personId: 'acme:person-ben', messages: { length: 2 } });
});

verifies(
  'turn:memory-ends',
  'what names nobody yet is whoever’s the chat is; what is another’s leaves the name of the chat',
  () => {
    const content = { messages: [{ role: 'user' as const, text: 'Hello', at: 5 }], summary: 'They met.', chatId: '1@lid' };

    const reader = { personId: 'ben', since: 0 };

    expect(memoryFor(content, reader)).toEqual(content);
    expect(memoryFor({ ...content, personId: 'ana' }, reader)).toEqual({ messages: [], summary: '', chatId: '1@lid' });
    expect(memoryFor({ ...content, personId: 'ana' }, { personId: undefined, since: 0 }).messages).toEqual([]);
  },
);
