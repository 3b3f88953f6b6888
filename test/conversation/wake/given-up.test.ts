import { expect } from 'vitest';
import { asksFor } from '../../support/fakes/fake-model.ts';
import { verifies } from '../../verifies.ts';
import { createLife } from './life.ts';
import { sorry, unfinished } from './sorry.ts';
import { startWorld } from './world.ts';

verifies(
  'conversation:failure',
  'a turn that kills its workers is given up at the fifth: told once, and the next goes well',
  async () => {
    const world = await startWorld();
    const lives = Array.from({ length: 4 }, () => createLife(world.clock, { at: 1, call: 'model.answer', how: 'before' }));
    await world.say('Book a review');

    await world.run(lives);
    await world.say('Who am I?');
    await world.run();

    expect(lives.map((life) => life.isDead())).toEqual([true, true, true, true]);
    expect(world.shown()).toEqual([sorry('I cannot tell whether that was done.'), 'All right.']);
    expect(world.documents('failure')).toMatchObject([{ reason: 'unknown-outcome', messageIds: ['message-1'] }]);
    expect(world.unfinished()).toEqual([]);
    expect(world.lease()).toMatchObject({ owner: null, attempts: 0 });
  },
);

verifies('conversation:failure', 'given up with a write recorded: it is closed, made once, and nothing is claimed', async () => {
  const world = await startWorld();
  const { clock, ports, bookings } = world;
  ports.model.next(asksFor(['book', { subject: 'Review' }]));
  await world.say('Book a review');

  await world.run([
    createLife(clock, { at: 1, call: 'bookings.create', how: 'after' }),
    ...Array.from({ length: 3 }, () => createLife(clock, { at: 1, call: 'bookings.find', how: 'before' as const })),
  ]);

  expect(bookings.booked).toHaveLength(1);
  expect(world.shown()).toEqual([
    `${unfinished('I cannot tell whether that was done.')}\n\n? I cannot tell whether this was done (book): please check`,
  ]);
  expect(world.documents('calls')).toMatchObject([{ open: false, ttl: 3_600 }]);
  expect(world.unfinished()).toEqual([]);
});

verifies('conversation:failure', 'each takeover waits longer than the one before', async () => {
  const world = await startWorld();
  const { clock } = world;
  const asked: number[] = [];
  world.ports.model.always(() => {
    asked.push(clock.now());
    return { text: 'All right.' };
  });
  const lives = Array.from({ length: 4 }, () => createLife(clock, { at: 1, call: 'model.answer', how: 'after' }));
  await world.say('Hello');

  await world.run(lives);

  const gaps = asked.slice(1).map((at, index) => at - (asked[index] ?? 0));
  expect(gaps).toHaveLength(3);
  expect(gaps).toEqual([...gaps].sort((a, b) => a - b));
  expect(gaps[0]).toBeGreaterThan(20_000 + 15_000);
  expect((gaps[2] ?? 0) - (gaps[1] ?? 0)).toBeGreaterThan((gaps[1] ?? 0) - (gaps[0] ?? 0));
});
