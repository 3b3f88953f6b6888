import { expect } from 'vitest';
import { readCommand } from '../../../shared/conversation/commands.ts';
import { AppError } from '../../../shared/core/errors.ts';
import { asksFor } from '../../support/fakes/fake-model.ts';
import { busySince } from '../../support/busy-since.ts';
import { verifies } from '../../verifies.ts';
import { createLife } from './life.ts';
import { startWorld, type World } from './world.ts';

const away = new AppError('upstream', 'The model is away', { vendor: 'openai' });
const graphAway = { fails: new AppError('upstream', 'Graph is away', { vendor: 'msgraph' }), done: false };
const told =
  'I cannot reach my language model at the moment. Your message is safe: I keep trying and answer as soon as it works.';

/** A turn that waits for a model that is away. */
async function startParked(text = 'Book a review'): Promise<World> {
  const world = await startWorld();
  world.ports.model.always(away);
  await world.say(text);
  await world.run([], { until: world.clock.now() });
  return world;
}

verifies('conversation:passes-parked', 'a command is a whole message and nothing else', () => {
  const commands = [
    'STOP',
    'stop.',
    ' Unsubscribe ',
    'Start',
    'cancel that',
    'Never mind!',
    '123 456',
    '123456',
    'Erase my data',
  ];
  const loud = [`STOP${'!'.repeat(500)}`, 'stop . . .', `Cancel that${' .'.repeat(500)}`];
  const others = ['stop the 3pm meeting', 'cancel my review with Ben', 'start at nine', '1234567', 'my code is 123456', ''];

  expect(commands.map(readCommand)).toEqual(['stop', 'stop', 'stop', 'start', 'cancel', 'cancel', 'code', 'code', 'erase']);
  expect(loud.map(readCommand)).toEqual(['stop', 'stop', 'cancel']);
  expect(others.map(readCommand)).toEqual(others.map(() => undefined));
});

verifies('limits:long-texts', 'long and odd texts are no command, and that is seen in no time', () => {
  const texts = ['!', '.', ' !', '. ', '\n', 'stop ', 'do '].map((part) => `${part.repeat(16_000).slice(0, 15_999)}x`);
  const busy = busySince();

  const commands = texts.flatMap((text) => Array.from({ length: 10 }, () => readCommand(text)));

  expect(new Set(commands)).toEqual(new Set([undefined]));
  expect(busy()).toBeLessThan(1_500);
});

verifies('conversation:passes-parked', '"cancel that" ends the parked turn undone, and what waits behind it', async () => {
  const world = await startParked();
  await world.say('And list my bookings');
  await world.say('Cancel that');

  await world.run([], { until: world.clock.now() });
  world.ports.model.always({ text: 'All right.' });
  await world.run();

  expect(world.shown()).toEqual([told, 'Cancelled: I have done nothing of it.']);
  expect(world.bookings.booked).toEqual([]);
  expect(world.unfinished()).toEqual([]);
  expect(world.lease()).toMatchObject({ owner: null, waiting: 0 });
});

verifies('conversation:passes-parked', '"cancel that" tells what was done before, and takes none of it back', async () => {
  const world = await startWorld();
  world.ports.model.next(asksFor(['book', { subject: 'One' }], ['book', { subject: 'Two' }]));
  world.bookings.nextCreates(undefined, graphAway, graphAway, graphAway);
  await world.say('Book two things');
  await world.run([], { until: world.clock.now() });
  await world.say('Never mind');

  await world.run([], { until: world.clock.now() });

  expect(world.bookings.booked.map(({ subject }) => subject)).toEqual(['One']);
  expect(world.shown().at(-1)).toBe(
    'Cancelled. What I had done before stays:\n✓ Booked: One\n? I cannot tell whether this was done (book): please check',
  );
  expect(world.unfinished()).toEqual([]);
});

verifies('conversation:passes-parked', 'with nothing to cancel "cancel that" is a message like any other', async () => {
  const world = await startWorld();
  await world.say('Cancel that');

  await world.run();

  expect(world.ports.model.requests).toHaveLength(1);
  expect(world.shown()).toEqual(['All right.']);
});

verifies('conversation:passes-parked', 'STOP passes a parked turn, which is answered all the same', async () => {
  const world = await startParked('Who am I?');
  await world.say('STOP');
  await world.run([], { until: world.clock.now() });
  const meanwhile = world.shown();
  world.ports.model.always({ text: 'You are Ana.' });

  await world.run();

  expect(meanwhile).toEqual([
    told,
    'I will not write to you unasked any more. I still answer when you write to me. START undoes this.',
  ]);
  expect(world.shown().slice(2)).toEqual(['You are Ana.']);
  expect(world.documents('preferences')).toMatchObject([{ stopped: true }]);
});

for (const how of ['before', 'after', 'late', 'lost'] as const) {
  verifies(
    'conversation:passes-parked',
    `a worker lost at any call of a cancellation (${how}): told once, done nothing`,
    async () => {
      for (let at = 1; ; at += 1) {
        const world = await startParked();
        await world.say('Cancel that');
        world.ports.model.always({ text: 'Here is what happened:' });
        const life = createLife(world.clock, { at, how, error: new AppError('upstream', 'It is away', { maybeDone: true }) });

        await world.run([life], { until: world.clock.now() + 120_000 });
        await world.run();

        if (life.struck() === undefined) {
          expect(at).toBeGreaterThan(5);
          return;
        }
        expect(world.shown(), life.struck()).toEqual([told, 'Cancelled: I have done nothing of it.']);
        expect(world.unfinished(), life.struck()).toEqual([]);
      }
    },
  );
}
