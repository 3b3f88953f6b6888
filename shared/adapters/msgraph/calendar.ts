import { DateTime } from 'luxon';
import { z } from 'zod';
import { AppError } from '../../core/errors.ts';
import type { Calendar, CalendarEvent, NewEvent } from '../../ports/calendar.ts';
import { readAs } from '../request-json.ts';
import { eventSelect, GraphEvent, toCalendarEvent } from './event.ts';
import { graphErrorCode, graphRequest, type MsgraphOptions } from './request.ts';

const Page = z.object({ value: z.array(GraphEvent), '@odata.nextLink': z.string().optional() });

const pageSize = 50;
const maxPages = 20;

/** @see https://learn.microsoft.com/graph/api/user-list-calendarview and user-post-events */
export function createMsgraphCalendar(options: MsgraphOptions): Calendar {
  return {
    listEvents: (personId, query, signal) => listEvents(options, { personId, query, signal }),
    createEvent: (personId, event) => ({
      perform: (key, signal) => createEvent(options, { personId, event, key }, signal),
      // Graph answers a repeated transactionId with an error, not with the event: look before writing again.
      settle: (key, signal) => findByTransaction(options, { personId, event, key }, signal),
    }),
  };
}

async function listEvents(
  options: MsgraphOptions,
  request: {
    personId: string;
    query: { start: string; end: string; timeZone: string; limit: number };
    signal: AbortSignal | undefined;
  },
): Promise<{ events: CalendarEvent[]; more: boolean }> {
  const { personId, query, signal } = request;
  const parameters = new URLSearchParams({
    startDateTime: query.start,
    endDateTime: query.end,
    $select: eventSelect,
    $orderby: 'start/dateTime',
    $top: String(Math.min(pageSize, query.limit)),
  });
  const events: CalendarEvent[] = [];
  let path: string | undefined = `/me/calendarView?${parameters.toString()}`;
  for (let page = 0; path !== undefined && page < maxPages; page += 1) {
    const body = await graphRequest(options, personId, { path, signal, prefer: [`outlook.timezone="${query.timeZone}"`] });
    const { value, '@odata.nextLink': next } = readAs(Page, body, 'msgraph');
    events.push(...value.map((event) => toCalendarEvent(event, query.timeZone)));
    if (events.length >= query.limit)
      return { events: events.slice(0, query.limit), more: events.length > query.limit || next !== undefined };
    path = next;
  }
  return { events, more: path !== undefined };
}

interface Creating {
  readonly personId: string;
  readonly event: NewEvent;
  readonly key: string;
}

async function createEvent(options: MsgraphOptions, creating: Creating, signal: AbortSignal): Promise<CalendarEvent> {
  const { personId, event, key } = creating;
  const time = (dateTime: string) => ({ dateTime, timeZone: event.timeZone });
  const body = {
    subject: event.subject,
    start: time(event.start),
    end: time(event.end),
    attendees: event.attendees.map((address) => ({ emailAddress: { address }, type: 'required' })),
    transactionId: key,
  };
  try {
    const prefer = [`outlook.timezone="${event.timeZone}"`];
    const created = await graphRequest(options, personId, { path: '/me/events', method: 'POST', body, signal, prefer });
    return toCalendarEvent(readAs(GraphEvent, created, 'msgraph'), event.timeZone);
  } catch (error) {
    if (graphErrorCode(error) !== 'ErrorDuplicateTransactionId') throw error;
    // The error may name the event, or not: it is looked up by the key either way.
    const found = await findByTransaction(options, creating, signal);
    if (found) return found;
    throw new AppError('unknown-outcome', 'msgraph knows the transaction, but its event is not to be found', {
      vendor: 'msgraph',
      cause: error,
    });
  }
}

/** The event that this key made, where it stands; Graph filters by no transactionId, so its own time is looked through. */
async function findByTransaction(
  options: MsgraphOptions,
  { personId, event, key }: Creating,
  signal: AbortSignal,
): Promise<CalendarEvent | undefined> {
  const prefer = [`outlook.timezone="${event.timeZone}"`];
  const instant = (local: string) =>
    DateTime.fromISO(local, { zone: event.timeZone }).toISO({ suppressMilliseconds: true }) ?? local;
  const parameters = new URLSearchParams({
    startDateTime: instant(event.start),
    endDateTime: instant(event.end),
    $select: eventSelect,
    $top: String(pageSize),
  });
  let path: string | undefined = `/me/calendarView?${parameters.toString()}`;
  for (let page = 0; path !== undefined && page < maxPages; page += 1) {
    const body = await graphRequest(options, personId, { path, signal, prefer });
    const { value, '@odata.nextLink': next } = readAs(Page, body, 'msgraph');
    const found = value.find(({ transactionId }) => transactionId === key);
    if (found) return toCalendarEvent(found, event.timeZone);
    path = next;
  }
  return undefined;
}
