import { DateTime } from 'luxon';
import type { SeedPerson } from './people.ts';

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

export interface SeedCalendars {
  readonly events: readonly SeedEvent[];
  /** Whose calendar is open to whom. */
  readonly sharing: readonly { readonly owner: string; readonly reader: string; readonly role: 'read' | 'write' }[];
}

const daysAhead = 28;
const mailOf = (given: string) => `${given}@alderfinch.example`;
const [ana, ben, chloe, dmitri, eva] = ['ana', 'ben', 'chloe', 'dmitri', 'eva'].map(mailOf) as [
  string,
  string,
  string,
  string,
  string,
];

/** A day of one person's calendar, counted from today in their own zone. */
interface Day {
  readonly date: string;
  readonly offset: number;
  /** Days since 1970: what varies from day to day is picked by it. */
  readonly number: number;
  /** 1 is Monday. */
  readonly weekday: number;
}

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

function dayOf(day: DateTime, offset: number): Day {
  const date = day.toFormat('yyyy-MM-dd');
  return { date, offset, number: Math.round(Date.parse(date) / 86_400_000), weekday: day.weekday };
}

const isWorkday = ({ weekday }: Day) => weekday <= 5;
const pick = <T>({ number }: Day, list: readonly [T, ...T[]]): T => list[number % list.length] ?? list[0];

/** An event of one day, from and to given as `HH:mm`. */
function event(
  day: Day,
  [from, to]: [string, string],
  rest: Omit<SeedEvent, 'start' | 'end' | 'attendees'> & Partial<SeedEvent>,
): SeedEvent {
  return { attendees: [], start: `${day.date}T${from}:00`, end: `${day.date}T${to}:00`, ...rest };
}

function allDay(day: Day, rest: Omit<SeedEvent, 'start' | 'end' | 'attendees' | 'isAllDay'>): SeedEvent {
  const next = new Date(Date.parse(day.date) + 86_400_000).toISOString().slice(0, 10);
  return { attendees: [], start: `${day.date}T00:00:00`, end: `${next}T00:00:00`, isAllDay: true, ...rest };
}

function dayOfAna(day: Day): SeedEvent[] {
  if (!isWorkday(day)) {
    return [
      event(day, ['09:00', '10:00'], { organizer: ana, subject: 'Run by the river', sensitivity: 'personal' }),
      event(day, ['13:00', '14:30'], { organizer: ana, subject: 'Lunch with the family', sensitivity: 'personal' }),
    ];
  }
  const partner = day.number % 2 === 0 ? ben : dmitri;
  const withChloe = day.number % 3 === 0;
  const afternoon = isFirst(day, 4)
    ? { subject: 'Dentist', sensitivity: 'private' as const, location: 'Rua Augusta 12' }
    : { subject: pick(day, ['Contract reading', 'Quarterly figures', 'Policy drafts', 'Board papers']) };
  return [
    event(day, ['10:00', '11:00'], {
      organizer: ana,
      subject: pick(day, ['Budget review', 'Hiring plan', 'Supplier call', 'Roadmap check', 'Risk review']),
      attendees: [{ email: partner, response: 'accepted' }],
      body: 'Please read the notes beforehand.',
      isOnlineMeeting: true,
    }),
    event(day, ['14:00', '14:45'], { organizer: ana, ...afternoon }),
    event(day, ['16:30', '17:00'], {
      organizer: ana,
      subject: withChloe ? 'Client update New York' : 'Inbox and planning',
      attendees: withChloe ? [{ email: chloe, response: pick(day, ['none', 'tentativelyAccepted']) }] : [],
    }),
    ...(day.weekday === 5 && day.offset > 7 && day.offset <= 14
      ? [allDay(day, { organizer: ana, subject: 'Release day', showAs: 'free' })]
      : []),
  ];
}

/** The first such weekday after tomorrow. */
const isFirst = ({ weekday, offset }: Day, wanted: number) => weekday === wanted && offset >= 2 && offset <= 8;

type Series = (day: Day) => SeedEvent;

function seriesOf(days: readonly Day[], { weekday, event: create }: { weekday: number; event: Series }): SeedEvent[] {
  const first = days.find((day) => day.weekday === weekday);
  const last = days.at(-1);
  return first && last ? [{ ...create(first), weeklyUntil: last.date }] : [];
}

const weeklyPlanning: Series = (day) =>
  event(day, ['12:00', '12:45'], {
    organizer: ana,
    subject: 'Weekly planning',
    attendees: [
      { email: ben, response: 'accepted' },
      { email: dmitri, response: 'accepted' },
    ],
    location: 'Atrium',
  });

const oneToOne: Series = (day) =>
  event(day, ['11:30', '12:00'], { organizer: ben, subject: 'Ana and Ben', attendees: [{ email: ana, response: 'accepted' }] });

function dayOfBen(day: Day): SeedEvent[] {
  if (!isWorkday(day)) return [];
  const own = [
    event(day, ['09:00', '09:30'], {
      organizer: ben,
      subject: pick(day, ['Helpdesk hand-over', 'Ticket triage', 'Stock count']),
    }),
    isFirst(day, 2)
      ? event(day, ['15:00', '16:00'], { organizer: ben, subject: 'Interview with a candidate', sensitivity: 'private' })
      : event(day, ['15:00', '16:00'], { organizer: ben, subject: pick(day, ['Network maintenance', 'Laptop rollout']) }),
  ];
  return isFirst(day, 2) ? own : own.slice(0, day.number % 3);
}

function dayOfChloe(day: Day): SeedEvent[] {
  if (!isWorkday(day)) return [];
  return [
    event(day, ['10:00', '10:30'], {
      organizer: chloe,
      subject: pick(day, ['Pipeline review', 'Forecast', 'Pricing questions']),
    }),
    event(day, ['13:00', '14:00'], {
      organizer: chloe,
      subject: pick(day, ['Customer demo', 'Partner call']),
      attendees: day.number % 2 === 0 ? [{ email: eva, response: 'none' }] : [],
      location: 'New York, room 4',
    }),
  ].slice(0, (day.number + 1) % 3);
}

function dayOfDmitri(day: Day): SeedEvent[] {
  if (!isWorkday(day)) return [];
  return [
    event(day, ['08:30', '09:00'], { organizer: dmitri, subject: pick(day, ['Warehouse walk', 'Shift plan']) }),
    event(day, ['15:30', '16:30'], {
      organizer: dmitri,
      subject: pick(day, ['Design review', 'Load test', 'Security briefing']),
      attendees: [{ email: eva, response: 'accepted' }],
      isOnlineMeeting: true,
    }),
  ].slice(0, (day.number + 2) % 3);
}

function dayOfEva(day: Day): SeedEvent[] {
  if (!isWorkday(day)) return [];
  if (day.weekday === 1 && day.offset > 14 && day.offset <= 21) {
    return [allDay(day, { organizer: eva, subject: 'On leave', showAs: 'oof' })];
  }
  return day.number % 2 === 0 ? [event(day, ['10:00', '11:00'], { organizer: eva, subject: 'Onboarding' })] : [];
}
