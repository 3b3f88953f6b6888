import { EntraError } from './errors.ts';
import type { Audience, EntraClient } from './options.ts';

// Delegated permissions to Microsoft Graph that the tenant's admin consented to for everybody.
const consented = [
  ...['User.Read', 'User.ReadBasic.All', 'Calendars.Read', 'Calendars.ReadWrite', 'Calendars.Read.Shared'],
  ...['MailboxSettings.Read', 'Place.Read.All', 'Files.Read', 'Files.ReadWrite', 'Files.Read.All', 'Files.ReadWrite.All'],
  ...['Sites.Read.All', 'Sites.ReadWrite.All', 'Mail.Send'],
];
// Permissions that exist and that nobody consented to.
const known = [
  ...['Calendars.ReadBasic', 'Calendars.ReadWrite.Shared', 'Mail.Read', 'Mail.ReadWrite', 'MailboxSettings.ReadWrite'],
  ...['Chat.Read', 'Chat.ReadWrite', 'Contacts.Read', 'People.Read', 'OnlineMeetings.Read', 'OnlineMeetings.ReadWrite'],
  ...['User.Read.All', 'User.ReadWrite.All', 'Directory.Read.All', 'Directory.ReadWrite.All', 'Application.Read.All'],
  ...['Group.Read.All', 'Group.ReadWrite.All', 'GroupMember.Read.All', 'GroupMember.ReadBasic.All'],
  ...['Sites.Selected', 'Sites.FullControl.All', 'Tasks.ReadWrite', 'Notes.Read'],
];

const graphId = '00000003-0000-0000-c000-000000000000';
const graphPrefixes = ['https://graph.microsoft.com/', `${graphId}/`];
const oidcScopes = ['openid', 'profile', 'email', 'offline_access'];

/** What a request asked for, once it was found to be granted. */
export interface GrantedScopes {
  readonly audience: Audience;
  /** The application whose API it is, where the audience is one. */
  readonly api: EntraClient | undefined;
  /** For the `scp` claim: short names. */
  readonly names: string[];
  readonly openid: boolean;
  readonly offline: boolean;
  /** For the answer: in the form that was asked for, without which no client finds its token again. */
  readonly echo: string;
}

interface AskedScope {
  readonly text: string;
  readonly prefix: string;
  readonly name: string;
  readonly api: EntraClient | undefined;
}

/** The prefix of scopes that belong to an application's own API. */
function apiPrefixes({ clientId }: EntraClient): string[] {
  return [`api://${clientId}/`, `${clientId}/`];
}

function readScope(text: string, clients: readonly EntraClient[]): AskedScope {
  const ofGraph = graphPrefixes.find((prefix) => text.startsWith(prefix));
  if (ofGraph !== undefined) return { text, prefix: ofGraph, name: text.slice(ofGraph.length), api: undefined };
  for (const api of clients) {
    const ofApi = apiPrefixes(api).find((prefix) => text.startsWith(prefix));
    if (ofApi !== undefined) return { text, prefix: ofApi, name: text.slice(ofApi.length), api };
  }
  if (/^[A-Za-z][\w.-]*$/.test(text)) return { text, prefix: '', name: text, api: undefined };
  const slash = text.lastIndexOf('/');
  if (/^[a-z]+:\/\/[^/]+\/./.test(text)) throw unknownResource(text.slice(0, slash));
  throw invalidScope(text);
}

export function unknownResource(resource: string): EntraError {
  return new EntraError(
    500011,
    `The resource principal named ${resource} was not found in the tenant. This can happen if the application has not been installed by the administrator of the tenant or consented to by any user in the tenant.`,
  );
}

function invalidScope(scope: string): EntraError {
  return new EntraError(
    70011,
    `The provided request must include a 'scope' input parameter. The provided value for the input parameter 'scope' is not valid. The scope ${scope} is not valid.`,
  );
}

/**
 * Reads the `scope` of a delegated request.
 * @throws {EntraError} 70011, 28000, 500011, 650053 or 65001, as Entra refuses it.
 */
export function grantScopes(scope: string, client: EntraClient, clients: readonly EntraClient[]): GrantedScopes {
  const texts = scope.split(/\s+/).filter((text) => text !== '');
  if (texts.length === 0) throw invalidScope("''");
  const oidc = texts.filter((text) => oidcScopes.includes(text));
  const asked = texts.filter((text) => !oidcScopes.includes(text)).map((text) => readScope(text, clients));
  const [first] = asked;
  if (asked.some(({ api }) => api !== first?.api)) {
    throw new EntraError(
      28000,
      `Provided value for the input parameter scope is not valid because it contains more than one resource. Scope ${scope} is not valid.`,
    );
  }
  const offered = first?.api ? (first.api.scopes ?? ['access_as_user']) : consented;
  const everything = asked.some(({ name }) => name === '.default');
  const named = everything ? expandDefault(asked, offered) : asked.map((one) => grantOne(one, client, offered));
  const kept = oidc.filter((name) => name !== 'offline_access');
  return {
    audience: first?.api ? 'app' : 'msgraph',
    api: first?.api,
    names: [...new Set([...named, ...kept])],
    openid: oidc.includes('openid'),
    offline: oidc.includes('offline_access'),
    echo: [...(everything ? defaultEcho(first, offered) : []), ...asked.map(({ text }) => text), ...kept].join(' '),
  };
}

function defaultEcho(first: AskedScope | undefined, offered: readonly string[]): string[] {
  return offered.map((name) => `${first?.prefix ?? ''}${name}`);
}

function expandDefault(asked: readonly AskedScope[], offered: readonly string[]): readonly string[] {
  if (asked.length === 1) return offered;
  throw new EntraError(
    70011,
    "The provided value for the input parameter 'scope' is not valid. .default scope can't be combined with resource-specific scopes.",
  );
}

function grantOne({ name, api }: AskedScope, client: EntraClient, offered: readonly string[]): string {
  const same = (other: string) => other.toLowerCase() === name.toLowerCase();
  const granted = offered.find(same);
  if (granted !== undefined) return granted;
  if (api !== undefined || !known.some(same)) {
    throw new EntraError(
      650053,
      `The application '${client.name ?? client.clientId}' asked for scope '${name}' that doesn't exist on the resource '${api?.clientId ?? graphId}'. Contact the app vendor.`,
    );
  }
  throw new EntraError(
    65001,
    `The user or administrator has not consented to use the application with ID '${client.clientId}' named '${client.name ?? client.clientId}'. Send an interactive authorization request for this user and resource.`,
  );
}

/** All that was consented to of one audience, as `.default` gives it. */
export function everyScope(audience: Audience, client: EntraClient): GrantedScopes {
  return grantScopes(audience === 'app' ? `api://${client.clientId}/.default` : 'https://graph.microsoft.com/.default', client, [
    client,
  ]);
}

/** Whose `/.default` an application asks for. @throws {EntraError} 1002012, 500011. */
export function grantApplicationScope(scope: string, clients: readonly EntraClient[]): Pick<GrantedScopes, 'audience' | 'api'> {
  if (!scope.endsWith('/.default')) {
    throw new EntraError(
      1002012,
      `The provided value for scope ${scope} is not valid. Client credential flows must have a scope value with /.default suffixed to the resource identifier (application ID URI).`,
    );
  }
  const prefix = scope.slice(0, -'.default'.length);
  if (graphPrefixes.includes(prefix)) return { audience: 'msgraph', api: undefined };
  const api = clients.find((client) => apiPrefixes(client).includes(prefix));
  if (api) return { audience: 'app', api };
  throw unknownResource(prefix.slice(0, -1));
}
