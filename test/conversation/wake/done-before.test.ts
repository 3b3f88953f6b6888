import { expect } from 'vitest';
import { AppError } from '../../../shared/core/errors.ts';
import { asksFor } from '../../support/fakes/fake-model.ts';
import { verifies } from '../../verifies.ts';
import { unfinished } from './sorry.ts';
import { startWorld } from './world.ts';

verifies('conversation:failure', 'a last batch that is refused denies nothing that the same try did', async () => {
  const world = await startWorld();
  const { conversations, model } = world.ports;
  model.next(asksFor(['book', { subject: 'Review' }]), () => {
    conversations.failNext('commit', new AppError('too-large', 'The batch is too large', { vendor: 'cosmos' }));
    return { text: 'Here is what happened:' };
  });
  await world.say('Book a review');

  await world.run();

  expect(world.bookings.booked).toHaveLength(1);
  expect(world.shown()).toEqual([`${unfinished('That is too large for me.')}\n\n✓ Booked: Review`]);
  expect(world.unfinished()).toEqual([]);
});

verifies('conversation:failure', 'what is too old to be parked denies nothing that the same try did', async () => {
  const world = await startWorld({ settings: { maxAgeMs: 10_000 } });
  const { model } = world.ports;
  model.next(asksFor(['book', { subject: 'One' }], ['book', { subject: 'Two' }]), () => {
    world.clock.advance(11_000);
    return new AppError('upstream', 'The model is away', { vendor: 'openai' });
  });
  await world.say('Book two things');

  await world.run();

  expect(world.bookings.booked).toHaveLength(2);
  expect(world.shown()).toEqual([`${unfinished('A service I need is not available.')}\n\n✓ Booked: One\n\n✓ Booked: Two`]);
  expect(world.documents('failure')).toMatchObject([{ reason: 'upstream' }]);
  expect(world.unfinished()).toEqual([]);
});

verifies(
  'conversation:failure',
  'a write that was cut off in the same try is told as one nobody can tell the outcome of',
  async () => {
    const world = await startWorld({ settings: { maxAgeMs: 10_000 } });
    const { model } = world.ports;
    const lost = { fails: new AppError('timeout', 'Graph took too long', { vendor: 'msgraph', maybeDone: true }), done: true };
    world.bookings.nextCreates(lost);
    world.bookings.find = () => {
      world.clock.advance(11_000);
      return Promise.reject(new AppError('upstream', 'Graph is away', { vendor: 'msgraph' }));
    };
    model.next(asksFor(['book', { subject: 'Review' }]));
    await world.say('Book a review');

    await world.run();

    expect(world.shown()).toEqual([
      `${unfinished('A service I need is not available.')}\n\n? I cannot tell whether this was done (book): please check`,
    ]);
    expect(world.unfinished()).toEqual([]);
  },
);
