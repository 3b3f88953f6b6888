import { expect } from 'vitest';
import { threadOf } from '../../../shared/conversation/turn/run-turn.ts';
import { AppError } from '../../../shared/core/errors.ts';
import type { ConversationDocument } from '../../../shared/ports/documents.ts';
import { asksFor } from '../../support/fakes/fake-model.ts';
import { verifies } from '../../verifies.ts';
import { unfinished } from './sorry.ts';
import { ref, startWorld, type World } from './world.ts';

const cannotTell = '? I cannot tell whether this was done (book): please check';

/** What stands in the store, changed as no code of ours would. */
async function spoil(world: World, id: string, change: (document: ConversationDocument) => object): Promise<void> {
  const { conversations } = world.ports;
  const now = world.clock.now();
  const taking = await conversations.takeLease(ref, { owner: 'd'.repeat(32), until: now + 20_000, now });
  const document = conversations.document(ref, id);
  if (taking.kind !== 'taken' || !document) throw new Error(`${id} cannot be spoilt: ${taking.kind}`);
  const spoilt = { ...document, ...change(document) };
  const after = { kind: 'release', notBefore: 0, keepAttempts: false } as const;
  await conversations.commit(taking.lease, { after, changes: [{ kind: 'upsert', document: spoilt }] });
}

const unsealed = () => ({ sealed: 'AAAA' });

/** A booking was recorded and made, its results stored, and the turn is parked before it was worded. */
async function parkedAfterBooking(): Promise<World> {
  const world = await startWorld();
  const { model } = world.ports;
  model.next(
    asksFor(['book', { subject: 'Review' }], ['list_bookings', {}]),
    new AppError('upstream', 'The model is away', { vendor: 'openai' }),
  );
  await world.say('Book a review');
  await world.run([], { until: world.clock.now() });
  model.always({ text: 'Here is what happened:' });
  return world;
}

const turnCalls = (world: World) => world.documents('calls')[0]?.id ?? '';

verifies(
  ['conversation:failure', 'conversation:calls-recorded'],
  'recorded calls that cannot be opened end their turn as ones nobody can tell of, and the next is worked on',
  async () => {
    const world = await parkedAfterBooking();
    await spoil(world, turnCalls(world), unsealed);
    // Without the thread: what it keeps of the calls is not relied on.
    await world.checkpointer.deleteThread(threadOf(world.documents('message')[0]?.turnId ?? ''));
    await world.say('Who am I?');

    await world.run();

    expect(world.bookings.booked).toHaveLength(1);
    expect(world.shown().slice(1)).toEqual([`Here is what happened:\n\n${cannotTell}`, 'Here is what happened:']);
    const shownToModel = world.ports.model.requests[2]?.items.flatMap((item) => (item.kind === 'result' ? [item.output] : []));
    expect(shownToModel).toHaveLength(2);
    expect(shownToModel?.[0]).toContain('unknown-outcome');
    expect(world.lines.some((line) => line.includes('calls.unreadable'))).toBe(true);
    expect(world.unfinished()).toEqual([]);
  },
);

verifies(
  ['conversation:failure', 'conversation:calls-recorded'],
  'results that cannot be opened are no results: the writes are looked up, and not made again',
  async () => {
    const world = await parkedAfterBooking();
    await spoil(world, turnCalls(world), () => ({ results: 'AAAA' }));

    await world.run();

    expect(world.bookings.booked).toHaveLength(1);
    expect(world.shown().slice(1)).toEqual(['Here is what happened:\n\n✓ Booked: Review']);
    expect(world.unfinished()).toEqual([]);
  },
);

verifies('conversation:failure', 'a turn that is given up comes to its end although its calls cannot be opened', async () => {
  const world = await parkedAfterBooking();
  world.ports.model.next(new TypeError('undefined is not a function'));
  await spoil(world, turnCalls(world), unsealed);

  await world.run();

  expect(world.bookings.booked).toHaveLength(1);
  expect(world.shown().slice(1)).toEqual([`${unfinished('Something went wrong on my side.')}\n\n${cannotTell}`]);
  expect(world.documents('failure')).toMatchObject([{ reason: 'bug' }]);
  expect(world.unfinished()).toEqual([]);
});

verifies('conversation:passes-parked', '"cancel that" ends a turn whose calls cannot be opened', async () => {
  const world = await parkedAfterBooking();
  await spoil(world, turnCalls(world), unsealed);
  await world.say('Cancel that');

  await world.run();

  expect(world.shown().at(-1)).toBe(`Cancelled. What I had done before stays:\n${cannotTell}`);
  expect(world.unfinished()).toEqual([]);
});

verifies(
  'conversation:audit-lines',
  'calls that cannot be opened get the lines that stand in the open, and hold up no other',
  async () => {
    const world = await startWorld();
    const { audit, model } = world.ports;
    audit.failWith(new AppError('upstream', 'Cosmos is away', { vendor: 'cosmos' }));
    for (const subject of ['One', 'Two']) {
      model.next(asksFor(['book', { subject }]), { text: 'Here is what happened:' });
      await world.say(`Book ${subject}`);
      await world.run([], { until: world.clock.now() });
    }
    await spoil(world, turnCalls(world), unsealed);
    audit.failWith(undefined);

    await world.run();

    const statuses = [...audit.lines.values()].map(({ detail }) => detail?.['status']);
    expect(statuses.sort()).toEqual(['done', 'unknown']);
    expect(world.unfinished()).toEqual([]);
  },
);

verifies(['conversation:failure', 'turn:memory'], 'a memory that cannot be opened holds up nothing: it begins anew', async () => {
  const world = await startWorld();
  await world.say('Hello');
  await world.run();
  await spoil(world, 'memory', unsealed);
  await world.say('Are you there?');

  await world.run();

  expect(world.shown()).toEqual(['All right.', 'All right.']);
  expect((await world.memory()).messages.map(({ text }) => text)).toEqual(['Are you there?', 'All right.']);
  expect(world.lines.some((line) => line.includes('memory.unreadable'))).toBe(true);
});
