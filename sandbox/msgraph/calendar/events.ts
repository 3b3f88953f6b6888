import { rights, type Access } from '../access.ts';
import { conflict, GraphFailure, invalidRequest, itemNotFound, notPlayed } from '../errors.ts';
import { selected } from '../odata/page.ts';
import { accessOf, contextUrl, mailboxRoutes, queryOf, type Answer, type Call, type Route } from '../routes.ts';
import { changeItem, createEvent, eventsOf, findItem, removeItem, wholeItem } from './book.ts';
import { newContent, patchContent } from './content.ts';
import { etagOf, eventId, parseEventId } from './ids.ts';
import { readEventInput } from './input.ts';
import { carryCancellation, carryChange, invite, withAnswersReset } from './invitations.ts';
import type { EventItem, Overlay } from './model.ts';
import { eventRules } from './query.ts';
import { renderEvent, type Reader } from './render.ts';
import { requireCalendar } from './calendars.ts';

export const readerOf = ({ prefer }: Call, { owner, hidesPrivate, seesBodies }: Access): Reader => ({
  prefer,
  hidesPrivate,
  seesBodies,
  ownerAddress: owner.email,
});

export const isOrganizer = ({ organizer }: EventItem, { owner }: Access) => organizer.address === owner.email;

/** The event in the path, its If-Match held against it. */
export function itemOf(call: Call, { owner }: Access): EventItem {
  requireCalendar(call, owner);
  const item = findItem(call.world, owner.oid, parseEventId(call.path['event-id'] ?? ''));
  if (!item) throw itemNotFound();
  const expected = call.headers.get('if-match');
  if (expected !== null && expected !== '*' && expected !== etagOf(item)) throw conflict();
  return item;
}

function answerEvent(call: Call, access: Access, { item, status }: { item: EventItem; status: number }): Answer {
  const { select } = queryOf(call, eventRules);
  const value = selected(renderEvent(item, readerOf(call, access)), select);
  const context = contextUrl(call, `users('${access.owner.oid}')/events${select ? `(${select.join(',')})` : ''}/$entity`);
  const location = `${call.world.publicOrigin}/v1.0/users('${access.owner.oid}')/events('${eventId(item, call.prefer.immutableIds)}')`;
  return { status, body: { '@odata.context': context, ...value }, ...(status === 201 ? { headers: { location } } : {}) };
}

function getEvent(call: Call): Answer {
  const access = accessOf(call);
  return answerEvent(call, access, { item: itemOf(call, access), status: 200 });
}

function postEvent(call: Call): Answer {
  const access = accessOf(call);
  const { world } = call;
  queryOf(call, eventRules);
  requireCalendar(call, access.owner);
  const input = readEventInput(call.body());
  const transactionId = input.transactionId ?? null;
  refuseDuplicate(call, access, transactionId);
  const event = createEvent(world, access.owner, { content: newContent(input, world.people), transactionId });
  invite(world, event);
  return answerEvent(call, access, { item: wholeItem(event), status: 201 });
}

function refuseDuplicate({ world, prefer }: Call, { owner }: Access, transactionId: string | null): void {
  if (transactionId === null) return;
  const existing = eventsOf(world, owner.oid).find((event) => event.transactionId === transactionId);
  if (!existing) return;
  const { status, tellsExistingEvent } = world.duplicateTransaction;
  throw new GraphFailure(status, 'ErrorDuplicateTransactionId', {
    message:
      "Your request can't be completed. The TransactionId specified in the request has already been used to create a different event.",
    extra: tellsExistingEvent
      ? { '@event.existingEventId': eventId({ core: existing.core, date: undefined }, prefer.immutableIds) }
      : {},
  });
}

// What an attendee may change in a copy that is not theirs to decide.
const ownMembers = new Set(['showAs', 'categories', 'isReminderOn', 'reminderMinutesBeforeStart']);

function patchEvent(call: Call): Answer {
  const access = accessOf(call);
  const { world } = call;
  const item = itemOf(call, access);
  const input = readEventInput(call.body());
  if ((input.transactionId ?? item.transactionId) !== item.transactionId) {
    throw invalidRequest("Your request can't be completed. The TransactionId of an event cannot be changed.");
  }
  if (item.date !== undefined && input.recurrence) throw notPlayed('a recurrence on one occurrence');
  const changes = patchContent(input, item, world.people);
  if (isOrganizer(item, access)) applyAsOrganizer(call, item, changes);
  else {
    if (Object.keys(changes).some((name) => !ownMembers.has(name))) {
      throw invalidRequest("Your request can't be completed. You need to be an organizer to change a meeting.");
    }
    changeItem(world, item, changes);
  }
  return answerEvent(call, access, { item: findItem(world, access.owner.oid, item) ?? item, status: 200 });
}

function applyAsOrganizer({ world }: Call, item: EventItem, changes: Overlay): void {
  const whole = withAnswersReset(item, changes);
  changeItem(world, item, whole);
  carryChange(world, item, whole);
}

function deleteEvent(call: Call): Answer {
  const access = accessOf(call);
  const item = itemOf(call, access);
  // Copies first: an occurrence is found by the plan of its series, which stays.
  if (isOrganizer(item, access)) carryCancellation(call.world, item, '');
  removeItem(call.world, item);
  return { status: 204 };
}

const lists = ['/events', '/calendar/events', '/calendars/{calendar-id}/events'];
const items = lists.map((path) => `${path}/{event-id}`);

export const eventRoutes: readonly Route[] = [
  ...mailboxRoutes('POST', lists, { rights: rights.writeCalendar, handle: postEvent }),
  ...mailboxRoutes('GET', items, { rights: rights.readCalendar, handle: getEvent }),
  ...mailboxRoutes('PATCH', items, { rights: rights.writeCalendar, handle: patchEvent }),
  ...mailboxRoutes('DELETE', items, { rights: rights.writeCalendar, handle: deleteEvent }),
];
