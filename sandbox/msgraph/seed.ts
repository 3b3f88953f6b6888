import { DateTime } from 'luxon';
import type { SeedAttendee, SeedCalendars, SeedEvent } from '../seed/calendars.ts';
import type { SeedPerson } from '../seed/people.ts';
import { findPerson } from './access.ts';
import { changeItem, createCopy, createEvent } from './calendar/book.ts';
import { newContent } from './calendar/content.ts';
import { readEventInput } from './calendar/input.ts';
import type { ResponseStatus, StoredEvent } from './calendar/model.ts';
import type { World } from './routes.ts';
import { neverTime, timestamp } from './time.ts';

/** Lays the seed into the mailboxes: by the same way as a request, but without the mails. */
export function plant(world: World, { events, sharing }: SeedCalendars): void {
  for (const { owner, reader, role } of sharing) {
    world.store.sharing.set(`${personOf(world, owner).oid}/${personOf(world, reader).oid}`, { role });
  }
  for (const event of events) plantEvent(world, event);
}

function personOf({ people }: World, email: string): SeedPerson {
  const person = findPerson(people, email);
  if (!person) throw new Error(`The seeded calendars name '${email}', who is nobody of the seed`);
  return person;
}

function plantEvent(world: World, seed: SeedEvent): void {
  const organizer = personOf(world, seed.organizer);
  const content = newContent(readEventInput(inputOf(seed, organizer, world)), world.people);
  const attendees = content.attendees.map((attendee, index) => ({
    ...attendee,
    status: statusOf(seed.attendees[index], 'none', world),
  }));
  const event = createEvent(world, organizer, { content: { ...content, attendees }, transactionId: null });
  for (const attendee of seed.attendees) plantCopy(world, event, attendee);
}

function plantCopy(world: World, event: StoredEvent, attendee: SeedAttendee): void {
  const copy = createCopy(world, personOf(world, attendee.email), event);
  if (attendee.response === 'none') return;
  const showAs = attendee.response === 'accepted' ? event.showAs : 'tentative';
  changeItem(world, { core: copy.core, date: undefined }, { responseStatus: statusOf(attendee, 'notResponded', world), showAs });
}

function statusOf(attendee: SeedAttendee | undefined, otherwise: 'none' | 'notResponded', { context }: World): ResponseStatus {
  if (!attendee || attendee.response === 'none') return { response: otherwise, time: neverTime };
  return { response: attendee.response, time: timestamp(context.clock.now()) };
}

function inputOf(seed: SeedEvent, { windowsTimeZone: timeZone }: SeedPerson, world: World) {
  return {
    subject: seed.subject,
    body: { contentType: 'text', content: seed.body ?? '' },
    start: { dateTime: seed.start, timeZone },
    end: { dateTime: seed.end, timeZone },
    isAllDay: seed.isAllDay ?? false,
    ...(seed.location === undefined ? {} : { location: { displayName: seed.location } }),
    attendees: seed.attendees.map(({ email }) => ({ emailAddress: { address: email, name: personOf(world, email).name } })),
    sensitivity: seed.sensitivity ?? 'normal',
    showAs: seed.showAs ?? 'busy',
    isOnlineMeeting: seed.isOnlineMeeting ?? false,
    ...(seed.weeklyUntil === undefined ? {} : { recurrence: weekly(seed.start, seed.weeklyUntil) }),
  };
}

function weekly(start: string, endDate: string) {
  const day = DateTime.fromISO(start, { zone: 'utc' }).setLocale('en').toFormat('cccc').toLowerCase();
  return {
    pattern: { type: 'weekly', interval: 1, daysOfWeek: [day] },
    range: { type: 'endDate', startDate: start.slice(0, 10), endDate },
  };
}
