import { DateTime } from 'luxon';
import type { Calendar, CalendarEvent, NewEvent } from '../../../shared/ports/calendar.ts';

export interface FakeCalendar extends Calendar {
  /** What is in everybody's calendar. */
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
  const toEvent = ({ subject, start, end, timeZone, attendees }: NewEvent): CalendarEvent => {
    const iso = (local: string) => DateTime.fromISO(local, { zone: timeZone }).toISO({ suppressMilliseconds: true }) ?? local;
    const invited = attendees.map((email) => ({ name: '', email }));
    return eventOf(subject, { start: iso(start), end: iso(end), attendees: invited });
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
      return Promise.resolve({ events: events.slice(0, query.limit), more: events.length > query.limit });
    },
    createEvent: (_personId, event) => ({
      perform(key) {
        if (failure) return Promise.reject(failure);
        booked.set(key, booked.get(key) ?? event);
        return Promise.resolve(toEvent(booked.get(key) ?? event));
      },
      settle: (key) => {
        const found = booked.get(key);
        return Promise.resolve(found && toEvent(found));
      },
    }),
  };
}
