import type { SeedPerson } from '../../seed/people.ts';
import { findPerson } from '../access.ts';
import { deliver } from '../mail/post.ts';
import type { World } from '../routes.ts';
import { instantOf, neverTime } from '../time.ts';
import { changeItem, copyOf, createCopy } from './book.ts';
import type { Attendee, EventItem, MeetingContent, Overlay, ResponseStatus, StoredEvent } from './model.ts';

/** Whose mailbox is here, of those invited; others only ever get the mail that nobody can look at. */
function localAttendees({ people }: World, { attendees, mailbox }: Pick<StoredEvent, 'attendees' | 'mailbox'>): SeedPerson[] {
  return attendees.flatMap(({ emailAddress }) => {
    const person = findPerson(people, emailAddress.address);
    return person && person.oid !== mailbox ? [person] : [];
  });
}

/** Lays a new meeting into the calendars of its attendees, and a mail into their mailboxes. */
export function invite(world: World, event: StoredEvent): void {
  for (const attendee of localAttendees(world, event)) {
    createCopy(world, attendee, event);
    notify(world, attendee, event);
  }
}

const sharedMembers = [
  'subject',
  'body',
  'start',
  'end',
  'isAllDay',
  'locations',
  'attendees',
  'recurrence',
  'importance',
  'sensitivity',
  'onlineMeeting',
  'allowNewTimeProposals',
  'responseRequested',
  'hideAttendees',
] as const satisfies readonly (keyof MeetingContent)[];

const sharedPart = (changes: Overlay): Overlay =>
  Object.fromEntries(Object.entries(changes).filter(([name]) => (sharedMembers as readonly string[]).includes(name)));

/** What the organizer's change means beyond the change itself: a meeting that moves has to be answered anew. */
export function withAnswersReset(before: EventItem, changes: Overlay): Overlay {
  if (!moves(before, changes)) return changes;
  const attendees = changes.attendees ?? before.attendees;
  return { ...changes, attendees: attendees.map((attendee) => ({ ...attendee, status: { response: 'none', time: neverTime } })) };
}

const moves = (before: EventItem, { start, end, recurrence }: Overlay) =>
  (start !== undefined && instantOf(start) !== instantOf(before.start)) ||
  (end !== undefined && instantOf(end) !== instantOf(before.end)) ||
  recurrence !== undefined;

/** Carries the organizer's change into the copies: new attendees get one, those taken off see theirs cancelled. */
export function carryChange(world: World, before: EventItem, changes: Overlay): void {
  const shared = sharedPart(changes);
  if (Object.keys(shared).length === 0) return;
  const master = world.store.events.get(before.core);
  if (!master) return;
  const now = localAttendees(world, { ...before, ...changes });
  for (const attendee of now) {
    const copy = copyOf(world, attendee.oid, before);
    if (copy) {
      const answer: Overlay = moves(before, changes) ? { responseStatus: notResponded, showAs: 'tentative' } : {};
      changeItem(world, { core: copy.core, date: before.date }, { ...shared, ...answer });
    } else if (before.date === undefined) {
      createCopy(world, attendee, master);
    }
    notify(world, attendee, { ...before, ...changes });
  }
  const gone = localAttendees(world, before).filter(({ oid }) => !now.some((person) => person.oid === oid));
  cancelCopies(world, before, { attendees: gone, comment: '' });
}

const notResponded: ResponseStatus = { response: 'notResponded', time: neverTime };

/** The organizer has called the meeting off: the copies stay, marked, until their owners remove them. */
export function carryCancellation(world: World, event: EventItem, comment: string): void {
  cancelCopies(world, event, { attendees: localAttendees(world, event), comment });
}

function cancelCopies(
  world: World,
  event: EventItem,
  { attendees, comment }: { attendees: readonly SeedPerson[]; comment: string },
): void {
  const subject = `Canceled: ${event.subject}`;
  for (const attendee of attendees) {
    const copy = copyOf(world, attendee.oid, event);
    if (copy) changeItem(world, { core: copy.core, date: event.date }, { isCancelled: true, subject, showAs: 'free' });
    notify(world, attendee, {
      ...event,
      subject,
      ...(comment === '' ? {} : { body: { contentType: 'text', content: comment } }),
    });
  }
}

/** An attendee's answer: in their own copy, and at the organizer's where it is sent. */
export function answer(
  world: World,
  item: EventItem,
  reply: { status: ResponseStatus; sends: boolean; proposedNewTime?: Attendee['proposedNewTime'] },
): void {
  const { status, sends, proposedNewTime } = reply;
  const showAs = status.response === 'accepted' ? 'busy' : 'tentative';
  changeItem(world, item, { responseStatus: status, showAs });
  const organizer = findPerson(world.people, item.organizer.address);
  const [self, original] = [
    world.people.find(({ oid }) => oid === item.mailbox),
    organizer && copyOf(world, organizer.oid, item),
  ];
  if (!sends || !organizer || !self || !original) return;
  const attendees = (original.exceptions[item.date ?? '']?.attendees ?? original.attendees).map((attendee) =>
    attendee.emailAddress.address.toLowerCase() === self.email
      ? { ...attendee, status, ...(proposedNewTime ? { proposedNewTime } : {}) }
      : attendee,
  );
  changeItem(world, { core: original.core, date: item.date }, { attendees });
  const verb = { accepted: 'Accepted', declined: 'Declined', tentativelyAccepted: 'Tentative' }[status.response as 'accepted'];
  deliver(world, self, { subject: `${verb}: ${item.subject}`, body: { contentType: 'text', content: '' }, to: [item.organizer] });
}

function notify(world: World, attendee: SeedPerson, event: Pick<StoredEvent, 'subject' | 'body' | 'organizer'>): void {
  const sender = findPerson(world.people, event.organizer.address);
  if (!sender) return;
  deliver(world, sender, { subject: event.subject, body: event.body, to: [{ name: attendee.name, address: attendee.email }] });
}
