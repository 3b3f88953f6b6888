import { expect } from 'vitest';
import { messageOf, replyOf } from '../../contract/conversations/implementations.ts';
import { verifies } from '../../verifies.ts';
import { ref, startWorld } from './world.ts';

verifies('conversation:failure', 'a message and a reply that cannot be opened hold up nothing', async () => {
  const world = await startWorld();
  const { conversations } = world.ports;
  const now = world.clock.now();
  await conversations.storeMessage({
    ...messageOf('unreadable'),
    ...ref,
    sentAt: now,
    arrivedAt: now,
    dueAt: now,
    sealed: 'AAAA',
  });
  await world.ports.bell.ring(ref);
  await world.run();
  const taking = await conversations.takeLease(ref, { owner: 'd'.repeat(32), until: now + 20_000, now: world.clock.now() });
  if (taking.kind !== 'taken') throw new Error(taking.kind);
  const reply = { ...replyOf('unreadable-reply'), ...ref, createdAt: now, dueAt: now, sealed: 'AAAA' };
  const after = { kind: 'release', notBefore: 0, keepAttempts: false } as const;
  await conversations.commit(taking.lease, { after, changes: [{ kind: 'create', document: reply }] });

  await world.say('Who am I?');
  await world.run();

  expect(world.documents('failure')).toMatchObject([{ reason: 'not-found', messageIds: ['unreadable'] }]);
  expect(
    world
      .documents('reply')
      .map(({ state }) => state)
      .sort(),
  ).toEqual(['dropped', 'sent']);
  expect(world.shown()).toEqual(['All right.']);
  expect(world.unfinished()).toEqual([]);
});

verifies('conversation:failure', 'a document of an unknown shape is set aside with its name, and rung for no more', async () => {
  const world = await startWorld();
  const now = world.clock.now();
  const strange = { ...messageOf('strange'), ...ref, sentAt: now, arrivedAt: now, dueAt: now, kind: 'hologram' as never };
  await world.ports.conversations.storeMessage(strange);
  await world.say('Who am I?');

  await world.run();

  expect(world.shown()).toEqual(['All right.']);
  expect(world.documents('failure')).toMatchObject([{ reason: 'unreadable', messageIds: ['strange'] }]);
  // It takes no room from what can be read.
  expect(world.lease()).toMatchObject({ waiting: 0 });
  expect(await world.ringOverdue()).toBe(0);
});
