import { expect } from 'vitest';
import { createApproval, numberOf } from '../../../shared/conversation/approvals.ts';
import { AppError } from '../../../shared/core/errors.ts';
import type { RecordedCall } from '../../../shared/ports/documents.ts';
import type { Settling } from '../../support/fakes/fake-bookings.ts';
import { asksFor } from '../../support/fakes/fake-model.ts';
import { verifies } from '../../verifies.ts';
import { createLife, type Fate } from './life.ts';
import { ref, startWorld, type World } from './world.ts';

const down = new AppError('upstream', 'Graph is away', { vendor: 'msgraph' });
const refused = new AppError('invalid-input', 'openai answered 400', { vendor: 'openai' });
const sorry = expect.stringContaining('Sorry, I could not') as string;
const receipts = '✓ Booked: One\n✓ Booked: Two';

/** What an admin's replay does, once for its key; the failure is that of the run that failed last. */
async function replay(world: World, key = 'k1') {
  const [failure] = world.documents('failure');
  if (!failure) throw new Error('Nothing failed');
  const { turnId, run = 0 } = failure;
  const outcome = await world.ports.conversations.replayFailure(ref, { turnId, run, key, now: world.clock.now() });
  await world.ports.bell.ring(ref);
  return outcome;
}

/** A turn that did one of two writes and then failed for good: the vendor was away for too long. */
async function startHalfDone(settling: Settling = 'look-up') {
  const world = await startWorld({ settling, settings: { maxAgeMs: 10_000 } });
  const gone = { fails: down, done: false };
  world.ports.model.always(({ items }) =>
    items.at(-1)?.kind === 'result'
      ? { text: 'Here is what happened:' }
      : asksFor(['book', { subject: 'One' }], ['book', { subject: 'Two' }]),
  );
  world.bookings.nextCreates(undefined, gone, gone);
  await world.say('Book two things');
  await world.run();
  return world;
}

verifies('conversation:replay', 'a turn that had done one of two writes does the other, and answers once', async () => {
  const world = await startHalfDone();
  const before = { booked: world.bookings.booked.length, shown: world.shown().length, asked: world.ports.model.requests.length };
  world.clock.advance(7 * 3_600_000);

  const outcome = await replay(world);
  await world.run();

  expect([before, outcome]).toEqual([{ booked: 1, shown: 2, asked: 1 }, 'replayed']);
  expect(world.bookings.booked.map(({ subject }) => subject)).toEqual(['One', 'Two']);
  expect(world.shown()[1]).toContain('Sorry, I could not finish that.');
  expect(world.shown().slice(2)).toEqual([`Here is what happened:\n\n${receipts}`]);
  expect(world.documents('failure')).toMatchObject([
    { reason: 'upstream', run: 0, replayedAt: world.documents('message')[0]?.replayedAt },
  ]);
  expect([world.unfinished(), world.lease()]).toMatchObject([[], { owner: null, attempts: 0, waiting: 0 }]);
  expect(world.documents('calls')).toMatchObject([{ open: false, run: 1, ttl: 3_600 }]);
});

for (const how of ['before', 'after', 'late', 'refused', 'lost', 'overtaken'] as const) {
  verifies(
    'conversation:replay',
    `a worker struck at any call of a replay (${how}): the other write once, one answer`,
    async () => {
      const struck: string[] = [];
      for (;;) {
        const fate: Fate = { at: struck.length + 1, how };
        const error = new AppError('upstream', 'The answer is an error', { vendor: 'msgraph', maybeDone: how !== 'refused' });
        const world = await startHalfDone();
        const life = createLife(world.clock, { ...fate, error });
        await replay(world);

        await world.run([life]);
        world.clock.advance(60_000);
        await new Promise((resolve) => setImmediate(resolve));

        const call = life.struck();
        if (call === undefined) break;
        struck.push(call);
        const about = `${how} ${call}`;
        const answers = world.shown().filter((text) => text.includes('✓ Booked: Two'));
        const ids = world.ports.messenger.shown.map(({ id }) => id);
        expect(
          world.bookings.booked.map(({ subject }) => subject),
          about,
        ).toEqual(['One', 'Two']);
        expect(answers, about).toEqual([`Here is what happened:\n\n${receipts}`]);
        expect(ids, about).toEqual([...new Set(ids)]);
        expect(world.unfinished(), about).toEqual([]);
        expect(world.lease(), about).toMatchObject({ owner: null, attempts: 0, waiting: 0 });
      }

      expect(struck).toEqual(
        expect.arrayContaining(['conversations.takeLease', 'bookings.create', 'model.answer', 'messenger.sendText']),
      );
    },
  );
}

verifies(
  'conversation:replay',
  'one that fails again is another failure, told once for each run, and replayed in its turn',
  async () => {
    const world = await startWorld();
    world.ports.model.next(refused, refused, { text: 'At last.' });
    await world.say('This is poisonous');
    await world.run();
    const outcomes = [await replay(world, 'k1'), await replay(world, 'k2')];
    await world.run();
    const [again] = world.documents('failure');

    const later = await replay(world, 'k3');
    await world.run();

    expect([outcomes, later]).toEqual([['replayed', 'already'], 'replayed']);
    expect(again).toMatchObject({ run: 1, reason: 'invalid-input', messageIds: ['message-1'] });
    expect(again).not.toHaveProperty('replayedAt');
    expect(world.shown()).toEqual([sorry, sorry, 'At last.']);
    expect(world.documents('message')).toMatchObject([{ run: 2 }]);
    expect(world.unfinished()).toEqual([]);
  },
);

verifies('conversation:replay', 'exactly its messages are its turn; what was said since is another', async () => {
  const world = await startWorld();
  world.ports.model.next(refused);
  await world.say('First');
  await world.say('Second');
  await world.run();
  await world.say('Something else');
  await world.run();
  const between = world.shown();
  world.ports.model.next({ text: 'Both at last.' });

  await replay(world);
  await world.say('And this came while it waited');
  await world.run();

  const turns = world.documents('message').map(({ id, turnId, run = 0 }) => [id, turnId, run]);
  expect(between).toEqual([sorry, 'All right.']);
  expect(world.shown().slice(2)).toEqual(['Both at last.', 'All right.']);
  expect(new Set(turns.slice(0, 2).map(([, turnId]) => turnId)).size).toBe(1);
  expect(turns.map(([, , run]) => run)).toEqual([1, 1, 0, 0]);
});

verifies(
  'conversation:replay',
  'hours later what it would write anew is put to the person first; it may be parked as any other',
  async () => {
    const world = await startWorld();
    world.ports.model.next(refused);
    await world.say('Book a review');
    await world.run();
    world.clock.advance(8 * 3_600_000);
    world.ports.model.next(
      new AppError('upstream', 'The model is away', { vendor: 'openai' }),
      asksFor(['book', { subject: 'Review' }]),
      { text: 'About that review:' },
    );

    await replay(world);
    await world.run();

    expect(world.bookings.booked).toEqual([]);
    expect(world.shown().slice(1)).toEqual([
      expect.stringContaining('I cannot reach my language model at the moment.'),
      expect.stringMatching(/^About that review:[^]*• Book: Review\nAnswer “yes”/),
    ]);
  },
);

verifies('conversation:replay', 'a yes that is replayed approves nothing that was asked after it', async () => {
  const world = await startWorld();
  const { ports, clock, bookings } = world;
  ports.model.next(refused);
  await world.say('yes');
  await world.run();
  clock.advance(60_000);
  await propose(world, { callId: 'c1', name: 'book', arguments: '{"subject":"Review"}' });

  await replay(world);
  await world.run();
  const replayed = [bookings.booked.length, world.shown().at(-1)];
  const [asked] = world.documents('approval');
  await world.say(`yes ${asked ? numberOf(asked) : ''}`);
  await world.run();

  expect(replayed).toEqual([0, 'All right.']);
  expect(bookings.booked.map(({ subject }) => subject)).toEqual(['Review']);
});

/** Something asks the person about a call from elsewhere, now. */
async function propose({ ports, clock }: World, call: RecordedCall) {
  const now = clock.now();
  const taking = await ports.conversations.takeLease(ref, { owner: 'd'.repeat(32), until: now + 20_000, now });
  if (taking.kind !== 'taken') throw new Error(taking.kind);
  const key = await ports.dataKeys.keyFor(ref.conversationId);
  const proposals = [{ call, line: 'Book: Review' }];
  const approval = { turnId: 'elsewhere', personId: 'acme:person-ana', proposals, now, expiresAt: now + 3_600_000 };
  await ports.conversations.commit(taking.lease, {
    after: { kind: 'release', notBefore: 0, keepAttempts: false },
    changes: [{ kind: 'create', document: createApproval(ref, key, approval) }],
  });
}
