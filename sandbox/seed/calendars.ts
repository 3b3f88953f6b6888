import { DateTime } from 'luxon';
import { ana, ben, chloe, dmitri, eva } from './calendars/addresses.ts';
import { dayOfAna, weeklyPlanning } from './calendars/ana.ts';
import { dayOfBen, oneToOne } from './calendars/ben.ts';
import { dayOfChloe } from './calendars/chloe.ts';
import { dayOf } from './calendars/day.ts';
import { dayOfDmitri } from './calendars/dmitri.ts';
import { dayOfEva } from './calendars/eva.ts';
import type { SeedEvent } from './calendars/event.ts';
import { seriesOf } from './calendars/series.ts';
import type { SeedPerson } from './people.ts';

export type { SeedAttendee, SeedEvent } from './calendars/event.ts';

export interface SeedCalendars {
  readonly events: readonly SeedEvent[];
  /** Whose calendar is open to whom. */
  readonly sharing: readonly { readonly owner: string; readonly reader: string; readonly role: 'read' | 'write' }[];
}

const daysAhead = 28;

/**
 * Meetings from yesterday to four weeks ahead. Each person has 0 to 4 on a working day; Ana has at least 3 on every working
 * day and 2 on every other, so that "what is on my calendar tomorrow" has an answer on whatever day one starts.
 */
export function seedCalendars({ people, now }: { people: readonly SeedPerson[]; now: number }): SeedCalendars {
  const daysOf = (email: string) => {
    const zone = people.find((person) => person.email === email)?.timeZone ?? 'UTC';
    const today = DateTime.fromMillis(now, { zone }).startOf('day');
    return Array.from({ length: daysAhead + 2 }, (_, index) => dayOf(today.plus({ days: index - 1 }), index - 1));
  };
  const events = [
    ...daysOf(ana).flatMap(dayOfAna),
    ...seriesOf(daysOf(ana), { weekday: 1, event: weeklyPlanning }),
    ...seriesOf(daysOf(ben), { weekday: 3, event: oneToOne }),
    ...daysOf(ben).flatMap(dayOfBen),
    ...daysOf(chloe).flatMap(dayOfChloe),
    ...daysOf(dmitri).flatMap(dayOfDmitri),
    ...daysOf(eva).flatMap(dayOfEva),
  ];
  const known = new Set(people.map(({ email }) => email));
  const sharing = [
    { owner: ana, reader: ben, role: 'read' },
    { owner: ben, reader: ana, role: 'read' },
    { owner: dmitri, reader: ana, role: 'write' },
  ] as const;
  return {
    events: events
      .filter(({ organizer }) => known.has(organizer))
      .map((event) => ({ ...event, attendees: event.attendees.filter(({ email }) => known.has(email)) })),
    sharing: sharing.filter(({ owner, reader }) => known.has(owner) && known.has(reader)),
  };
}
