import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DateTime } from 'luxon';
import { expect, onTestFinished } from 'vitest';
import { createSandboxContext } from '../../../sandbox/kit/context.ts';
import { people } from '../../../sandbox/seed/people.ts';
import { seedCalendars } from '../../../sandbox/seed/calendars.ts';
import { verifies } from '../../verifies.ts';
import { emailOf, listOf, meeting, startMsgraph, type Given } from './start.ts';

const dayMs = 86_400_000;
// Each weekday once, among them the nights in which a clock is changed.
const starts = ['2027-03-27T22:00:00Z', ...Array.from({ length: 7 }, (_, day) => `2026-11-${15 + day}T09:00:00Z`)];

async function startAt(start: string) {
  const context = createSandboxContext({ clockOffsetMs: Date.parse(start) - Date.now() });
  const started = await startMsgraph({ context, seed: seedCalendars });
  const viewOf = async (given: Given, offset: number) => {
    const zone = people.find(({ email }) => email === emailOf(given))?.timeZone;
    const day = DateTime.fromISO(start, { zone }).startOf('day').plus({ days: offset });
    const window = `startDateTime=${day.toUTC().toISO() ?? ''}&endDateTime=${day.plus({ days: 1 }).toUTC().toISO() ?? ''}`;
    return { weekend: day.weekday > 5, events: listOf(await started.call(given, `GET /me/calendarView?${window}&$top=50`)) };
  };
  return { ...started, viewOf };
}

verifies('msgraph:seed', 'whatever day one starts on, Ana has something tomorrow, and at least 3 on a working day', async () => {
  const views = await Promise.all(starts.map(async (start) => (await startAt(start)).viewOf('ana', 1)));

  const tooFew = views.filter(({ weekend, events }) => events.length < (weekend ? 2 : 3));

  expect(tooFew).toEqual([]);
});

verifies('msgraph:seed', 'everybody has 0 to 4 meetings a working day, from yesterday to four weeks ahead', async () => {
  const { viewOf } = await startAt('2026-11-18T09:00:00Z');
  const counts = await Promise.all(
    people.map(async ({ email }) => {
      const given = email.split('@')[0] as Given;
      const days = await Promise.all(Array.from({ length: 30 }, (_, index) => viewOf(given, index - 1)));
      return { given, days: days.filter(({ weekend }) => !weekend).map(({ events }) => events.length) };
    }),
  );

  expect(counts.filter(({ days }) => Math.max(...days) > 4)).toEqual([]);
  expect(counts.filter(({ days }) => Math.max(...days) < 2)).toEqual([]);
  expect(counts.find(({ given }) => given === 'ana')?.days.filter((count) => count < 3)).toEqual([]);
  expect((await viewOf('ana', 40)).events).toEqual([]);
});

verifies('msgraph:seed', 'there are several zones, a series, meetings with the others, private and all-day events', () => {
  const { events, sharing } = seedCalendars({ people, now: Date.parse('2026-11-18T09:00:00Z') });
  const organizers = new Set(events.map(({ organizer }) => organizer));
  const zones = new Set(people.filter(({ email }) => organizers.has(email)).map(({ timeZone }) => timeZone));

  expect(zones.size).toBe(5);
  expect(events.filter(({ weeklyUntil }) => weeklyUntil !== undefined)).toHaveLength(2);
  expect(events.filter(({ isAllDay }) => isAllDay)).toHaveLength(2);
  expect(events.filter(({ sensitivity }) => sensitivity === 'private').map(({ organizer }) => organizer)).toEqual([
    emailOf('ana'),
    emailOf('ben'),
  ]);
  expect(events.filter(({ attendees }) => attendees.length > 0).length).toBeGreaterThan(30);
  expect(sharing).toContainEqual({ owner: emailOf('ben'), reader: emailOf('ana'), role: 'read' });
  expect(seedCalendars({ people, now: Date.parse('2026-11-18T11:00:00Z') }).events).toEqual(events);
});

verifies('msgraph:durable', 'a restart keeps what was written and seeds nothing anew', async () => {
  const directory = mkdtempSync(join(tmpdir(), 'msgraph-'));
  onTestFinished(() => rmSync(directory, { recursive: true, force: true }));
  const first = await startMsgraph({ context: createSandboxContext({ directory }), seed: seedCalendars });
  await first.call('ana', 'POST /me/events', { body: meeting({ transactionId: 't-1' }) });
  await first.call('ana', 'POST /me/sendMail', {
    body: { message: { subject: 'kept', toRecipients: [{ emailAddress: { address: emailOf('ben') } }] } },
  });

  const context = createSandboxContext({ directory, clockOffsetMs: 7 * dayMs });
  const second = await startMsgraph({ context, seed: seedCalendars });
  const repeat = await second.call('ana', 'POST /me/events', { body: meeting({ transactionId: 't-1' }) });

  expect(second.msgraph.events(emailOf('ana'))).toEqual(first.msgraph.events(emailOf('ana')));
  expect(second.msgraph.mailbox(emailOf('ben'))).toMatchObject([{ subject: 'kept' }]);
  expect(repeat.status).toBe(400);
});
