import type { IncomingMessage } from 'node:http';
import type { NullableString, TypedData } from '../core/types.ts';

/** A request as the host goes on with it: what clients may not say of themselves is taken out. */
export interface HostRequest {
  readonly incoming: IncomingMessage;
  readonly method: string;
  readonly url: URL;
  readonly headers: Readonly<Record<string, string>>;
}

/** Undefined where the request names no host that could be one: Kestrel answers that with 400. */
export function toHostRequest(incoming: IncomingMessage): HostRequest | undefined {
  const { url: target = '/', headers: given } = incoming;
  // An empty Host is none. What stands in the request line is a path, also where a browser would read `//` as a host.
  const host = (given.host ?? '') === '' ? 'localhost' : given.host;
  const url = /^[\w.:[\]-]+$/.test(host ?? '') ? URL.parse(`http://${host ?? ''}${target}`) : undefined;
  if (!url || !target.startsWith('/')) return undefined;
  const headers = Object.entries(incoming.headersDistinct)
    // Only the platform's own sign-in may speak for a person.
    .filter(([name]) => !name.startsWith('x-ms-client-principal'))
    .map(([name, values = []]): [string, string] => [name, values.join(name === 'cookie' ? '; ' : ',')]);
  return {
    incoming,
    method: incoming.method ?? 'GET',
    url,
    headers: Object.fromEntries(headers),
  };
}

/** The request as one message to the worker: repeated query values joined, a body only where its length was announced. */
export function toBufferedData(request: HostRequest, params: Readonly<Record<string, string>>, body: Uint8Array): TypedData {
  return {
    http: {
      method: request.method,
      url: request.url.href,
      nullableHeaders: nullable(request.headers),
      nullableParams: nullable(params),
      nullableQuery: nullable(joinedQuery(request.url)),
      ...(body.length > 0 && Number(request.headers['content-length'] ?? 0) > 0 ? { body: { bytes: body } } : {}),
    },
  };
}

export function joinedQuery(url: URL): Record<string, string> {
  const names = new Set(url.searchParams.keys());
  return Object.fromEntries([...names].map((name) => [name, url.searchParams.getAll(name).join(',')]));
}

function nullable(values: Readonly<Record<string, string>>): Record<string, NullableString> {
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [name, { value }]));
}
