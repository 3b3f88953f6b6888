import { DateTime } from 'luxon';
import type { Calendar, CalendarEvent, NewEvent } from '../../../shared/ports/calendar.ts';

export interface FakeCalendar extends Calendar {
  /** What is in everybody's calendar, beside what was booked. */
  readonly events: CalendarEvent[];
  /** What was asked for, oldest first. */
  readonly queries: { personId: string; start: string; end: string; timeZone: string; limit: number }[];
  /** What was booked, by key; the vendor folds by it. */
  readonly booked: Map<string, NewEvent>;
  failWith(error: Error | undefined): void;
}

export function eventOf(subject: string, more: Partial<CalendarEvent> = {}): CalendarEvent {
  return {
    id: `id-${subject}`,
    subject,
    start: '2026-11-22T15:00:00+00:00',
    end: '2026-11-22T15:30:00+00:00',
    isAllDay: false,
    isCancelled: false,
    isPrivate: false,
    location: undefined,
    organizer: undefined,
    attendees: [],
    joinUrl: undefined,
    ...more,
  };
}

export function createFakeCalendar(): FakeCalendar {
  const [events, queries]: [CalendarEvent[], FakeCalendar['queries']] = [[], []];
  const booked = new Map<string, NewEvent>();
  let failure: Error | undefined;
  const toEvent = ({ subject, start, end, timeZone, attendees }: NewEvent, key: string): CalendarEvent => {
    const iso = (local: string) => DateTime.fromISO(local, { zone: timeZone }).toISO({ suppressMilliseconds: true }) ?? local;
    const invited = attendees.map((email) => ({ name: '', email }));
    return eventOf(subject, { id: `id-${key}`, start: iso(start), end: iso(end), attendees: invited });
  };
  return {
    events,
    queries,
    booked,
    failWith(error) {
      failure = error;
    },
    listEvents(personId, query) {
      queries.push({ personId, ...query });
      if (failure) return Promise.reject(failure);
      const found = [...events, ...[...booked].map(([key, event]) => toEvent(event, key))]
        .filter(({ start, end }) => instant(start) < instant(query.end) && instant(end) > instant(query.start))
        .sort((a, b) => instant(a.start) - instant(b.start))
        .map((event) => inZone(event, query.timeZone));
      return Promise.resolve({ events: found.slice(0, query.limit), more: found.length > query.limit });
    },
    createEvent: (_personId, event) => ({
      perform(key) {
        if (failure) return Promise.reject(failure);
        booked.set(key, booked.get(key) ?? event);
        return Promise.resolve(toEvent(booked.get(key) ?? event, key));
      },
      settle: (key) => {
        const found = booked.get(key);
        return Promise.resolve(found && toEvent(found, key));
      },
    }),
  };
}

const instant = (time: string): number => Date.parse(time);

/** The same moments, as the clocks of that zone show them. */
function inZone(event: CalendarEvent, timeZone: string): CalendarEvent {
  const iso = (time: string) => DateTime.fromISO(time, { zone: timeZone }).toISO({ suppressMilliseconds: true }) ?? time;
  return { ...event, start: iso(event.start), end: iso(event.end) };
}
