import { expect } from 'vitest';
import { threadOf } from '../../../shared/conversation/turn/run-turn.ts';
import { AppError } from '../../../shared/core/errors.ts';
import { readSpans } from '../../../shared/telemetry/index.ts';
import { asksFor } from '../../support/fakes/fake-model.ts';
import { verifies } from '../../verifies.ts';
import { createLife } from '../wake/life.ts';
import { startWorld, type World } from '../wake/world.ts';

const noDatabase = new AppError('upstream', 'Postgres is not there', { vendor: 'postgres' });
const away = new AppError('upstream', 'The model is away', { vendor: 'openai' });

const newSpans = readSpans();

/** The nodes that ran since this was asked last, in order. */
const nodes = () => newSpans().items.flatMap(({ name }) => (name.startsWith('node ') ? [name.slice(5)] : []));

async function startAfresh(): Promise<World> {
  const world = await startWorld();
  newSpans();
  return world;
}

verifies('turn:graph', 'security, context, reasoning and tools in turns, communication, memory', async () => {
  const world = await startAfresh();
  world.ports.model.next(asksFor(['list_bookings', {}]), asksFor(['book', { subject: 'Review' }]), {
    text: 'Here is what happened:',
  });
  await world.say('Book a review if there is none');

  await world.run();

  expect(nodes()).toEqual([
    ...['security', 'context', 'reasoning', 'tools', 'reasoning', 'tools', 'reasoning'],
    ...['communication', 'remember'],
  ]);
  expect(world.shown()).toEqual(['Here is what happened:\n\n✓ Booked: Review']);
});

verifies('turn:graph', 'who is not linked is answered without a model', async () => {
  const world = await startAfresh();
  world.ports.people.people.clear();
  await world.say('Hello');

  await world.run();

  expect(nodes()).toEqual(['security', 'communication', 'remember']);
  expect(world.ports.model.requests).toEqual([]);
  expect(world.shown()).toEqual(['Please sign in.']);
});

verifies('turn:graph', 'an error that no retry can mend takes the error path, wherever it happens', async () => {
  const refused = new AppError('forbidden', 'You may not');
  for (const { answers, path } of [
    { answers: [refused], path: ['security', 'context', 'reasoning', 'explain'] },
    {
      answers: [asksFor(['list_bookings', {}]), refused],
      path: ['security', 'context', 'reasoning', 'tools', 'reasoning', 'explain'],
    },
  ]) {
    const world = await startAfresh();
    world.ports.model.next(...answers);
    await world.say('Hello');

    await world.run();

    expect(nodes()).toEqual([...path, 'communication', 'remember']);
    expect(world.shown()).toEqual([expect.stringContaining('You do not have the right to do that.')]);
    expect(world.documents('failure')).toMatchObject([{ reason: 'forbidden' }]);
  }
});

verifies('turn:graph', 'a parked turn goes on from its checkpoint where it stopped', async () => {
  const world = await startAfresh();
  world.ports.model.next(asksFor(['list_bookings', {}]), away);
  await world.say('List');
  await world.run([], { until: world.clock.now() });
  const before = nodes();

  await world.run();

  expect(before).toEqual(['security', 'context', 'reasoning', 'tools', 'reasoning']);
  expect(nodes()).toEqual(['reasoning', 'communication', 'remember']);
});

verifies(
  'turn:graph',
  'without its checkpoint it begins again, and finishes what is recorded before it asks the model',
  async () => {
    const world = await startAfresh();
    const { ports, checkpointer, bookings } = world;
    ports.model.next(asksFor(['book', { subject: 'Review' }]), away, { text: 'Here is what happened:' });
    await world.say('Book a review');
    await world.run([], { until: world.clock.now() });
    const turnId = world.documents('message')[0]?.turnId ?? '';
    const [hadThread] = [checkpointer.storage[threadOf(turnId)] !== undefined, nodes()];
    await checkpointer.deleteThread(threadOf(turnId));

    await world.run();

    expect(hadThread).toBe(true);
    expect(nodes()).toEqual(['security', 'context', 'reasoning', 'communication', 'remember']);
    expect(ports.model.requests.map(({ items }) => items.length)).toEqual([1, 3, 3]);
    expect(bookings.booked).toHaveLength(1);
    expect(world.shown().at(-1)).toBe('Here is what happened:\n\n✓ Booked: Review');
  },
);

verifies(
  'turn:graph',
  'a lost worker without a checkpoint: recorded calls come before the model, and its new mind does not count',
  async () => {
    const world = await startAfresh();
    const { ports, bookings, clock } = world;
    ports.model.next(asksFor(['book', { subject: 'Review' }]), { text: 'Here is what happened:' });
    await world.say('Book a review');

    await world.run([createLife(clock, { at: 1, call: 'bookings.create', how: 'before' })]);

    const second = nodes().slice(-6);
    expect(second).toEqual(['security', 'context', 'tools', 'reasoning', 'communication', 'remember']);
    expect(bookings.booked.map(({ subject }) => subject)).toEqual(['Review']);
    expect(ports.model.requests).toHaveLength(2);
  },
);

verifies('turn:graph', 'a turn that begins needs no database', async () => {
  const world = await startAfresh();
  await world.say('Hello');

  await world.run([createLife(world.clock, { at: 1, call: 'checkpointer.getTuple', how: 'refused', error: noDatabase })]);

  expect(world.shown()).toEqual(['All right.']);
  expect(world.unfinished()).toEqual([]);
});

verifies(
  'turn:graph',
  'of one that goes on, a database that is away is told in plain words, and it goes on when it is back',
  async () => {
    const world = await startAfresh();
    const { clock, ports } = world;
    ports.model.next(asksFor(['book', { subject: 'Review' }]), { text: 'Here is what happened:' });
    await world.say('Book a review');

    await world.run([
      createLife(clock, { at: 1, call: 'bookings.create', how: 'before' }),
      createLife(clock, { at: 1, call: 'checkpointer.getTuple', how: 'refused', error: noDatabase }),
    ]);

    expect(world.shown()).toEqual([
      expect.stringContaining('I cannot reach my database at the moment.'),
      expect.stringContaining('✓ Booked: Review'),
    ]);
    expect(world.unfinished()).toEqual([]);
  },
);
