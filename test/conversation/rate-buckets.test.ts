import { expect } from 'vitest';
import { refill, spend, waitFor } from '../../shared/conversation/rate-buckets.ts';
import { maxWaiting } from '../../shared/ports/conversations.ts';
import { verifies } from '../verifies.ts';
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
