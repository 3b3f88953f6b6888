import type { Day } from './day.ts';

export interface SeedAttendee {
  readonly email: string;
  readonly response: 'accepted' | 'tentativelyAccepted' | 'declined' | 'none';
}

/** A meeting in the organizer's own zone; times are `yyyy-MM-ddTHH:mm:ss`. */
export interface SeedEvent {
  readonly organizer: string;
  readonly subject: string;
  readonly start: string;
  readonly end: string;
  readonly attendees: readonly SeedAttendee[];
  readonly location?: string;
  readonly body?: string;
  readonly isAllDay?: boolean;
  readonly isOnlineMeeting?: boolean;
  readonly sensitivity?: 'normal' | 'personal' | 'private';
  readonly showAs?: 'free' | 'busy' | 'oof';
  /** A weekly series until this date, on the weekday of its start. */
  readonly weeklyUntil?: string;
}

/** An event of one day, from and to given as `HH:mm`. */
export function event(
  day: Day,
  [from, to]: [string, string],
  rest: Omit<SeedEvent, 'start' | 'end' | 'attendees'> & Partial<SeedEvent>,
): SeedEvent {
  return { attendees: [], start: `${day.date}T${from}:00`, end: `${day.date}T${to}:00`, ...rest };
}

export function allDay(day: Day, rest: Omit<SeedEvent, 'start' | 'end' | 'attendees' | 'isAllDay'>): SeedEvent {
  const next = new Date(Date.parse(day.date) + 86_400_000).toISOString().slice(0, 10);
  return { attendees: [], start: `${day.date}T00:00:00`, end: `${next}T00:00:00`, isAllDay: true, ...rest };
}
