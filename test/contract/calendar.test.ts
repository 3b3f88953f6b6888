import { expect } from 'vitest';
import type { Calendar } from '../../shared/ports/calendar.ts';
import { startGraph } from '../adapters/msgraph/start.ts';
import { emailOf, seedOf } from '../sandbox/msgraph/start.ts';
import { createFakeCalendar, eventOf } from '../support/fakes/fake-calendar.ts';
import { verifies } from '../verifies.ts';

/** An event of Ana's, its times in UTC without offset. */
interface Given {
  readonly subject: string;
  readonly start: string;
  readonly end: string;
}

const implementations: Readonly<Record<string, (given: readonly Given[]) => Promise<Calendar>>> = {
  memory: (given) => {
    const calendar = createFakeCalendar();
    for (const { subject, start, end } of given) calendar.events.push(eventOf(subject, { start: `${start}Z`, end: `${end}Z` }));
    return Promise.resolve(calendar);
  },
  msgraph: async (given) => {
    const events = given.map((event) => ({ ...event, organizer: emailOf('ana'), attendees: [] }));
    return (await startGraph({ seed: seedOf(...events) })).calendar;
  },
};

const day = { start: '2026-12-01T00:00:00Z', end: '2026-12-02T00:00:00Z', timeZone: 'Europe/Berlin', limit: 50 };
const hour = (subject: string, date: string, from: number): Given => ({
  subject,
  start: `${date}T${String(from).padStart(2, '0')}:00:00`,
  end: `${date}T${String(from + 1).padStart(2, '0')}:00:00`,
});
const wanted = {
  ...{ subject: 'Sync', start: '2026-12-01T15:00:00', end: '2026-12-01T15:30:00', timeZone: 'America/New_York' },
  attendees: [emailOf('ben')],
};
const never = new AbortController().signal;

for (const [name, start] of Object.entries(implementations)) {
  verifies('adapters:calendar', `${name}: what touches the range comes by start, in the zone asked for`, async () => {
    const calendar = await start([
      hour('Late', '2026-12-01', 15),
      hour('Early', '2026-12-01', 9),
      hour('The day before', '2026-11-30', 15),
      { subject: 'Over midnight', start: '2026-11-30T23:30:00', end: '2026-12-01T00:30:00' },
      hour('The day after', '2026-12-02', 0),
    ]);

    const { events, more } = await calendar.listEvents('ana', day);

    expect(more).toBe(false);
    expect(events.map(({ subject, start: from }) => [subject, from])).toEqual([
      ['Over midnight', '2026-12-01T00:30:00+01:00'],
      ['Early', '2026-12-01T10:00:00+01:00'],
      ['Late', '2026-12-01T16:00:00+01:00'],
    ]);
    expect(new Set(events.map(({ id }) => id)).size).toBe(3);
  });

  verifies('adapters:calendar', `${name}: no more than asked for, and whether there is more`, async () => {
    const calendar = await start([9, 11, 13].map((from) => hour(`At ${from}`, '2026-12-01', from)));

    const two = await calendar.listEvents('ana', { ...day, limit: 2 });
    const three = await calendar.listEvents('ana', { ...day, limit: 3 });

    expect([two.events.length, two.more, three.events.length, three.more]).toEqual([2, true, 3, false]);
  });

  verifies('adapters:calendar', `${name}: one key books one event, which stands in the calendar`, async () => {
    const calendar = await start([]);
    const write = calendar.createEvent('ana', wanted);

    const booked = await write.perform('key', never);
    const again = await write.perform('key', never);
    const { events } = await calendar.listEvents('ana', day);

    expect(booked).toMatchObject({ subject: 'Sync', start: '2026-12-01T15:00:00-05:00', end: '2026-12-01T15:30:00-05:00' });
    expect(booked.attendees.map(({ email }) => email)).toEqual([emailOf('ben')]);
    expect(again).toEqual(booked);
    expect(events.map(({ id, start: from }) => [id, from])).toEqual([[booked.id, '2026-12-01T21:00:00+01:00']]);
  });

  verifies('adapters:calendar', `${name}: two keys book two, and each is found by its own`, async () => {
    const calendar = await start([]);
    const { perform, settle } = calendar.createEvent('ana', wanted);
    const find = (key: string) => (typeof settle === 'function' ? settle(key, never) : expect.unreachable());

    const first = await perform('first', never);
    const second = await perform('second', never);

    expect(first.id).not.toBe(second.id);
    expect([await find('first'), await find('second'), await find('third')]).toEqual([first, second, undefined]);
  });
}
