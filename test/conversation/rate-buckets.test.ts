import { expect } from 'vitest';
import { refill, spend, waitFor } from '../../shared/conversation/rate-buckets.ts';
import { AppError } from '../../shared/core/errors.ts';
import { maxWaiting } from '../../shared/ports/conversations.ts';
import { asksFor } from '../support/fakes/fake-model.ts';
import { verifies } from '../verifies.ts';
import { createLife } from './wake/life.ts';
import { startWorld } from './wake/world.ts';

const limits = { turnsPerHour: 60, tokensPerHour: 6_000 };
const hour = 3_600_000;

verifies('conversation:rate-buckets', 'a bucket holds an hour’s worth, is spent by turns and tokens, and fills steadily', () => {
  const full = refill(undefined, limits, 0);
  const spent = Array.from({ length: 60 }).reduce<typeof full>((buckets) => spend(buckets, 50), full);

  expect(full).toEqual({ at: 0, turns: 60, tokens: 6_000 });
  expect(waitFor(spent, limits)).toBe(60_000);
  expect(refill(spent, limits, hour / 2)).toEqual({ at: hour / 2, turns: 30, tokens: 6_000 });
  expect(waitFor(refill(spent, limits, 60_000), limits)).toBe(0);
  expect(refill(spent, limits, 100 * hour)).toEqual({ at: 100 * hour, turns: 60, tokens: 6_000 });
  // One costly turn may overdraw; then the next waits until it is paid.
  expect(waitFor(spend(full, 9_000), limits)).toBe(Math.ceil((3_001 / 6_000) * hour));
  // A clock that runs behind gives nothing away.
  expect(refill(spent, limits, -hour)).toEqual({ at: 0, turns: 0, tokens: 3_000 });
});

verifies(
  'conversation:rate-buckets',
  'who asks for more than their share waits, is told once a turn, and loses nothing',
  async () => {
    const world = await startWorld({ settings: { rateLimits: { turnsPerHour: 2, tokensPerHour: 6_000 } } });
    const { ports, clock } = world;
    for (const text of ['One', 'Two', 'Three']) {
      await world.say(text);
      await world.run([], { until: clock.now() });
    }
    const shown = world.shown();
    const askedBefore = ports.model.requests.length;
    await world.say('STOP');
    await world.run([], { until: clock.now() });
    const stopped = world.shown().at(-1);
    await world.say('Four');

    await world.run();

    expect(askedBefore).toBe(2);
    expect(shown).toEqual([
      'All right.',
      'All right.',
      'You have asked more of me than I can do for one person at a time. Your message is safe: I go on with it in about 30 minutes.',
    ]);
    expect(stopped).toContain('I will not write to you unasked');
    const asked = ports.model.requests.flatMap(({ items }) => items.flatMap((item) => (item.kind === 'user' ? [item.text] : [])));
    expect([...new Set(asked)]).toEqual(['One', 'Two', 'Three', 'Four']);
    expect(world.unfinished()).toEqual([]);
  },
);

verifies('conversation:rate-buckets', 'tokens count too: one costly turn holds up the next, not itself', async () => {
  const world = await startWorld({ settings: { rateLimits: { turnsPerHour: 100, tokensPerHour: 1_000 } } });
  world.ports.model.always({ text: 'All right.', usage: { inputTokens: 1_400, outputTokens: 100 } });
  await world.say('Think hard');
  await world.run([], { until: world.clock.now() });
  await world.say('And again');
  await world.run([], { until: world.clock.now() });

  expect(world.shown()[0]).toBe('All right.');
  expect(world.shown()[1]).toContain('You have asked more of me than I can do');
  expect(world.lease()).toMatchObject({ buckets: { tokens: -500 } });
});

const costly = { usage: { inputTokens: 200, outputTokens: 100 } };
const listOnce = { ...asksFor(['list_bookings', {}]), ...costly };
const bookOnce = { ...asksFor(['book', { subject: 'Review' }]), ...costly };
const away = new AppError('upstream', 'The model is away', { vendor: 'openai' });

verifies(
  'conversation:rate-buckets',
  'a turn that is tried often pays in each try for what the model was asked in it',
  async () => {
    const world = await startWorld({ settings: { rateLimits: { turnsPerHour: 100, tokensPerHour: 10 } } });
    const { clock, ports } = world;
    const left: number[] = [];
    ports.model.next(listOnce, away, listOnce, away, listOnce, { text: 'Nothing is booked.', ...costly });
    await world.say('What is booked?');
    for (let tries = 0; tries < 3; tries += 1) {
      await world.run([], { until: clock.now() });
      left.push(Math.round(world.lease()?.buckets?.tokens ?? 0));
      clock.set(Math.max(clock.now(), ...ports.bell.rung.map(({ atMs }) => atMs ?? 0)));
    }

    expect(world.shown().at(-1)).toBe('Nothing is booked.');
    expect(left).toEqual([-290, -590, -1_190]);
    expect(world.lease()?.buckets?.turns).toBe(99);
  },
);

verifies(
  'conversation:rate-buckets',
  'a turn that fails for good has paid too, and one that was lost for what it recorded',
  async () => {
    const world = await startWorld({ settings: { rateLimits: { turnsPerHour: 100, tokensPerHour: 1_000 } } });
    world.ports.model.next(bookOnce, new AppError('invalid-input', 'The model refuses'));
    await world.say('Book a review');
    await world.run([], { until: world.clock.now() });
    const failed = world.lease()?.buckets?.tokens;
    world.ports.model.next(bookOnce);
    await world.say('Book another');
    await world.run([createLife(world.clock, { at: 1, call: 'bookings.create', how: 'before' })], { until: world.clock.now() });

    expect(failed).toBe(700);
    expect(world.lease()?.buckets?.tokens).toBe(400);
  },
);

verifies(
  'conversation:rate-buckets',
  'no more messages wait than a bound, and there is room again once they are done',
  async () => {
    const world = await startWorld();
    const { conversations } = world.ports;
    await world.say('First');
    const [first] = world.documents('message');
    if (!first) throw new Error('no message');
    const store = (index: number) => conversations.storeMessage({ ...first, id: `flood-${index}` });
    for (let index = 0; index < maxWaiting - 1; index += 1) expect(await store(index)).toBe('stored');

    expect(await store(maxWaiting)).toBe('full');
    expect(await store(0)).toBe('seen');
    // Nobody is too busy to be told to stop.
    expect(await conversations.storeMessage({ ...first, id: 'stop', command: 'stop' })).toBe('stored');
    await world.run([], { until: world.clock.now() });

    expect(world.lease()?.waiting).toBeLessThan(maxWaiting);
    expect(await store(maxWaiting)).toBe('stored');
  },
);
