import { expect } from 'vitest';
import { AppError } from '../../../shared/core/errors.ts';
import { asksFor } from '../../support/fakes/fake-model.ts';
import { verifies } from '../../verifies.ts';
import { startWorld, type World } from '../wake/world.ts';

const lost = new AppError('upstream', 'No answer came', { vendor: 'cosmos', maybeDone: true });
const busy = new AppError('rate-limited', 'Too many requests', { vendor: 'cosmos', retryAfterMs: 60_000 });

/** A question whose turn reads once and asks the model twice; its first batch is the one that ends it. */
async function ask(): Promise<World> {
  const world = await startWorld();
  world.ports.model.next(asksFor(['list_bookings', {}]), { text: 'Nothing is booked.' });
  world.ports.model.always({ text: 'Asked once more.' });
  await world.say('What is booked?');
  return world;
}

const outcomeOf = (world: World) => ({
  shown: world.shown(),
  asked: world.ports.model.requests.length,
  unfinished: world.unfinished(),
  lease: world.lease(),
});
const ended = { shown: ['Nothing is booked.'], asked: 2, unfinished: [], lease: { owner: null, waiting: 0 } };

for (const done of [true, false]) {
  verifies('turn:end-repeated', `a last batch without an answer, ${done ? 'applied' : 'not applied'}, is repeated`, async () => {
    for (const times of [1, 2]) {
      const world = await ask();
      // Applied once: its repeats are refused by the store itself.
      world.ports.conversations.failNext('commit', lost, { done });
      if (times > 1) world.ports.conversations.failNext('commit', lost);

      await world.run();

      expect(outcomeOf(world)).toMatchObject(ended);
      expect(world.ports.messenger.lookedUp).toEqual([]);
      expect(world.documents('failure')).toEqual([]);
    }
  });
}

verifies('turn:end-repeated', 'a store that refuses for long: the turn is parked with its result, and ends with it', async () => {
  const world = await ask();
  world.ports.conversations.failNext('commit', busy);

  await world.run();

  expect(outcomeOf(world)).toMatchObject({ ...ended, shown: [expect.stringContaining('my database'), 'Nothing is booked.'] });
});

verifies('turn:end-repeated', 'who takes over from a worker lost in its last batch ends what that found', async () => {
  const world = await ask();
  const cannotBeReached = new AppError('upstream', 'No route', { vendor: 'cosmos', maybeDone: true });
  // The end, its repeats, and the letting go.
  world.ports.conversations.failNext('commit', cannotBeReached, { times: 4 });

  await world.run();

  expect(outcomeOf(world)).toMatchObject(ended);
});

verifies('turn:end-repeated', 'a lease that was lost meanwhile ends the repeats', async () => {
  const world = await ask();
  const { conversations } = world.ports;
  conversations.failNext('commit', lost);
  conversations.failNext('commit', new AppError('lease-lost', 'The lease is not ours'));
  const before = conversations.calls.length;

  await world.wakeNow();

  expect(conversations.calls.slice(before).filter((call) => call === 'commit')).toHaveLength(2);
  expect(world.shown()).toEqual([]);
});
