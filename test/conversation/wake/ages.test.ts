import { expect } from 'vitest';
import { tellInstant } from '../../../shared/core/time.ts';
import { asksFor } from '../../support/fakes/fake-model.ts';
import { verifies } from '../../verifies.ts';
import { sorry } from './sorry.ts';
import { startWorld, type World } from './world.ts';

const hour = 3_600_000;
const apology = sorry('It reached me too late to act on it: please send it again if you still want it.');

/** A world that nobody works on for a while; what is asked to be booked is asked of the tool, and nothing else is. */
async function startResting(): Promise<World> {
  const world = await startWorld();
  world.ports.model.always(({ items }) => {
    const last = items.at(-1);
    const [, subject] = last?.kind === 'user' ? (/^Book (.+)$/.exec(last.text) ?? []) : [];
    return subject === undefined ? { text: 'All right.' } : asksFor(['book', { subject }]);
  });
  return world;
}

verifies(
  ['limits:own-time', 'limits:waited'],
  'a message of hours ago is judged by its own time, and one of now by now, though both waited for the same bell',
  async () => {
    const world = await startResting();
    const wroteAt = world.clock.now();
    await world.say('Book a call with Ben in two hours');
    world.clock.advance(5 * hour);
    await world.say('Book lunch');

    await world.run();

    const { requests } = world.ports.model;
    const nows = requests.map(({ instructions }) => /^Now: (\S+)/m.exec(instructions)?.[1]);
    const [then, now] = [wroteAt, wroteAt + 5 * hour].map((at) => tellInstant(at, 'Europe/Lisbon').iso);
    expect(nows).toEqual([then, then, now, now]);
    expect(world.shown()).toEqual([
      expect.stringContaining('Shall I?\n• Book: a call with Ben in two hours'),
      'All right.\n\n✓ Booked: lunch',
    ]);
    expect(world.bookings.booked.map(({ subject }) => subject)).toEqual(['lunch']);
    expect(world.unfinished()).toEqual([]);
  },
);

verifies('limits:too-late', 'what came too late is apologised for once, and what came after it is answered', async () => {
  const world = await startResting();
  await world.say('Book a call');
  world.clock.advance(hour / 2);
  await world.say('Are you there?');
  world.clock.advance(7 * hour);
  await world.say('hello?');

  await world.run();

  expect(world.shown()).toEqual([apology, 'All right.']);
  expect(world.documents('failure')).toMatchObject([{ reason: 'too-late', messageIds: ['message-1', 'message-2'] }]);
  expect(world.unfinished()).toEqual([]);
});

verifies('conversation:burst', 'STOP passes what was written hours before it, and a yes is a turn of its own', async () => {
  const world = await startResting();
  await world.say('Book a review');
  world.clock.advance(hour);
  await world.run();
  await world.say('Are you there?');
  world.clock.advance(hour / 2);
  await world.say('yes');
  world.clock.advance(1_000);
  await world.say('STOP');

  await world.run();

  expect(world.shown().slice(1)).toEqual([
    expect.stringMatching(/^I will not write to you unasked/),
    'All right.',
    'All right.\n\n✓ Booked: a review',
  ]);
  expect(world.unfinished()).toEqual([]);
});
