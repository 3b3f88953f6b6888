import type { IncomingMessage } from 'node:http';

/**
 * The address that a request asks for, with `prefix` cut off its path. What stands in the request line is a path, even
 * where a browser would take it for something else (`//host`, a backslash), and a Host that is none is not believed.
 */
export function addressOf({ url = '/', headers }: Pick<IncomingMessage, 'url' | 'headers'>, prefix = ''): URL {
  const target = /^https?:\/\/[^/?#]+/i.test(url) ? url.replace(/^https?:\/\/[^/?#]+/i, '') : url;
  const path = target.slice(prefix.length);
  const rooted = path.startsWith('/') ? path : `/${path}`;
  const host = /^[\w.:[\]-]+$/.test(headers.host ?? '') ? headers.host : 'localhost';
  return URL.parse(`http://${host ?? 'localhost'}${rooted}`) ?? new URL(`http://localhost${rooted}`);
}
