import type { SeedPerson } from '../../seed/people.ts';
import { checkRights, findUser, readsWholeProfiles, rights } from '../access.ts';
import { badRequest, directoryDenied, resourceNotFound, unsupportedUserQuery } from '../errors.ts';
import { conditionsOf, type Filter, type Literal } from '../odata/filter.ts';
import { nextLink, pageOf, selected } from '../odata/page.ts';
import type { Query, QueryRules } from '../odata/query.ts';
import { contextUrl, queryOf, type Answer, type Call, type Route } from '../routes.ts';

/** What User.ReadBasic.All shows of others. */
const basicProperties = new Set(['id', 'displayName', 'givenName', 'surname', 'mail', 'userPrincipalName']);
/** What is answered where nothing is selected. */
const defaultProperties = [
  'businessPhones',
  'displayName',
  'givenName',
  'jobTitle',
  'mail',
  'mobilePhone',
  'officeLocation',
  'preferredLanguage',
  'surname',
  'userPrincipalName',
  'id',
];

function renderUser({ oid, name, email, userPrincipalName = email, phone }: SeedPerson): Record<string, Literal | Literal[]> {
  const [givenName = '', ...family] = name.split(' ');
  return {
    businessPhones: [],
    displayName: name,
    givenName,
    jobTitle: null,
    mail: email,
    mobilePhone: phone,
    officeLocation: null,
    preferredLanguage: null,
    surname: family.join(' '),
    userPrincipalName,
    id: oid,
    accountEnabled: true,
    mailNickname: email.split('@')[0] ?? '',
    userType: 'Member',
    department: null,
    companyName: null,
    usageLocation: null,
  };
}

const properties = new Set(Object.keys(renderUser({ oid: '', name: '', email: '', phone: '' } as SeedPerson)));
const userRules: QueryRules = { options: ['$select'], properties, type: 'user', maxTop: 999 };
const listRules: QueryRules = { ...userRules, options: ['$select', '$top', '$filter', '$orderby', '$count', '$skiptoken'] };
const defaultPage = 100;
const filterable = new Set([
  'id',
  'displayName',
  'givenName',
  'surname',
  'mail',
  'userPrincipalName',
  'mobilePhone',
  'accountEnabled',
]);

/** A person as the token may see them: what it may not read is null, not missing. */
function visibleUser({ token }: Call, person: SeedPerson, select: readonly string[] | undefined): Record<string, unknown> {
  const whole = person.oid === token.oid || readsWholeProfiles(token);
  const shown = Object.fromEntries(
    Object.entries(renderUser(person)).map(([name, value]) => [
      name,
      whole || basicProperties.has(name) ? value : Array.isArray(value) ? [] : null,
    ]),
  );
  const wanted = select ?? defaultProperties;
  // Unlike Outlook, the directory gives the id only where it was selected.
  return Object.fromEntries(Object.entries(selected(shown, wanted)).filter(([name]) => wanted.includes(name)));
}

const contextOf = (call: Call, select: readonly string[] | undefined) =>
  contextUrl(call, `users${select ? `(${select.join(',')})` : ''}`);

function answerUser(call: Call, person: SeedPerson): Answer {
  const { select } = queryOf(call, userRules);
  return {
    status: 200,
    body: { '@odata.context': `${contextOf(call, select)}/$entity`, ...visibleUser(call, person, select) },
  };
}

function getMe(call: Call): Answer {
  const { world, token, route } = call;
  if (token.oid === undefined) throw badRequest('/me request is only valid with delegated authentication flow.');
  checkRights(token, route.rights);
  const person = findUser(world.people, token.oid);
  if (!person) throw resourceNotFound(token.oid);
  return answerUser(call, person);
}

function getUser(call: Call): Answer {
  const { world, token, path, route } = call;
  checkRights(token, route.rights);
  const id = path['user-id'] ?? '';
  const person = findUser(world.people, id);
  const seesOthers = token.oid === undefined || rights.listUsers.delegated.some((scope) => token.scopes.includes(scope));
  if (!seesOthers && person?.oid !== token.oid) throw directoryDenied();
  if (!person) throw resourceNotFound(id);
  return answerUser(call, person);
}

function listUsers(call: Call): Answer {
  const { world, token, url, route, headers } = call;
  checkRights(token, route.rights);
  const query = queryOf(call, listRules);
  checkUserQuery(query, { advanced: headers.get('consistencylevel') === 'eventual' && query.count });
  if (pathsOf(query).some((path) => !basicProperties.has(path)) && !readsWholeProfiles(token)) throw directoryDenied();
  const resolve = (person: SeedPerson, path: string) => renderUser(person)[path] as Literal;
  const page = pageOf(world.people, query, { resolve, pageSize: defaultPage });
  const token64 = Buffer.from(String(page.nextSkip)).toString('base64url');
  return {
    status: 200,
    body: {
      '@odata.context': contextOf(call, query.select),
      ...(page.count === undefined ? {} : { '@odata.count': page.count }),
      ...(page.nextSkip === undefined
        ? {}
        : { '@odata.nextLink': nextLink(url, world.publicOrigin, { name: '$skiptoken', value: token64 }) }),
      value: page.items.map((person) => visibleUser(call, person, query.select)),
    },
  };
}

const pathsOf = ({ filter, orderby }: Query) => [...(filter ? conditionsOf(filter) : []), ...orderby].map(({ path }) => path);

/** The directory takes some queries only with `ConsistencyLevel: eventual` and `$count=true`, and `contains` never. */
function checkUserQuery(query: Query, { advanced }: { advanced: boolean }): void {
  if (query.top === 0) throw unsupportedUserQuery('Invalid page size specified: 0. Must be between 1 and 999 inclusive.');
  for (const path of pathsOf(query)) {
    if (!properties.has(path)) {
      throw badRequest(`Invalid filter clause: Could not find a property named '${path}' on type 'microsoft.graph.user'.`);
    }
    if (!filterable.has(path))
      throw unsupportedUserQuery(`Unsupported or invalid query filter clause specified for property '${path}'.`);
  }
  if (query.filter && conditionsOf(query.filter).some(({ kind }) => kind === 'contains')) {
    throw unsupportedUserQuery('Unsupported Query.');
  }
  const needsAdvanced =
    (query.filter && isAdvanced(query.filter)) === true || (query.filter !== undefined && query.orderby.length > 0);
  if (needsAdvanced && !advanced) {
    throw unsupportedUserQuery(
      "Operator is not supported because the required parameters might be missing. Try adding $count=true query parameter and 'ConsistencyLevel:eventual' header.",
    );
  }
}

function isAdvanced(filter: Filter): boolean {
  switch (filter.kind) {
    case 'and':
    case 'or':
      return isAdvanced(filter.left) || isAdvanced(filter.right);
    case 'compare':
      return filter.operator === 'ne';
    default:
      return filter.kind === 'not' || filter.kind === 'endswith';
  }
}

export const userRoutes: readonly Route[] = [
  { method: 'GET', template: '/me', rights: rights.readMe, handle: getMe },
  { method: 'GET', template: '/users', rights: rights.listUsers, handle: listUsers },
  { method: 'GET', template: '/users/{user-id}', rights: rights.readUser, handle: getUser },
];
