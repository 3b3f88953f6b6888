import { expect } from 'vitest';
import { z } from 'zod';
import { AppError } from '../../../shared/core/errors.ts';
import { defineTool } from '../../../shared/tools/define-tool.ts';
import { asksFor } from '../../support/fakes/fake-model.ts';
import { verifies } from '../../verifies.ts';
import { sorry, unfinished } from './sorry.ts';
import { startWorld } from './world.ts';

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
  'a bug outside the tools is recorded as one; what was done before it is told, and closed',
  async () => {
    const world = await startWorld();
    world.ports.model.next(asksFor(['book', { subject: 'Review' }]), new TypeError('undefined is not a function'));
    await world.say('Book a review');

    await world.run();

    expect(world.shown()).toEqual([`${unfinished('Something went wrong on my side.')}\n\n✓ Booked: Review`]);
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
