import { readFile } from 'node:fs/promises';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { extname, join, sep } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../page/public/', import.meta.url));

const types: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.json': 'application/json',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.ico': 'image/x-icon',
  '.woff2': 'font/woff2',
};

/** The chat page: the files of sandbox/page/public. */
export async function servePage(incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
  const { pathname } = new URL(incoming.url ?? '/', 'http://127.0.0.1');
  const found = incoming.method === 'GET' || incoming.method === 'HEAD' ? await load(pathname) : undefined;
  if (!found) {
    const message = `There is no ${incoming.method ?? 'GET'} ${pathname} here.`;
    outgoing.writeHead(404, { 'content-type': 'application/json' }).end(JSON.stringify({ error: { message } }));
    return;
  }
  const type = types[extname(found.path)] ?? 'application/octet-stream';
  outgoing.writeHead(200, {
    'content-type': type,
    'content-length': found.content.length,
    'cache-control': 'no-store',
    'x-content-type-options': 'nosniff',
  });
  outgoing.end(incoming.method === 'HEAD' ? undefined : found.content);
}

async function load(pathname: string): Promise<{ path: string; content: Buffer } | undefined> {
  const path = fileOf(pathname);
  if (path === undefined) return undefined;
  try {
    return { path, content: await readFile(path) };
  } catch {
    return undefined; // not there, or a folder
  }
}

/** The file a path means, if it lies in the folder of the page. */
function fileOf(pathname: string): string | undefined {
  try {
    const path = join(root, decodeURIComponent(pathname.endsWith('/') ? `${pathname}index.html` : pathname));
    return path.startsWith(root.endsWith(sep) ? root : root + sep) ? path : undefined;
  } catch {
    return undefined;
  }
}
