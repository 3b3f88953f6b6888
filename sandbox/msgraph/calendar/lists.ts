import { rights, type Access } from '../access.ts';
import { badRequest, invalidParameter } from '../errors.ts';
import { nextLink, pageOf, selected } from '../odata/page.ts';
import type { Query } from '../odata/query.ts';
import { accessOf, contextUrl, mailboxRoutes, queryOf, type Answer, type Call, type Route } from '../routes.ts';
import { parseMoment } from '../time.ts';
import { eventsOf, wholeItem } from './book.ts';
import { requireCalendar } from './calendars.ts';
import { itemOf, readerOf } from './events.ts';
import type { EventItem } from './model.ts';
import { checkedEventQuery, eventListRules, resolveEvent, windowRules } from './query.ts';
import { occurrencesIn, overlaps, type Window } from './recurrence.ts';
import { renderEvent } from './render.ts';

const defaultPage = 10;

function answerList(
  call: Call,
  access: Access,
  { items, query, path }: { items: EventItem[]; query: Query; path: string },
): Answer {
  const { world, url, prefer } = call;
  const page = pageOf(items, query, { resolve: resolveEvent, pageSize: prefer.maxPageSize ?? defaultPage });
  const select = query.select ? `(${query.select.join(',')})` : '';
  return {
    status: 200,
    body: {
      '@odata.context': contextUrl(call, `users('${access.owner.oid}')/${path}${select}`),
      ...(page.count === undefined ? {} : { '@odata.count': page.count }),
      value: page.items.map((item) => selected(renderEvent(item, readerOf(call, access)), query.select)),
      ...(page.nextSkip === undefined
        ? {}
        : { '@odata.nextLink': nextLink(url, world.publicOrigin, { name: '$skip', value: String(page.nextSkip) }) }),
    },
  };
}

/** The events as they are kept: a series is one, its master; only a view shows its dates. */
function listEvents(call: Call): Answer {
  const access = accessOf(call);
  requireCalendar(call, access.owner);
  const query = checkedEventQuery(queryOf(call, eventListRules));
  return answerList(call, access, { items: eventsOf(call.world, access.owner.oid).map(wholeItem), query, path: 'events' });
}

/** Everything that meets the window, series by their dates; in no promised order, as the documents promise none. */
function calendarView(call: Call): Answer {
  const access = accessOf(call);
  requireCalendar(call, access.owner);
  const query = checkedEventQuery(queryOf(call, windowRules));
  const window = windowOf(query);
  const zone = access.owner.timeZone;
  const items = eventsOf(call.world, access.owner.oid).flatMap((event) =>
    event.recurrence ? occurrencesIn(event, window, zone) : overlaps(event, window, zone) ? [wholeItem(event)] : [],
  );
  return answerList(call, access, { items, query, path: 'calendarView' });
}

function listInstances(call: Call): Answer {
  const access = accessOf(call);
  const query = checkedEventQuery(queryOf(call, windowRules));
  const item = itemOf(call, access);
  if (item.type !== 'seriesMaster') throw badRequest('The event is not a series master.');
  const items = occurrencesIn(item, windowOf(query), access.owner.timeZone);
  const path = `events('${encodeURIComponent(call.path['event-id'] ?? '')}')/instances`;
  return answerList(call, access, { items, query, path });
}

/** The window asked for; without an offset its ends are UTC, whatever Prefer says. */
function windowOf({ parameters }: Query): Window {
  const { startDateTime, endDateTime } = parameters;
  if (startDateTime === undefined || endDateTime === undefined) {
    throw invalidParameter(
      'This request requires a time window specified by the query string parameters StartDateTime and EndDateTime.',
    );
  }
  const [from, to] = [momentOf('StartDateTime', startDateTime), momentOf('EndDateTime', endDateTime)];
  if (to < from) throw invalidParameter('The StartDateTime must not be later than the EndDateTime.');
  // Exchange looks at 1825 days at most.
  if (to - from > 1825 * 86_400_000) throw invalidParameter('The requested time window is too long.');
  return { from, to };
}

function momentOf(name: string, value: string): number {
  const moment = parseMoment(value);
  if (moment === undefined) throw invalidParameter(`The value '${value}' of parameter '${name}' is invalid.`);
  return moment;
}

const calendars = ['', '/calendar', '/calendars/{calendar-id}'];
const at = (suffix: string) => calendars.map((prefix) => `${prefix}${suffix}`);

export const listRoutes: readonly Route[] = [
  ...mailboxRoutes('GET', at('/events'), { rights: rights.readCalendar, handle: listEvents }),
  ...mailboxRoutes('GET', at('/calendarView'), { rights: rights.readCalendar, handle: calendarView }),
  ...mailboxRoutes('GET', at('/events/{event-id}/instances'), { rights: rights.readCalendar, handle: listInstances }),
];
