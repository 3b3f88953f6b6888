import { DateTime } from 'luxon';
import { expect } from 'vitest';
import { verifies } from '../verifies.ts';
import { ana, ben, useJourney } from './journey.ts';

const journey = useJourney();

interface GraphEvent {
  readonly subject: string;
  readonly start: { readonly dateTime: string };
  readonly sensitivity: string;
  readonly isCancelled: boolean;
}

/** Tomorrow's events as Microsoft Graph itself tells them to that person. */
async function eventsTomorrow(phone: string, timeZone: string): Promise<GraphEvent[]> {
  const { accessToken } = (await journey.post('/sandbox/token', { person: phone, audience: 'msgraph' })) as {
    accessToken: string;
  };
  const tomorrow = DateTime.now().setZone(timeZone).plus({ days: 1 }).startOf('day');
  const query = new URLSearchParams({
    startDateTime: tomorrow.toISO() ?? '',
    endDateTime: tomorrow.plus({ days: 1 }).toISO() ?? '',
    $top: '50',
    $orderby: 'start/dateTime',
  });
  const response = await fetch(`${journey.sandbox().url}/msgraph/v1.0/me/calendarView?${query.toString()}`, {
    headers: { authorization: `Bearer ${accessToken}`, prefer: `outlook.timezone="${timeZone}"` },
  });
  return ((await response.json()) as { value: GraphEvent[] }).value;
}

verifies('journey:first-answer', async () => {
  const answers = (await journey.ask(ana, 'What is on my calendar tomorrow?')).join('\n');

  const expected = (await eventsTomorrow(ana, 'Europe/Lisbon')).filter(({ isCancelled }) => !isCancelled);
  expect(expected.length).toBeGreaterThanOrEqual(2);
  for (const { subject, start, sensitivity } of expected) {
    expect(answers).toContain(sensitivity === 'private' ? 'Private event' : subject);
    expect(answers).toContain(start.dateTime.slice(11, 16));
  }
});

verifies('journey:book-review', async () => {
  const answers = (await journey.ask(ana, 'Book a review with ben@alderfinch.example tomorrow at 3pm')).join('\n');

  expect(answers).toMatch(/✓ Booked: .*15:00–15:30 \(Europe\/Lisbon\).*ben@alderfinch\.example.*: “.*review.*”/i);
  const [own, invited] = [await eventsTomorrow(ana, 'Europe/Lisbon'), await eventsTomorrow(ben, 'Europe/Lisbon')];
  const isReview = ({ subject, start }: GraphEvent) => /review/i.test(subject) && start.dateTime.includes('T15:00');
  expect([own.filter(isReview).length, invited.filter(isReview).length]).toEqual([1, 1]);
});
