import { describe, expect } from 'vitest';
import { msgraphRoutes } from '../../../sandbox/msgraph/msgraph.ts';
import type { Route } from '../../../sandbox/msgraph/routes.ts';
import { seedCalendars } from '../../../sandbox/seed/calendars.ts';
import { contractsDirectory, loadContract } from '../../support/contracts.ts';
import { verifies } from '../../verifies.ts';
import { invited, meeting, oidOf, startMsgraph, type GraphAnswer } from './start.ts';

interface Permissions {
  readonly least: readonly string[];
  readonly higher?: readonly string[];
}
interface Schema {
  readonly $ref?: string;
  readonly allOf?: readonly Schema[];
  readonly properties?: Readonly<Record<string, unknown>>;
}

const weekly = {
  pattern: { type: 'weekly', interval: 1, daysOfWeek: ['tuesday'] },
  range: { type: 'endDate', startDate: '2027-01-12', endDate: '2027-02-09' },
};
const month = 'startDateTime=2027-01-01T00:00:00Z&endDateTime=2027-02-01T00:00:00Z';

/** What Microsoft's document grants, by the name of our rights; a right to write holds the right to read, which it leaves out. */
const granted = (operation: unknown, who: 'DelegatedWork' | 'Application') =>
  (operation as { 'x-ms-permissions'?: Partial<Record<typeof who, Permissions>> | null })['x-ms-permissions']?.[who];
const readsOf = (scope: string) => [scope, scope.replace('.ReadWrite', '.Read'), scope.replace('.Shared', '')];
const isCovered = (scope: string, listed: readonly string[]) =>
  readsOf(scope).some((one) => listed.includes(one) || listed.includes(one.replace('.ReadWrite', '.Read')));

function disagreement(operation: unknown, { method, template, rights }: Route): string[] {
  const sides = [
    { who: 'DelegatedWork', ours: rights.delegated },
    { who: 'Application', ours: rights.application },
  ] as const;
  return sides.flatMap(({ who, ours }) => {
    const document = granted(operation, who);
    const listed = [...(document?.least ?? []), ...(document?.higher ?? [])];
    const missing = (document?.least ?? []).filter((scope) => !ours.includes(scope));
    const extra = ours.filter((scope) => !isCovered(scope, listed));
    return [
      ...missing.map((scope) => `${method} ${template}: ${who} should take ${scope}`),
      ...extra.map((scope) => `${method} ${template}: ${who} should not take ${scope}`),
    ];
  });
}

describe.skipIf(contractsDirectory === undefined)('against the documents in CONTRACTS_DIR (skipped where they are not)', () => {
  const load = () => loadContract('msgraph-subset.openapi.json');

  verifies('msgraph:contract', 'the rights asked for are those of the document, route by route', () => {
    const { document } = load();
    const described = msgraphRoutes.flatMap((route) => {
      const operation = document.paths[route.template]?.[route.method.toLowerCase()];
      return operation !== undefined && granted(operation, 'DelegatedWork') !== undefined ? [{ operation, route }] : [];
    });

    const disagreements = described.flatMap(({ operation, route }) => disagreement(operation, route));

    expect(described.length).toBeGreaterThan(35);
    expect(disagreements).toEqual([]);
  });

  verifies('msgraph:contract', 'a right too many or too few is noticed', () => {
    const operation = { 'x-ms-permissions': { DelegatedWork: { least: ['Calendars.ReadWrite'] } } };
    const [route] = msgraphRoutes;

    const problems = route
      ? disagreement(operation, { ...route, rights: { ...route.rights, delegated: ['User.Read'], application: [] } })
      : [];

    expect(problems).toHaveLength(2);
  });

  verifies('msgraph:contract', 'answers satisfy the schema of their resource and have no property it does not know', async () => {
    const { call } = await startMsgraph({ seed: seedCalendars });
    const created = await call('ana', 'POST /me/events', {
      body: meeting({
        attendees: invited('ben'),
        isOnlineMeeting: true,
        recurrence: weekly,
        transactionId: 't',
        location: { displayName: 'x' },
      }),
    });
    const answers: [schema: string, answer: GraphAnswer][] = [
      ['event', created],
      ['event', await call('ana', `PATCH /me/events/${String(created.body['id'])}`, { body: { subject: 'new' } })],
      ['eventCollectionResponse', await call('ana', `GET /me/calendarView?${month}`)],
      ['eventCollectionResponse', await call('dmitri', 'GET /me/events?$top=100&$count=true')],
      ['eventCollectionResponse', await call('ana', `GET /users/${oidOf('ben')}/events?$top=100`)],
      ['calendar', await call('ana', 'GET /me/calendar')],
      ['calendarCollectionResponse', await call('ana', 'GET /me/calendars')],
      ['user', await call('ana', 'GET /me')],
      ['userCollectionResponse', await call('ana', 'GET /users?$top=2')],
      ['mailboxSettings', await call('ana', 'GET /me/mailboxSettings')],
      ['ODataErrors.ODataError', await call('ana', 'GET /me/events/x')],
      ['ODataErrors.ODataError', await call('ana', 'POST /me/events', { body: meeting({ transactionId: 't' }) })],
    ];
    const { document, problems } = load();

    const found = answers.flatMap(([name, { body }]) => [
      ...problems(`microsoft.graph.${name}`, body),
      ...unknownProperties(document.components.schemas as Record<string, Schema>, name, body),
    ]);

    expect(answers.filter(([name, { status }]) => status >= 400 !== name.startsWith('ODataErrors'))).toEqual([]);
    expect(found).toEqual([]);
  });

  verifies('msgraph:contract', 'an answer that breaks the document is noticed', () => {
    const { document, problems } = load();
    const schemas = document.components.schemas as Record<string, Schema>;

    expect(problems('microsoft.graph.event', { showAs: 'away' })).not.toEqual([]);
    expect(unknownProperties(schemas, 'eventCollectionResponse', { value: [{ title: 'x' }] })).toEqual(['event.title']);
  });
});

function unknownProperties(schemas: Readonly<Record<string, Schema>>, name: string, body: Record<string, unknown>): string[] {
  const known = propertiesOf(schemas, `microsoft.graph.${name}`);
  const own = Object.keys(body)
    .filter((property) => !property.startsWith('@') && !known.has(property))
    .map((property) => `${name}.${property}`);
  const items = name.endsWith('CollectionResponse') ? (body['value'] as Record<string, unknown>[]) : [];
  return [...own, ...items.flatMap((item) => unknownProperties(schemas, name.replace('CollectionResponse', ''), item))];
}

function propertiesOf(schemas: Readonly<Record<string, Schema>>, name: string): Set<string> {
  const schema = schemas[name];
  const parents = (schema?.allOf ?? []).flatMap((part) => [
    ...Object.keys(part.properties ?? {}),
    ...(part.$ref === undefined ? [] : propertiesOf(schemas, part.$ref.split('/').at(-1) ?? '')),
  ]);
  return new Set([...Object.keys(schema?.properties ?? {}), ...parents]);
}
