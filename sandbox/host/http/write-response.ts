import type { ServerResponse } from 'node:http';
import type { HttpCookie, TypedData } from '../core/types.ts';

/** Writes what a function returned in one piece. Nothing returned is an empty 200, as in the real host. */
export function writeBuffered(outgoing: ServerResponse, returned: TypedData | null | undefined): void {
  const { statusCode = '200', headers = {}, cookies = [], body } = returned?.http ?? {};
  for (const [name, value] of Object.entries(headers)) outgoing.setHeader(name, value);
  // One header name holds one value in the worker's message: of several set-cookie headers the last is left.
  const lines = [...(headers['set-cookie'] === undefined ? [] : [headers['set-cookie']]), ...cookies.map(toSetCookie)];
  if (lines.length > 0) outgoing.setHeader('set-cookie', lines);
  outgoing.statusCode = Number(statusCode);
  outgoing.end(toBytes(body));
}

function toBytes(body: TypedData | null | undefined): Uint8Array {
  if (body?.bytes) return body.bytes;
  return Buffer.from(body?.string ?? body?.json ?? '');
}

const sameSiteNames = { lax: 'lax', strict: 'strict', explicitNone: 'none' } as const;

/** As ASP.NET Core writes a cookie: the value escaped, the path `/` unless given. */
export function toSetCookie(cookie: HttpCookie): string {
  const { sameSite = 'none' } = cookie;
  const attributes = [
    `${cookie.name}=${encodeURIComponent(cookie.value)}`,
    cookie.expires && `expires=${new Date(cookie.expires.value.seconds * 1_000).toUTCString()}`,
    cookie.maxAge && `max-age=${Math.trunc(cookie.maxAge.value)}`,
    cookie.domain && `domain=${cookie.domain.value}`,
    `path=${cookie.path?.value ?? '/'}`,
    cookie.secure?.value === true && 'secure',
    sameSite !== 'none' && `samesite=${sameSiteNames[sameSite]}`,
    cookie.httpOnly?.value === true && 'httponly',
  ];
  return attributes.filter((attribute) => typeof attribute === 'string').join('; ');
}
