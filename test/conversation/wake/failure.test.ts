import { expect } from 'vitest';
import { z } from 'zod';
import { AppError } from '../../../shared/core/errors.ts';
import { defineTool } from '../../../shared/tools/define-tool.ts';
import { asksFor } from '../../support/fakes/fake-model.ts';
import { verifies } from '../../verifies.ts';
import { createLife } from './life.ts';
import { messageOf, replyOf } from '../../contract/conversations/implementations.ts';
import { ref, startWorld } from './world.ts';

const sorry = (why: string) => `Sorry, I could not do that. ${why} It is noted, and somebody can look into it.`;

/** A tool whose domain fails as it should not. */
const brokenTool = (effect: 'read' | 'write') =>
  defineTool({
    name: 'broken',
    description: 'Has a bug.',
    role: 'user',
    effect,
    input: z.object({}),
    output: z.object({}),
    fromPerson: () => [],
    proposal: () => 'Do it',
    receipt: () => '✓ Done',
    run: () => Promise.reject(new TypeError('undefined is not a function')),
  });

verifies(
  'conversation:failure',
  'a turn that kills its workers is given up at the fifth: told once, and the next goes well',
  async () => {
    const world = await startWorld();
    const lives = Array.from({ length: 4 }, () => createLife(world.clock, { at: 1, call: 'model.answer', how: 'before' }));
    await world.say('Book a review');

    await world.run(lives);
    await world.say('Who am I?');
    await world.run();

    expect(lives.map((life) => life.isDead())).toEqual([true, true, true, true]);
    expect(world.shown()).toEqual([sorry('I cannot tell whether that was done.'), 'All right.']);
    expect(world.documents('failure')).toMatchObject([{ reason: 'unknown-outcome', messageIds: ['message-1'] }]);
    expect(world.unfinished()).toEqual([]);
    expect(world.lease()).toMatchObject({ owner: null, attempts: 0 });
  },
);

verifies('conversation:failure', 'given up with a write recorded: it is closed, made once, and nothing is claimed', async () => {
  const world = await startWorld();
  const { clock, ports, bookings } = world;
  ports.model.next(asksFor(['book', { subject: 'Review' }]));
  await world.say('Book a review');

  await world.run([
    createLife(clock, { at: 1, call: 'bookings.create', how: 'after' }),
    ...Array.from({ length: 3 }, () => createLife(clock, { at: 1, call: 'bookings.find', how: 'before' as const })),
  ]);

  expect(bookings.booked).toHaveLength(1);
  expect(world.shown()).toEqual([
    `${sorry('I cannot tell whether that was done.').replace('not do', 'not finish')}\n\n? I cannot tell whether this was done (book): please check`,
  ]);
  expect(world.documents('calls')).toMatchObject([{ open: false, ttl: 3_600 }]);
  expect(world.unfinished()).toEqual([]);
});

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

verifies('conversation:failure', 'each takeover waits longer than the one before', async () => {
  const world = await startWorld();
  const { clock } = world;
  const asked: number[] = [];
  world.ports.model.always(() => {
    asked.push(clock.now());
    return { text: 'All right.' };
  });
  const lives = Array.from({ length: 4 }, () => createLife(clock, { at: 1, call: 'model.answer', how: 'after' }));
  await world.say('Hello');

  await world.run(lives);

  const gaps = asked.slice(1).map((at, index) => at - (asked[index] ?? 0));
  expect(gaps).toHaveLength(3);
  expect(gaps).toEqual([...gaps].sort((a, b) => a - b));
  expect(gaps[0]).toBeGreaterThan(20_000 + 15_000);
  expect((gaps[2] ?? 0) - (gaps[1] ?? 0)).toBeGreaterThan((gaps[1] ?? 0) - (gaps[0] ?? 0));
});

for (const effect of ['read', 'write'] as const) {
  verifies(
    'conversation:failure',
    `a bug in a tool that ${effect}s: recorded, told once, and what was done is told too`,
    async () => {
      const world = await startWorld({ moreTools: [brokenTool(effect)] });
      world.ports.model.next(asksFor(['book', { subject: 'Review' }], ['broken', {}]));
      await world.say('Book a review and break');

      await world.run();

      expect(world.shown()).toEqual([`${sorry('I cannot tell whether that was done.')}\n\n✓ Booked: Review`]);
      expect(world.documents('failure')).toMatchObject([{ reason: 'unknown-outcome', messageIds: ['message-1'] }]);
      expect(world.documents('calls')).toMatchObject([{ open: false }]);
      expect(world.unfinished()).toEqual([]);
    },
  );
}

verifies('conversation:failure', 'a request that the model refuses is not repeated', async () => {
  const world = await startWorld();
  world.ports.model.next(new AppError('invalid-input', 'openai answered 400', { vendor: 'openai' }));
  await world.say('Hello');

  await world.run();

  expect(world.ports.model.requests).toHaveLength(1);
  expect(world.shown()).toEqual([sorry('I could not work with that input.')]);
  expect(world.documents('failure')).toMatchObject([{ reason: 'invalid-input', turnId: world.documents('message')[0]?.turnId }]);
  expect(world.unfinished()).toEqual([]);
});

verifies(
  'conversation:failure',
  'a bug outside the tools is recorded as one; what was recorded before it is closed',
  async () => {
    const world = await startWorld();
    world.ports.model.next(asksFor(['book', { subject: 'Review' }]), new TypeError('undefined is not a function'));
    await world.say('Book a review');

    await world.run();

    expect(world.shown()).toEqual([sorry('Something went wrong on my side.')]);
    expect(world.documents('failure')).toMatchObject([{ reason: 'bug' }]);
    expect(world.documents('calls')).toMatchObject([{ open: false, ttl: 3_600 }]);
    expect(world.unfinished()).toEqual([]);
  },
);

verifies(
  'conversation:failure',
  'a grant that ran out brings a link and is no failure; what was done before is told',
  async () => {
    const world = await startWorld();
    const { ports, bookings } = world;
    const expired = { fails: new AppError('sign-in-required', 'The grant is gone', { vendor: 'entra' }), done: false };
    bookings.nextCreates(undefined, expired);
    ports.model.next(asksFor(['book', { subject: 'One' }], ['book', { subject: 'Two' }]));
    await world.say('Book two things');

    await world.run();

    expect(world.shown()).toEqual(['Please sign in again: https://sign-in.example\n\n✓ Booked: One']);
    expect(world.documents('failure')).toEqual([]);
    expect(world.unfinished()).toEqual([]);
  },
);

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

verifies(
  'conversation:identity-pairs',
  'a number that went to somebody else takes no reply of its former owner with it',
  async () => {
    const world = await startWorld();
    const { conversations, identities } = world.ports;
    const now = world.clock.now();
    await identities.claim({
      id: world.indexes.phone('+15550100001'),
      workspace: ref.workspace,
      kind: 'phone',
      conversationId: 'acme:somebody-else',
      createdAt: 0,
    });
    const key = await world.ports.dataKeys.keyFor(ref.conversationId);
    await conversations.storeMessage({
      ...{ ...messageOf('m1'), ...ref, sentAt: now, arrivedAt: now, dueAt: now },
      sealed: key.seal({ text: 'Who am I?', chatId: '15550100001@c.us', lid: '271828182845901', phone: '+15550100001' }, 'm1'),
    });
    await world.ports.bell.ring(ref);

    await world.run();

    expect(world.shown()).toEqual([]);
    expect(world.documents('reply')).toMatchObject([{ state: 'dropped' }]);
    expect(world.unfinished()).toEqual([]);
  },
);

verifies('limits:drain', 'a process that must end gives its turn up: nothing is told, the bell goes to another', async () => {
  const world = await startWorld();
  const { ports, closing } = world;
  ports.model.next((_request, signal) => {
    closing.abort();
    return Promise.reject(signal?.reason instanceof Error ? signal.reason : new Error('The signal was not aborted'));
  });
  await world.say('Hello');

  await expect(world.wakeNow()).rejects.toMatchObject({ code: 'lease-lost' });
  const shown = world.shown();

  expect(shown).toEqual([]);
  expect(world.documents('message')).toMatchObject([{ dueAt: expect.any(Number) as number }]);
});
