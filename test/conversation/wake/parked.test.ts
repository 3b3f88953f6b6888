import { expect } from 'vitest';
import { AppError } from '../../../shared/core/errors.ts';
import { asksFor, linesOf } from '../../support/fakes/fake-model.ts';
import { verifies } from '../../verifies.ts';
import { createLife } from './life.ts';
import { startWorld, type World } from './world.ts';

const away = new AppError('upstream', 'The model is away', { vendor: 'openai' });
const told =
  'I cannot reach my language model at the moment. Your message is safe: I keep trying and answer as soon as it works.';

/** When the messages that wait are due, from now on in seconds. */
const waits = (world: World) => world.documents('message').flatMap(({ dueAt }) => (dueAt === undefined ? [] : [dueAt]));

verifies('conversation:parked', 'a model that is away is told once, and asked again after growing waits', async () => {
  const world = await startWorld();
  const { clock, ports } = world;
  ports.model.always(away);
  await world.say('Book a review');
  const seconds: number[] = [];

  for (let round = 0; round < 8; round += 1) {
    await world.run([], { until: clock.now() });
    const [dueAt = 0] = waits(world);
    seconds.push((dueAt - clock.now()) / 1_000);
    expect(ports.bell.rung.map(({ atMs }) => atMs)).toEqual([dueAt]);
    clock.set(dueAt);
  }

  expect(seconds).toEqual([15, 30, 60, 120, 240, 480, 600, 600]);
  expect(world.shown()).toEqual([told]);
  expect(world.documents('message')).toMatchObject([{ attempt: 8, reason: 'upstream' }]);
});

verifies('conversation:parked', 'a vendor that asks for a longer wait gets it', async () => {
  const world = await startWorld();
  const limited = new AppError('rate-limited', 'Slow down', { vendor: 'openai', retryAfterMs: 90_000 });
  world.ports.model.next(limited);
  await world.say('Hello');

  await world.run([], { until: world.clock.now() });

  expect(waits(world)).toEqual([world.clock.now() + 90_000]);
});

verifies(
  'conversation:parked',
  'it goes on as the same turn with the same messages; what came later waits its turn',
  async () => {
    const world = await startWorld();
    const { clock, ports } = world;
    ports.model.next(away);
    const first = await world.say('Hello');
    const second = await world.say('Are you there?');
    await world.run([], { until: clock.now() });
    const parked = world.documents('message').map(({ turnId }) => turnId);
    const third = await world.say('And now?');
    await world.run([], { until: clock.now() });
    const askedWhileParked = ports.model.requests.length;

    await world.run();

    expect(askedWhileParked).toBe(1);
    expect(new Set(parked).size).toBe(1);
    const turns = Object.fromEntries(world.documents('message').map(({ id, turnId }) => [id, turnId]));
    expect([turns[first], turns[second]]).toEqual(parked);
    expect(turns[third]).not.toBe(turns[first]);
    expect(ports.model.requests.slice(1).map(linesOf)).toEqual([
      ['user: Hello', 'user: Are you there?'],
      ['user: Hello', 'user: Are you there?', 'assistant: All right.', 'user: And now?'],
    ]);
    expect(world.shown()).toEqual([told, 'All right.', 'All right.']);
    expect(world.unfinished()).toEqual([]);
  },
);

verifies('conversation:parked', 'a six-digit code does not wait behind it, and the parked turn is none the worse', async () => {
  const world = await startWorld();
  const { clock, ports } = world;
  ports.model.next(away);
  await world.say('Hello');
  await world.run([], { until: clock.now() });
  await world.say('Am I signed in?');
  await world.say(' 123456 ');
  await world.say('123456');

  await world.run([], { until: clock.now() });
  const shownMeanwhile = world.shown();
  await world.run();

  expect(shownMeanwhile).toEqual([told, 'The code is right.', 'The code is right.']);
  expect(world.shown().slice(3)).toEqual(['All right.', 'All right.']);
  expect(world.unfinished()).toEqual([]);
});

verifies('conversation:parked', 'what was recorded and done before it was parked is not asked for or done again', async () => {
  const world = await startWorld();
  const { ports, bookings } = world;
  ports.model.next(asksFor(['book', { subject: 'Review' }]), away, away, { text: 'Here is what happened:' });
  await world.say('Book a review');

  await world.run();

  expect(bookings.booked).toHaveLength(1);
  expect(ports.model.requests.map(({ items }) => items.length)).toEqual([1, 3, 3, 3]);
  expect(world.shown()).toEqual([told, 'Here is what happened:\n\n✓ Booked: Review']);
});

verifies('conversation:parked', 'a vendor of a tool that is away parks the turn; its writes follow when it is back', async () => {
  const world = await startWorld();
  const { ports, bookings } = world;
  const down = { fails: new AppError('upstream', 'Graph is away', { vendor: 'msgraph' }), done: false };
  ports.model.next(asksFor(['book', { subject: 'One' }], ['book', { subject: 'Two' }], ['book', { subject: 'Three' }]), {
    text: 'Here is what happened:',
  });
  bookings.nextCreates(undefined, down, down);
  await world.say('Book three things');

  await world.run();

  expect(world.shown()[0]).toContain('I cannot reach Microsoft 365 at the moment.');
  expect(world.shown()[1]).toBe('Here is what happened:\n\n✓ Booked: One\n✓ Booked: Two\n✓ Booked: Three');
  expect(bookings.booked.map(({ subject }) => subject)).toEqual(['One', 'Two', 'Three']);
});

verifies(
  ['conversation:parked', 'conversation:failure'],
  'what waited too long fails for good, and the next is worked on',
  async () => {
    const world = await startWorld({ settings: { maxAgeMs: 60_000 } });
    const { ports, clock } = world;
    const start = clock.now();
    ports.model.always(() => (clock.now() < start + 150_000 ? away : { text: 'All right.' }));
    await world.say('Hello');
    await world.run([], { until: clock.now() + 50_000 });
    clock.set(start + 130_000);
    await world.say('Still there?');

    await world.run();

    expect(world.shown()[0]).toBe(told);
    expect(world.shown()[1]).toBe(
      'Sorry, I could not do that. It reached me too late to act on it: please send it again if you still want it. It is noted, and somebody can look into it.',
    );
    expect(world.shown().slice(2)).toEqual([told, 'All right.']);
    expect(world.documents('failure')).toMatchObject([{ reason: 'too-late', messageIds: ['message-1'] }]);
    expect(world.unfinished()).toEqual([]);
  },
);

verifies('conversation:parked', 'a turn whose time is up waits with its messages and goes on', async () => {
  const world = await startWorld({ settings: { turnBudgetMs: 150 } });
  const { ports, clock } = world;
  ports.model.next(
    (_request, signal) =>
      new Promise((_resolve, reject) => {
        signal?.addEventListener('abort', () => reject(new AppError('timeout', 'It took too long', { vendor: 'openai' })));
      }),
    () => new Promise(() => undefined),
  );
  await world.say('Hello');
  await world.run([], { until: clock.now() });
  const parked = world.documents('message').map(({ attempt, reason }) => ({ attempt, reason }));

  await world.run();

  expect(parked).toEqual([{ attempt: 1, reason: 'timeout' }]);
  expect(world.documents('message')).toMatchObject([{ attempt: 2 }]);
  expect(world.shown().at(-1)).toBe('All right.');
  expect(world.unfinished()).toEqual([]);
});

verifies(
  'conversation:parked',
  'what an answer wrote before it was parked is neither looked up nor in doubt afterwards',
  async () => {
    for (const settling of ['look-up', 'never'] as const) {
      const world = await startWorld({ settling });
      const { ports, bookings, clock } = world;
      const error = new AppError('timeout', 'Graph took too long', { vendor: 'msgraph' });
      ports.model.next(asksFor(['book', { subject: 'Review' }], ['list_bookings', {}]), { text: 'Here is what happened:' });
      await world.say('Book a review and list');

      await world.run([createLife(clock, { at: 1, call: 'bookings.list', how: 'refused', error })]);

      expect(bookings.booked).toHaveLength(1);
      expect(world.shown().at(-1)).toBe('Here is what happened:\n\n✓ Booked: Review');
      const results = ports.model.requests[1]?.items.flatMap((item) => (item.kind === 'result' ? [item.output] : []));
      expect(results).toEqual([expect.stringContaining('"subject":"Review"'), '{"subjects":["Review"]}']);
    }
  },
);

verifies(
  ['limits:bulkheads', 'conversation:parked'],
  'a wait for a slot of ours is short and not told, unless it lasts',
  async () => {
    const busy = new AppError('busy', 'openai has no slot free', { vendor: 'openai', retryAfterMs: 3_000 });
    const [short, long] = [await startWorld(), await startWorld()];
    short.ports.model.next(busy, busy);
    long.ports.model.next(busy, busy, busy, busy, busy, away);
    for (const world of [short, long]) await world.say('Hello');

    for (const world of [short, long]) await world.run();

    expect(short.shown()).toEqual(['All right.']);
    expect(long.shown()).toEqual([told, 'All right.']);
  },
);
