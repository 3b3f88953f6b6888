import { expect } from 'vitest';
import { threadOf } from '../../../shared/conversation/turn/run-turn.ts';
import { AppError } from '../../../shared/core/errors.ts';
import { asksFor } from '../../support/fakes/fake-model.ts';
import { verifies } from '../../verifies.ts';
import { createLife } from '../wake/life.ts';
import { startWorld, type World } from '../wake/world.ts';

const told = expect.stringContaining('I cannot reach my language model at the moment.') as string;
const done = 'Here is what happened:\n\n✓ Booked: Review';

/** A turn that booked and is parked before it was worded, its work in a checkpoint. */
async function parkedAfterBooking(): Promise<World> {
  const world = await startWorld();
  const away = new AppError('upstream', 'The model is away', { vendor: 'openai' });
  world.ports.model.next(asksFor(['book', { subject: 'Review' }]), away);
  world.ports.model.always({ text: 'Here is what happened:' });
  await world.say('Book a review');
  await world.run([], { until: world.clock.now() });
  return world;
}

/** The rows of its thread, each with its values as bytes. */
function rowsOf({ checkpointer, documents }: World): [Uint8Array, ...unknown[]][] {
  const thread = checkpointer.storage[threadOf(documents('message')[0]?.turnId ?? '')] ?? {};
  return Object.values(thread).flatMap((rows) => Object.values(rows));
}

verifies('turn:graph', 'a checkpoint that holds half of itself costs tokens and nothing else', async () => {
  const world = await parkedAfterBooking();
  const rows = rowsOf(world);
  for (const row of rows) row[0] = row[0].slice(0, 40);

  await world.run();

  expect(rows.length).toBeGreaterThan(0);
  expect(world.shown()).toEqual([told, done]);
  expect(world.bookings.booked).toHaveLength(1);
  expect(world.documents('failure')).toEqual([]);
  expect(world.lines.some((line) => line.includes('turn.checkpoint-unreadable'))).toBe(true);
});

for (const error of [new AppError('not-found', 'A checkpoint cannot be opened with this key'), new TypeError('x is undefined')]) {
  verifies('turn:graph', `a checkpoint that is refused (${error.name}) costs tokens and nothing else`, async () => {
    const world = await parkedAfterBooking();

    await world.run([createLife(world.clock, { at: 1, call: 'checkpointer.getTuple', how: 'refused', error })]);

    expect(world.shown()).toEqual([told, done]);
    expect(world.bookings.booked).toHaveLength(1);
    expect(world.documents('failure')).toEqual([]);
    expect(world.unfinished()).toEqual([]);
  });
}

verifies('turn:graph', 'a checkpoint that cannot be read is gone before another is stored in its place', async () => {
  const world = await parkedAfterBooking();
  for (const row of rowsOf(world)) row[0] = row[0].slice(0, 40);
  world.ports.model.next(new AppError('upstream', 'The model is away', { vendor: 'openai' }));

  await world.run();

  expect(world.shown()).toEqual([told, done]);
  expect(world.lines.filter((line) => line.includes('turn.checkpoint-unreadable'))).toHaveLength(1);
  expect(world.ports.model.requests.map(({ items }) => items.length)).toEqual([1, 3, 3, 3]);
});
