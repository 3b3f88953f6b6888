import { expect } from 'vitest';
import type { NewEvent } from '../../../shared/ports/calendar.ts';
import { emailOf } from '../../sandbox/msgraph/start.ts';
import { verifies } from '../../verifies.ts';
import { never, startGraph } from './start.ts';

const key = '0f8fad5b-d9cb-869f-a165-70867728950e';
const review: NewEvent = {
  subject: 'Review – Q4 “numbers”',
  start: '2027-01-12T15:00:00',
  end: '2027-01-12T15:30:00',
  timeZone: 'Europe/Lisbon',
  attendees: [emailOf('ben')],
};
const day = { start: '2027-01-12T00:00:00Z', end: '2027-01-13T00:00:00Z', timeZone: 'Europe/London', limit: 50 };

verifies('adapters:calendar', 'a booking is in the calendars of both, at its own hour', async () => {
  const { calendar } = await startGraph();

  const created = await calendar.createEvent('ana', review).perform(key, never);

  expect(created).toMatchObject({
    subject: review.subject,
    start: '2027-01-12T15:00:00+00:00',
    end: '2027-01-12T15:30:00+00:00',
  });
  expect((await calendar.listEvents('ana', day)).events).toMatchObject([{ id: created.id }]);
  expect((await calendar.listEvents('ben', day)).events).toMatchObject([{ subject: review.subject, organizer: emailOf('ana') }]);
});

verifies('adapters:calendar', 'the same key again answers the same event, however Graph refuses the repeat', async () => {
  for (const duplicateTransaction of [
    { status: 400, tellsExistingEvent: true },
    { status: 409, tellsExistingEvent: false },
  ] as const) {
    const { calendar } = await startGraph({ duplicateTransaction });
    const write = calendar.createEvent('ana', review);

    const [first, second] = [await write.perform(key, never), await write.perform(key, never)];

    expect(second).toEqual(first);
    expect((await calendar.listEvents('ana', day)).events).toHaveLength(1);
  }
});

verifies('adapters:calendar', 'what an unknown outcome left is found by its key, and only by it', async () => {
  const { calendar, context } = await startGraph();
  const write = calendar.createEvent('ana', review);
  if (typeof write.settle !== 'function') throw new Error('an event settles by looking');
  context.faults.add({ vendor: 'msgraph', match: { method: 'POST' }, effect: 'answer-after-doing', status: 504 });

  const before = await write.settle(key, never);
  await expect(write.perform(key, never)).rejects.toMatchObject({ code: 'timeout', maybeDone: true });
  const found = await write.settle(key, never);

  expect(before).toBeUndefined();
  expect(found).toMatchObject({ subject: review.subject });
  expect(await write.settle('another-key', never)).toBeUndefined();
});

verifies('adapters:calendar', 'it is found among many at the same hour', async () => {
  const { calendar } = await startGraph();
  for (let index = 0; index < 60; index += 1)
    await calendar.createEvent('ana', { ...review, attendees: [] }).perform(`key-${index}`, never);
  const write = calendar.createEvent('ana', review);
  const created = await write.perform(key, never);

  expect(typeof write.settle === 'function' && (await write.settle(key, never))).toMatchObject({ id: created.id });
});

verifies('adapters:calendar', 'an event that Graph refuses is refused for good', async () => {
  const { calendar } = await startGraph();

  const write = calendar.createEvent('ana', { ...review, end: '2027-01-12T14:00:00' });

  await expect(write.perform(key, never)).rejects.toMatchObject({ code: 'invalid-input', maybeDone: false });
});
