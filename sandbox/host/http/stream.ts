import { request as openRequest, type IncomingMessage, type ServerResponse } from 'node:http';
import { pipeline } from 'node:stream/promises';
import type { Invocation } from '../core/invoker.ts';
import { joinedQuery, type HostRequest } from './read-request.ts';

/** Headers that belong to one connection and are not passed on. */
const hopByHop = new Set([
  'connection',
  'expect',
  'keep-alive',
  'proxy-connection',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
]);
const invocationIdHeader = 'x-ms-invocation-id';
// A function that returns nothing never ends its proxied response: the real host gives up after this.
const activityTimeoutMs = 240_000;

export interface ProxiedCall {
  readonly request: HostRequest;
  readonly outgoing: ServerResponse;
  /** Where the library listens: its `HttpUri` capability. */
  readonly httpUri: string;
  readonly invocationId: string;
}

/** What the worker is told beside the proxied request: the rest comes over that connection. */
export function toStreamedData(
  request: HostRequest,
  params: Readonly<Record<string, string>>,
): Pick<Invocation, 'data' | 'triggerMetadata'> {
  return {
    data: { http: {} },
    triggerMetadata: {
      Headers: { json: JSON.stringify(request.headers) },
      Query: { json: JSON.stringify(joinedQuery(request.url)) },
      ...Object.fromEntries(Object.entries(params).map(([name, value]) => [name, { string: value }])),
    },
  };
}

/**
 * Sends the request to the library's own server, which answers for the function, and passes that answer on as it comes.
 * `abort` is for a function that failed: the library then never ends its response.
 */
export function proxy(call: ProxiedCall): { done: Promise<void>; started(): boolean; abort(): unknown } {
  const { request, outgoing, httpUri, invocationId } = call;
  const upstream = openRequest(new URL(`${request.url.pathname}${request.url.search}`, httpUri), {
    method: request.method,
    headers: {
      ...withoutHopByHop(request.headers),
      [invocationIdHeader]: invocationId,
      'x-forwarded-host': request.url.host,
      'x-forwarded-proto': 'http',
    },
    agent: false,
  });
  upstream.setTimeout(activityTimeoutMs, () => upstream.destroy());
  // A function may answer without reading the body: what cannot be sent then is no failure.
  void pipeline(request.incoming, upstream).catch(() => undefined);
  const done = (async () => {
    const response = await answerOf(upstream);
    outgoing.writeHead(response.statusCode ?? 200, withoutHopByHop(response.headers));
    outgoing.flushHeaders();
    await pipeline(response, outgoing);
  })();
  // Whoever goes away takes the proxied request along; the function is not told (as in the real host).
  outgoing.once('close', () => {
    if (!outgoing.writableFinished) upstream.destroy();
  });
  return { done, started: () => outgoing.headersSent, abort: () => upstream.destroy() };
}

function answerOf(upstream: ReturnType<typeof openRequest>): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    upstream.once('response', resolve);
    upstream.on('error', reject);
    upstream.once('close', () => reject(new Error('the connection was closed before a response')));
  });
}

function withoutHopByHop<T>(headers: Readonly<Record<string, T>>): Record<string, T> {
  return Object.fromEntries(Object.entries(headers).filter(([name]) => !hopByHop.has(name) && name !== invocationIdHeader));
}
