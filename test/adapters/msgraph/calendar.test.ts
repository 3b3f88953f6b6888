import { expect } from 'vitest';
import type { SeedEvent } from '../../../sandbox/seed/calendars.ts';
import { emailOf, seedOf } from '../../sandbox/msgraph/start.ts';
import { verifies } from '../../verifies.ts';
import { startGraph } from './start.ts';

const event = (subject: string, start: string, rest: Partial<SeedEvent> = {}): SeedEvent => ({
  organizer: emailOf('ana'),
  subject,
  start: `2026-12-${start}:00`,
  end: `2026-12-${start.slice(0, 3)}23:00:00`,
  attendees: [],
  ...rest,
});
const lisbonDay = { start: '2026-12-01T00:00:00+00:00', end: '2026-12-02T00:00:00+00:00', timeZone: 'Europe/Lisbon', limit: 50 };

verifies('adapters:calendar', 'events come by start, with the offset of the zone asked for', async () => {
  const { calendar } = await startGraph({
    seed: seedOf(event('Late', '01T15:00'), event('Early', '01T09:00', { location: 'Atrium' })),
  });

  const inLisbon = await calendar.listEvents('ana', lisbonDay);
  const inNewYork = await calendar.listEvents('ana', { ...lisbonDay, timeZone: 'America/New_York' });

  expect(inLisbon.more).toBe(false);
  expect(inLisbon.events.map(({ subject, start, location }) => ({ subject, start, location }))).toEqual(
    [
      { subject: 'Early', start: '2026-12-01T09:00:00Z', location: 'Atrium' },
      { subject: 'Late', start: '2026-12-01T15:00:00Z', location: undefined },
    ].map((one) => ({ ...one, start: one.start.replace('Z', '+00:00') })),
  );
  expect(inNewYork.events.map(({ start }) => start)).toEqual(['2026-12-01T04:00:00-05:00', '2026-12-01T10:00:00-05:00']);
});

verifies('adapters:calendar', 'all pages are read, up to the limit, and whether there is more is told', async () => {
  const many = Array.from({ length: 120 }, (_, i) =>
    event(`E${i}`, `01T${String(Math.floor(i / 10)).padStart(2, '0')}:${String((i % 10) * 5).padStart(2, '0')}`),
  );
  const { calendar, requests } = await startGraph({ seed: seedOf(...many) });

  const all = await calendar.listEvents('ana', { ...lisbonDay, limit: 500 });
  const pages = requests().length;
  const some = await calendar.listEvents('ana', { ...lisbonDay, limit: 20 });
  const exactly = await calendar.listEvents('ana', { ...lisbonDay, limit: 120 });

  expect(all.events.map(({ subject }) => subject)).toEqual(many.map(({ subject }) => subject));
  expect([all.more, pages]).toEqual([false, 3]);
  expect([some.events.length, some.more]).toEqual([20, true]);
  expect([exactly.events.length, exactly.more]).toEqual([120, false]);
});

verifies('adapters:calendar', 'an all-day event keeps its own dates, west of Greenwich too', async () => {
  const allDay = event('Offsite', '01T00:00', { end: '2026-12-03T00:00:00', isAllDay: true });
  const { calendar } = await startGraph({ seed: seedOf(allDay) });

  const { events } = await calendar.listEvents('ana', {
    start: '2026-12-01T00:00:00-05:00',
    end: '2026-12-03T00:00:00-05:00',
    timeZone: 'America/New_York',
    limit: 50,
  });

  expect(events).toMatchObject([
    { subject: 'Offsite', isAllDay: true, start: '2026-12-01T00:00:00-05:00', end: '2026-12-03T00:00:00-05:00' },
  ]);
});

verifies('adapters:calendar', 'private, cancelled, attendees and organiser are told', async () => {
  const shared = event('Review', '01T10:00', {
    organizer: emailOf('ben'),
    attendees: [{ email: emailOf('ana'), response: 'accepted' }],
  });
  const { calendar } = await startGraph({ seed: seedOf(event('Doctor', '01T09:00', { sensitivity: 'private' }), shared) });

  const { events } = await calendar.listEvents('ana', lisbonDay);

  expect(events).toMatchObject([
    { subject: 'Doctor', isPrivate: true, isCancelled: false, organizer: emailOf('ana') },
    {
      subject: 'Review',
      isPrivate: false,
      organizer: emailOf('ben'),
      attendees: [{ name: 'Ana Ribeiro', email: emailOf('ana') }],
    },
  ]);
});

verifies('adapters:calendar', 'a summer event is told with the offset of its own day', async () => {
  const { calendar } = await startGraph({
    seed: seedOf(event('Summer', '01T09:00', { start: '2026-07-01T09:00:00', end: '2026-07-01T10:00:00' })),
  });

  const { events } = await calendar.listEvents('ana', {
    ...lisbonDay,
    start: '2026-07-01T00:00:00+01:00',
    end: '2026-07-02T00:00:00+01:00',
  });

  expect(events).toMatchObject([{ start: '2026-07-01T09:00:00+01:00' }]);
});

verifies('adapters:calendar', 'each person sees their own calendar', async () => {
  const { calendar } = await startGraph({ seed: seedOf(event('Hers', '01T09:00')) });

  expect((await calendar.listEvents('ben', lisbonDay)).events).toEqual([]);
});

verifies('adapters:calendar', 'a next page elsewhere is not followed: the token would go with it', async () => {
  const { calendar, adapter } = await startGraph({ publicOrigin: 'https://graph.microsoft.com.evil.example', seed: seedOf() });
  const page = { value: [], '@odata.nextLink': 'https://graph.microsoft.com.evil.example/v1.0/me/calendarView?$skip=1' };
  const asked: string[] = [];
  const stub: typeof fetch = (url) => {
    asked.push(String(url instanceof Request ? url.url : url));
    return Promise.resolve(Response.json(page));
  };
  const { createMsgraphCalendar } = await import('../../../shared/adapters/msgraph/calendar.ts');

  await expect(createMsgraphCalendar({ ...adapter, fetch: stub }).listEvents('ana', lisbonDay)).rejects.toMatchObject({
    code: 'upstream',
  });
  expect(asked).toHaveLength(1);
  expect((await calendar.listEvents('ana', lisbonDay)).events).toEqual([]);
});
