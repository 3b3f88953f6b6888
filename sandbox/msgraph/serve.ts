import { randomUUID } from 'node:crypto';
import type { GraphToken } from './access.ts';
import { badRequest, errorBody, GraphFailure, notPlayed, unauthenticated } from './errors.ts';
import { parsePreferences } from './prefer.ts';
import { parseBody, type Answer, type Route, type World } from './routes.ts';

export type VerifyToken = (token: string) => GraphToken | undefined | Promise<GraphToken | undefined>;

interface Matcher {
  readonly route: Route;
  readonly segments: readonly string[];
}

/** Answers one request: token, route, handler; every answer carries Graph's headers. */
export function createHandler(world: World, { routes, verifyToken }: { routes: readonly Route[]; verifyToken: VerifyToken }) {
  const matchers = routes.map((route): Matcher => ({ route, segments: route.template.split('/').slice(1) }));
  return async (request: Request): Promise<Response> => {
    const requestId = randomUUID();
    const clientRequestId = request.headers.get('client-request-id') ?? requestId;
    const headers = { 'request-id': requestId, 'client-request-id': clientRequestId };
    try {
      const url = new URL(request.url);
      const token = await authenticate(request.headers.get('authorization'), verifyToken);
      const { route, path } = findRoute(matchers, request.method, url.pathname);
      const prefer = parsePreferences(request.headers.get('prefer'));
      const text = await request.text();
      const body = () => parseBody(text, request.headers.get('content-type'));
      const call = { world, token, url, headers: request.headers, prefer, path, route, body };
      const answer = route.method === 'GET' ? route.handle(call) : world.store.atomically(() => route.handle(call));
      return toResponse(answer, {
        ...headers,
        ...(prefer.applied.length === 0 ? {} : { 'preference-applied': prefer.applied.join(', ') }),
      });
    } catch (error) {
      if (!(error instanceof GraphFailure)) throw error;
      const failed = errorBody(error, { requestId, clientRequestId, now: world.context.clock.now() });
      return toResponse({ status: error.status, body: failed }, { ...headers, ...(error.status === 401 ? challenge : {}) });
    }
  };
}

const challenge = {
  'www-authenticate':
    'Bearer realm="", authorization_uri="https://login.microsoftonline.com/common/oauth2/authorize", ' +
    'client_id="00000003-0000-0000-c000-000000000000"',
};

async function authenticate(header: string | null, verifyToken: VerifyToken): Promise<GraphToken> {
  const [, bearer] = /^Bearer\s+(\S+)$/i.exec(header ?? '') ?? [];
  if (bearer === undefined) throw unauthenticated('Access token is empty.');
  const token = await verifyToken(bearer);
  if (!token) throw unauthenticated('Access token validation failure.');
  return token;
}

// Parts of Microsoft Graph that are there, and not played here (yet).
const otherParts =
  /^\/(?:\$batch|drives|sites|shares|places|groups|subscriptions|search|solutions|communications|directoryObjects|applications|(?:me|users\/[^/]+)\/(?:drive|drives|findMeetingTimes|calendar\/getSchedule|reminderView.*|onlineMeetings|calendarGroups|outlook|people|contacts|mailFolders|memberOf|transitiveMemberOf|getMember.*|checkMember.*|events\/delta.*|calendarView\/delta.*|calendar\/calendarPermissions))(?:[/(]|$)/i;

function findRoute(matchers: readonly Matcher[], method: string, pathname: string) {
  const [, version, rest = ''] = /^\/(v1\.0|beta)(\/.*)?$/.exec(pathname) ?? [];
  if (version === undefined) throw badRequest('Invalid version.');
  if (version === 'beta') throw notPlayed('the beta endpoint');
  const segments = rest.split('/').slice(1).map(decodeSegment);
  const found = matchers.flatMap((matcher) => {
    const path = matchSegments(matcher.segments, segments);
    return path ? [{ route: matcher.route, path }] : [];
  });
  const match = found.find(({ route }) => route.method === method);
  if (match) return match;
  if (otherParts.test(rest)) throw notPlayed(`${method} ${rest}`);
  if (found.length > 0)
    throw new GraphFailure(405, 'MethodNotAllowed', { message: `The method ${method} is not played on ${rest}.` });
  throw badRequest(`Resource not found for the segment '${firstUnknown(matchers, segments)}'.`);
}

function decodeSegment(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    throw badRequest('The request URI is not valid.');
  }
}

/** The values in the path, or undefined where it is another; literal segments are compared without case, as Graph does. */
function matchSegments(template: readonly string[], segments: readonly string[]): Record<string, string> | undefined {
  if (template.length !== segments.length) return undefined;
  const path: Record<string, string> = {};
  for (const [index, part] of template.entries()) {
    const segment = segments[index] ?? '';
    const [, name] = /^\{(.+)\}$/.exec(part) ?? [];
    if (name === undefined ? part.toLowerCase() !== segment.toLowerCase() : segment === '') return undefined;
    if (name !== undefined) path[name] = segment;
  }
  return path;
}

function firstUnknown(matchers: readonly Matcher[], segments: readonly string[]): string {
  const known = (length: number) =>
    matchers.some((matcher) => matchSegments(matcher.segments.slice(0, length), segments.slice(0, length)) !== undefined);
  return segments.find((_, index) => !known(index + 1)) ?? segments.at(-1) ?? '';
}

function toResponse({ status, body, headers }: Answer, more: Record<string, string>): Response {
  const all = { ...more, ...headers, 'x-ms-ags-diagnostic': '{"ServerInfo":{"DataCenter":"Sandbox","Slice":"E","Ring":"0"}}' };
  if (body === undefined) return new Response(null, { status, headers: all });
  return new Response(JSON.stringify(body), {
    status,
    headers: {
      'content-type': 'application/json;odata.metadata=minimal;odata.streaming=true;IEEE754Compatible=false;charset=utf-8',
      'odata-version': '4.0',
      ...all,
    },
  });
}
