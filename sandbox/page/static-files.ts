import { readdirSync, readFileSync } from 'node:fs';
import { createHash } from 'node:crypto';
import { extname, join } from 'node:path';

const types: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.svg': 'image/svg+xml',
};

/** Nothing from elsewhere, nothing inline: what a message or a document says cannot become code. */
const headers = {
  'content-security-policy':
    "default-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'; object-src 'none'; require-trusted-types-for 'script'",
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'cross-origin-opener-policy': 'same-origin',
  'cache-control': 'no-cache',
};

/** The files of a folder by name, read at start; nothing else on the disk can be asked for. */
export function createStaticFiles(directory: string): (name: string, request: Request) => Response | undefined {
  const files = new Map(
    readdirSync(directory)
      .filter((name) => extname(name) in types)
      .map((name) => {
        const content = new Uint8Array(readFileSync(join(directory, name)));
        const etag = `"${createHash('sha256').update(content).digest('base64url').slice(0, 22)}"`;
        return [name, { content, etag, type: types[extname(name)] ?? '' }];
      }),
  );
  return (name, request) => {
    const file = files.get(name);
    if (!file) return undefined;
    const { content, etag, type } = file;
    if (request.headers.get('if-none-match') === etag) return new Response(null, { status: 304, headers: { ...headers, etag } });
    return new Response(content, { headers: { ...headers, etag, 'content-type': type } });
  };
}
