import type { SeedPerson } from '../../seed/people.ts';
import type { World } from '../routes.ts';
import { instantOf, neverTime } from '../time.ts';
import { newCore, newICalUId } from './ids.ts';
import type { EventContent, EventItem, Overlay, StoredEvent } from './model.ts';
import { occurrenceOf } from './recurrence.ts';

/** The events of one mailbox, oldest first. */
export const eventsOf = ({ store }: World, oid: string) => store.events.values().filter(({ mailbox }) => mailbox === oid);

/** The event that an id names in a mailbox: one date of a series where the id has a date. */
export function findItem(
  world: World,
  oid: string,
  { core, date }: { core: string; date: string | undefined },
): EventItem | undefined {
  const event = world.store.events.get(core);
  if (event?.mailbox !== oid) return undefined;
  return date === undefined ? wholeItem(event) : occurrenceOf(event, date);
}

export function wholeItem(event: StoredEvent): EventItem {
  return { ...event, type: event.recurrence ? 'seriesMaster' : 'singleInstance', date: undefined, plannedStart: undefined };
}

/** Puts a new event into its organizer's own calendar. */
export function createEvent(
  world: World,
  owner: SeedPerson,
  { content, transactionId }: { content: EventContent; transactionId: string | null },
): StoredEvent {
  const now = world.context.clock.now();
  const event: StoredEvent = {
    ...content,
    core: newCore(),
    mailbox: owner.oid,
    iCalUId: newICalUId(),
    version: 1,
    createdAt: now,
    modifiedAt: now,
    transactionId,
    organizer: { name: owner.name, address: owner.email },
    isCancelled: false,
    responseStatus: { response: 'organizer', time: neverTime },
    exceptions: {},
    removedDates: [],
  };
  world.store.events.set(event.core, event);
  return event;
}

/** Another mailbox's copy of a meeting: its own id, the same iCalUId, nothing answered yet. */
export function createCopy(world: World, attendee: SeedPerson, event: StoredEvent): StoredEvent {
  const now = world.context.clock.now();
  const copy: StoredEvent = {
    ...event,
    core: newCore(),
    mailbox: attendee.oid,
    version: 1,
    createdAt: now,
    modifiedAt: now,
    transactionId: null,
    categories: [],
    showAs: 'tentative',
    responseStatus: { response: 'notResponded', time: neverTime },
  };
  world.store.events.set(copy.core, copy);
  return copy;
}

export const copyOf = (world: World, oid: string, { iCalUId }: { iCalUId: string }) =>
  eventsOf(world, oid).find((event) => event.iCalUId === iCalUId);

/** Changes an event, or one date of a series: what is laid over that date makes it an exception. */
export function changeItem(
  world: World,
  { core, date }: Pick<EventItem, 'core' | 'date'>,
  changes: Overlay,
): StoredEvent | undefined {
  const event = world.store.events.get(core);
  if (!event) return undefined;
  const changed: Partial<StoredEvent> =
    date === undefined
      ? { ...changes, ...replanned(event, changes) }
      : { exceptions: { ...event.exceptions, [date]: { ...event.exceptions[date], ...changes } } };
  return save(world, event, changed);
}

/** A series that is moved or planned anew loses what was different on single dates, as in Exchange. */
function replanned(event: StoredEvent, { start, recurrence }: Overlay): Partial<StoredEvent> {
  if (!event.recurrence) return {};
  const moved = start !== undefined && instantOf(start) !== instantOf(event.start);
  return moved || recurrence !== undefined ? { exceptions: {}, removedDates: [] } : {};
}

/** Takes an event out of its calendar, or one date out of a series. */
export function removeItem(world: World, { core, date }: Pick<EventItem, 'core' | 'date'>): void {
  const event = world.store.events.get(core);
  if (!event) return;
  if (date === undefined) world.store.events.delete(core);
  else save(world, event, { removedDates: [...event.removedDates, date] });
}

function save(world: World, event: StoredEvent, changes: Partial<StoredEvent>): StoredEvent {
  const saved = { ...event, ...changes, version: event.version + 1, modifiedAt: world.context.clock.now() };
  world.store.events.set(saved.core, saved);
  return saved;
}
