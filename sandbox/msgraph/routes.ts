import type { SandboxContext } from '../kit/context.ts';
import type { SeedPerson } from '../seed/people.ts';
import { openMailbox, type Access, type GraphToken, type Rights } from './access.ts';
import { badRequest, invalidBody } from './errors.ts';
import { parseQuery, type Query, type QueryRules } from './odata/query.ts';
import type { Preferences } from './prefer.ts';
import type { Store } from './store.ts';

/** How a repeated transactionId is answered: both statuses were seen in the wild, with and without the id. */
export interface DuplicateTransaction {
  readonly status: 400 | 409;
  readonly tellsExistingEvent: boolean;
}

/** What every area works on. */
export interface World {
  readonly context: SandboxContext;
  readonly people: readonly SeedPerson[];
  readonly store: Store;
  readonly publicOrigin: string;
  readonly duplicateTransaction: DuplicateTransaction;
}

/** One request, its token already verified. */
export interface Call {
  readonly world: World;
  readonly token: GraphToken;
  readonly url: URL;
  readonly headers: Headers;
  readonly prefer: Preferences;
  /** The values in the path, by their name in the template. */
  readonly path: Readonly<Record<string, string>>;
  readonly route: Route;
  /** The body as parsed JSON. */
  readonly body: () => unknown;
}

export interface Answer {
  readonly status: number;
  /** Undefined is an empty answer, without a content type. */
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

export interface Route {
  readonly method: 'GET' | 'POST' | 'PATCH' | 'DELETE';
  /** As in Microsoft's OpenAPI document: `/me/events/{event-id}`. */
  readonly template: string;
  readonly rights: Rights;
  readonly handle: (call: Call) => Answer;
}

/** The same route under `/me` and `/users/{user-id}`, for each of the paths. */
export function mailboxRoutes(
  method: Route['method'],
  paths: readonly string[],
  { rights, handle }: Pick<Route, 'rights' | 'handle'>,
): Route[] {
  return ['/me', '/users/{user-id}'].flatMap((prefix) =>
    paths.map((path) => ({ method, template: `${prefix}${path}`, rights, handle })),
  );
}

/** The mailbox that a call is about, or the failure that its token has earned. */
export function accessOf({ world, token, path, route }: Call): Access {
  return openMailbox(world, { token, user: path['user-id'], wanted: route.rights });
}

export const queryOf = ({ url }: Call, rules: QueryRules): Query => parseQuery(url, rules);

/** Parses the text of a body; Graph wants an object. */
export function parseBody(text: string, contentType: string | null): unknown {
  if (text === '') throw badRequest('Empty Payload. JSON content expected.');
  if (contentType !== null && !/^application\/json\b/i.test(contentType)) {
    throw badRequest(
      'Unable to read JSON request payload. Please ensure Content-Type header is set and payload is of valid JSON format.',
    );
  }
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value;
  } catch {
    throw badRequest(
      'Unable to read JSON request payload. Please ensure Content-Type header is set and payload is of valid JSON format.',
    );
  }
  throw invalidBody("A 'StartObject' node was expected.");
}

/** A path as in `@odata.context`: `users('<oid>')/events`. */
export const contextUrl = ({ world }: Call, path: string) => `${world.publicOrigin}/v1.0/$metadata#${path}`;
