import { expect } from 'vitest';
import { AppError } from '../../../shared/core/errors.ts';
import { asksFor } from '../../support/fakes/fake-model.ts';
import { verifies } from '../../verifies.ts';
import { createLife } from './life.ts';
import { ref, startWorld } from './world.ts';

const minute = 60_000;
const away = new AppError('upstream', 'It is away', { vendor: 'openai' });

verifies('limits:waited', 'a yes that was said before the question approves nothing', async () => {
  const world = await startWorld();
  world.ports.model.always(away);
  await world.say('Book a review');
  await world.run([], { until: world.clock.now() });
  world.clock.advance(10 * minute);
  await world.say('ok'); // to the notice that it waits
  world.ports.model.always(({ items }) => {
    const last = items.at(-1);
    return last?.kind === 'user' && last.text === 'Book a review'
      ? asksFor(['book', { subject: 'Review' }])
      : { text: 'All right.' };
  });
  world.clock.advance(6 * minute);

  await world.run();

  expect(world.documents('approval')).toMatchObject([{ open: true }]);
  expect(world.bookings.booked).toEqual([]);
  expect(world.shown().at(-1)).toBe('All right.');
});

verifies('limits:waited', 'a bare yes that was said before the question stood on the phone is asked what it means', async () => {
  const world = await startWorld();
  world.ports.model.next(asksFor(['book', { subject: 'Review' }]), { text: 'One thing:' });
  await world.say('Book a review');
  world.clock.advance(20 * minute);
  const unreachable = new AppError('upstream', 'It is away', { vendor: 'waha' });
  world.ports.messenger.nextSends({ fails: unreachable, done: false }, { fails: unreachable, done: false });
  await world.run([], { until: world.clock.now() });
  world.clock.advance(10_000);
  await world.say('ok'); // to something else: nothing was shown yet
  const before = world.shown();
  await world.run();
  const [question = '', which = ''] = world.shown();
  const [, number = ''] = /“yes (\d{3})”/.exec(which) ?? [];
  const booked = [...world.bookings.booked];
  await world.say(`yes ${number}`);
  await world.run();

  expect([before, booked]).toEqual([[], []]);
  expect(question).toContain('• Book: Review\nAnswer “yes”');
  expect(which).toMatch(/^Say it with its number, so that I do the one you mean:\n\n• Book: Review\nAnswer “yes \d{3}”/);
  expect(world.bookings.booked.map(({ subject }) => subject)).toEqual(['Review']);
});

verifies('limits:waited', 'what nobody answered in its hour is not what "cancel that" is about', async () => {
  const world = await startWorld();
  world.ports.model.next(asksFor(['book', { subject: 'Review' }]), { text: 'One thing:' });
  await world.say('Book a review');
  world.clock.advance(20 * minute);
  await world.run();
  world.clock.advance(61 * minute);
  await world.say('Cancel that');

  await world.run();

  expect(world.ports.model.requests).toHaveLength(3);
  expect(world.shown().at(-1)).toBe('All right.');
});

verifies(
  'conversation:failure',
  'a store that fails to be read again and again has killed no worker: the turn is tried all the same',
  async () => {
    const world = await startWorld();
    world.ports.conversations.failNext('load', new AppError('rate-limited', 'Slow down', { vendor: 'cosmos' }), { times: 8 });
    await world.say('Hello');

    await world.run();

    expect(world.shown()).toEqual(['All right.']);
    expect(world.documents('failure')).toEqual([]);
  },
);

verifies('conversation:parked', 'a turn that waits for this and for that is told so once', async () => {
  const busy = new AppError('busy', 'openai has no slot free', { vendor: 'openai' });
  const world = await startWorld();
  world.ports.model.next(away, busy, away, busy, busy, away);
  await world.say('Hello');

  await world.run();

  expect(world.shown()).toHaveLength(2);
  expect(world.shown()[1]).toBe('All right.');
});

verifies('conversation:calls-recorded', 'calls recorded for one person are not finished as another', async () => {
  const world = await startWorld();
  world.ports.model.next(asksFor(['book', { subject: 'Review' }]), { text: 'Done:' });
  await world.say('Book a review');
  await world.run([createLife(world.clock, { at: 1, call: 'bookings.create', how: 'before' })], { until: world.clock.now() });
  const [person] = [...world.ports.people.people.values()];
  const [identity] = [...world.ports.identities.documents.values()].filter(({ kind }) => kind === 'lid');
  if (!person || !identity) throw new Error('nobody is linked');
  const key = await world.ports.dataKeys.keyFor('acme:person-ben');
  const sealed = key.seal({ name: 'Ben', email: 'ben@alderfinch.example', timeZone: 'UTC' }, 'person');
  await world.ports.people.save({ ...person, id: 'acme:person-ben', sealed });
  await world.ports.identities.update(identity.id, { personId: 'acme:person-ben' });

  await world.run();

  expect(world.bookings.booked).toEqual([]);
  expect(world.shown()).toEqual([
    'Sorry, I could not finish that. You do not have the right to do that. It is noted, and somebody can look into it.\n\n? I cannot tell whether this was done (book): please check',
  ]);
  expect(world.documents('failure')).toMatchObject([{ reason: 'forbidden', conversationId: ref.conversationId }]);
});
