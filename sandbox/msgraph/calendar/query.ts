import { badRequest, GraphFailure } from '../errors.ts';
import { conditionsOf, withValues, type Literal } from '../odata/filter.ts';
import type { Query, QueryRules } from '../odata/query.ts';
import { instantOf, parseMoment } from '../time.ts';
import { eventProperties } from './input.ts';
import type { EventItem } from './model.ts';

const iso = (instant: number) => new Date(instant).toISOString();

/** What events can be filtered and ordered by; times as UTC, whatever zone the answer is asked in. */
const filterable: Readonly<Record<string, (item: EventItem) => Literal>> = {
  subject: ({ subject }) => subject,
  'start/dateTime': ({ start }) => iso(instantOf(start)),
  'end/dateTime': ({ end }) => iso(instantOf(end)),
  createdDateTime: ({ createdAt }) => iso(createdAt),
  lastModifiedDateTime: ({ modifiedAt }) => iso(modifiedAt),
  isAllDay: ({ isAllDay }) => isAllDay,
  isCancelled: ({ isCancelled }) => isCancelled,
  importance: ({ importance }) => importance,
  sensitivity: ({ sensitivity }) => sensitivity,
  showAs: ({ showAs }) => showAs,
  type: ({ type }) => type,
  iCalUId: ({ iCalUId }) => iCalUId,
  'organizer/emailAddress/address': ({ organizer }) => organizer.address,
  'organizer/emailAddress/name': ({ organizer }) => organizer.name,
};
const timePaths = new Set(['start/dateTime', 'end/dateTime', 'createdDateTime', 'lastModifiedDateTime']);

export function resolveEvent(item: EventItem, path: string): Literal {
  return filterOf(path)(item);
}

function filterOf(path: string) {
  const found = filterable[path];
  if (found) return found;
  const [property = ''] = path.split('/');
  if (eventProperties.has(property)) {
    throw new GraphFailure(400, 'ErrorInvalidProperty', { message: `The property '${path}' does not support filtering.` });
  }
  throw badRequest(`Invalid filter clause: Could not find a property named '${path}' on type 'microsoft.graph.event'.`);
}

const pathsOf = ({ orderby, filter }: Query) => [...orderby, ...(filter ? conditionsOf(filter) : [])].map(({ path }) => path);

/** Refuses what events cannot be filtered or ordered by, also where there are none, and reads the times in a filter. */
export function checkedEventQuery(query: Query): Query {
  for (const path of pathsOf(query)) filterOf(path);
  if (!query.filter) return query;
  const filter = withValues(query.filter, (path, value) => {
    if (!timePaths.has(path)) return value;
    const moment = typeof value === 'string' ? parseMoment(value) : undefined;
    if (moment === undefined) throw badRequest(`Invalid filter clause: '${String(value)}' is no time.`);
    return iso(moment);
  });
  return { ...query, filter };
}

export const eventListRules: QueryRules = {
  options: ['$select', '$top', '$skip', '$filter', '$orderby', '$count'],
  properties: eventProperties,
  type: 'event',
  maxTop: 1000,
};
export const eventRules: QueryRules = { ...eventListRules, options: ['$select'] };
export const windowRules: QueryRules = { ...eventListRules, parameters: ['startDateTime', 'endDateTime'] };
