import type { SeedPerson } from '../../seed/people.ts';
import { rights } from '../access.ts';
import { itemNotFound } from '../errors.ts';
import { pageOf, selected } from '../odata/page.ts';
import type { QueryRules } from '../odata/query.ts';
import { accessOf, contextUrl, mailboxRoutes, queryOf, type Answer, type Call, type Route } from '../routes.ts';
import { calendarIdOf } from './ids.ts';

/** A mailbox here has the one default calendar: another id in the path is not found. */
export function requireCalendar({ path }: Call, owner: SeedPerson): void {
  const id = path['calendar-id'];
  if (id !== undefined && id !== calendarIdOf(owner.oid)) throw itemNotFound();
}

function renderCalendar(owner: SeedPerson, own: boolean): Record<string, unknown> {
  return {
    id: calendarIdOf(owner.oid),
    name: 'Calendar',
    color: 'auto',
    hexColor: '',
    isDefaultCalendar: true,
    changeKey: Buffer.from(`calendar-${owner.oid.slice(-4)}`).toString('base64'),
    canShare: own,
    canViewPrivateItems: own,
    canEdit: own,
    allowedOnlineMeetingProviders: ['teamsForBusiness'],
    defaultOnlineMeetingProvider: 'teamsForBusiness',
    isTallyingResponses: true,
    isRemovable: false,
    owner: { name: owner.name, address: owner.email },
  };
}

const properties = new Set([...Object.keys(renderCalendar({ oid: '', name: '', email: '' } as SeedPerson, true))]);
const rules: QueryRules = { options: ['$select'], properties, type: 'calendar', maxTop: 1000 };
const listRules: QueryRules = { ...rules, options: ['$select', '$top', '$skip', '$count'] };

function getCalendar(call: Call): Answer {
  const { owner, hidesPrivate } = accessOf(call);
  requireCalendar(call, owner);
  const { select } = queryOf(call, rules);
  return {
    status: 200,
    body: {
      '@odata.context': contextUrl(call, `users('${owner.oid}')/calendars/$entity`),
      ...selected(renderCalendar(owner, !hidesPrivate), select),
    },
  };
}

function listCalendars(call: Call): Answer {
  const { owner, hidesPrivate } = accessOf(call);
  const query = queryOf(call, listRules);
  const { items, count } = pageOf([renderCalendar(owner, !hidesPrivate)], query, { resolve: () => null, pageSize: 10 });
  return {
    status: 200,
    body: {
      '@odata.context': contextUrl(call, `users('${owner.oid}')/calendars`),
      ...(count === undefined ? {} : { '@odata.count': count }),
      value: items.map((item) => selected(item, query.select)),
    },
  };
}

export const calendarRoutes: readonly Route[] = [
  ...mailboxRoutes('GET', ['/calendar', '/calendars/{calendar-id}'], { rights: rights.readCalendar, handle: getCalendar }),
  ...mailboxRoutes('GET', ['/calendars'], { rights: rights.readCalendar, handle: listCalendars }),
];
