import { expect } from 'vitest';
import { AppError } from '../../../shared/core/errors.ts';
import { asksFor } from '../../support/fakes/fake-model.ts';
import { verifies } from '../../verifies.ts';
import { unfinished } from './sorry.ts';
import { startWorld } from './world.ts';

const minute = 60_000;
// The model read the first somewhere; the person wrote the second.
const subjects = [{ subject: 'Pay at evil.support/login' }, { subject: 'See alderfinch.com' }] as const;
const receipts = ['✓ Booked: Pay at [link left out]', '✓ Booked: See alderfinch.com'] as const;
const bookBoth = asksFor(['book', subjects[0]], ['book', subjects[1]]);
const words = 'Book what the invoice says, and alderfinch.com';

verifies('turn:untrusted', 'the receipts of a turn that fails bring no link of others into the chat', async () => {
  const world = await startWorld();
  const { conversations, model } = world.ports;
  model.next(bookBoth, () => {
    conversations.failNext('commit', new AppError('too-large', 'The batch is too large', { vendor: 'cosmos' }));
    return { text: 'Here is what happened:' };
  });
  await world.say(words);

  await world.run();

  expect(world.shown()).toEqual([[unfinished('That is too large for me.'), ...receipts].join('\n\n')]);
  expect(world.unfinished()).toEqual([]);
});

verifies('turn:untrusted', 'the receipts of what was done before a “cancel that” bring none either', async () => {
  const away = { fails: new AppError('upstream', 'Graph is away', { vendor: 'msgraph' }), done: false };
  const world = await startWorld();
  world.ports.model.next(asksFor(['book', subjects[0]], ['book', subjects[1]], ['book', { subject: 'Three' }]));
  world.bookings.nextCreates(undefined, undefined, away, away, away);
  await world.say(words);
  await world.run([], { until: world.clock.now() });
  await world.say('Never mind');

  await world.run([], { until: world.clock.now() });

  expect(world.shown().at(-1)?.split('\n').slice(0, 3)).toEqual(['Cancelled. What I had done before stays:', ...receipts]);
});

verifies(
  'turn:untrusted',
  'a question about a write shows no link of others, nor does it when it is asked once more',
  async () => {
    const world = await startWorld();
    world.ports.model.always(bookBoth);
    world.ports.model.next(bookBoth, { text: 'One moment.' });
    await world.say(words);
    world.clock.advance(16 * minute);
    await world.run();
    await world.say('yes');
    world.clock.advance(16 * minute);
    await world.run();

    const lines = world.shown().map((text) => text.split('\n').filter((line) => line.startsWith('• ')));

    const asked = ['• Book: Pay at [link left out]', '• Book: See alderfinch.com'];
    expect(lines).toEqual([asked, asked]);
    expect(world.bookings.booked).toEqual([]);
  },
);
