import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Readable } from 'node:stream';
import type { ReadableStream as NodeReadableStream } from 'node:stream/web';
import { addressOf } from './address.ts';
import type { Asker } from './applications.ts';
import type { SandboxContext } from './context.ts';
import type { VendorName } from './faults.ts';
import { answersItself, hangs, playFault } from './play-fault.ts';

/** A web-standard handler, as `new Hono().fetch` is: every HTTP stand-in is one. */
export type FetchHandler = (request: Request) => Response | Promise<Response>;

export interface HttpVendor {
  readonly vendor: VendorName;
  readonly fetch: FetchHandler;
  /** The body of an error answered by a fault, in the vendor's own words. */
  readonly errorBody: (status: number) => unknown;
}

/** Plays faults around a vendor's handler and writes down each request; `prefix` is cut off the path first. */
export function serveVendor(
  context: SandboxContext,
  vendor: HttpVendor,
  prefix = '',
): (request: IncomingMessage, response: ServerResponse) => Promise<void> {
  return async (incoming, outgoing) => {
    const startedAt = context.clock.now();
    const body = await readBody(incoming);
    const method = incoming.method ?? 'GET';
    const path = (incoming.url ?? '/').slice(prefix.length) || '/';
    const headers = flatHeaders(incoming);
    const request = () =>
      new Request(addressOf(incoming, prefix), {
        method,
        headers,
        ...(body.length > 0 && method !== 'GET' && method !== 'HEAD' ? { body: new Uint8Array(body) } : {}),
      });
    const done = (status: number, answered: string, responseType = '') => {
      context.witness.record({
        ...{ vendor: vendor.vendor, kind: 'request', method, path, requestHeaders: headers, requestBody: body.toString('utf8') },
        ...{ status, responseType, responseBody: answered, byFault: fault !== undefined && answersItself(fault, status) },
      });
      context.journal.record({
        vendor: vendor.vendor,
        at: new Date(startedAt).toISOString(),
        method,
        path,
        headers,
        body: body.toString('utf8'),
        status,
        response: answered,
        durationMs: context.clock.now() - startedAt,
      });
    };

    const asker: Asker = { clientPort: incoming.socket.remotePort, serverPort: incoming.socket.localPort };
    const isOf = (application: number) => context.applications.isOf(application, asker);
    const fault = context.faults.take(vendor.vendor, { method, path, body: body.toString('utf8'), isOf });
    const strike = async () => fault !== undefined && (await context.applications.strike(fault, asker));
    const perform = () => answer(vendor, request);
    const response = await playFault(fault, { perform, strike, errorBody: vendor.errorBody });
    if (!response) {
      if (fault && hangs(fault)) await hang(outgoing, fault.delayMs);
      outgoing.destroy();
      done(0, '');
      return;
    }
    const responseType = response.headers.get('content-type') ?? '';
    done(response.status, await writeResponse(outgoing, response), responseType);
  };
}

async function answer(vendor: HttpVendor, request: () => Request): Promise<Response> {
  try {
    return await vendor.fetch(request());
  } catch (error) {
    // A body nested deeper than the stack: what it says, nobody could have read.
    if (error instanceof RangeError) return Response.json(vendor.errorBody(400), { status: 400 });
    const what = error instanceof Error ? (error.stack ?? error.message) : String(error);
    return new Response(`sandbox/${vendor.vendor}: ${what}`, { status: 500 });
  }
}

function hang(outgoing: ServerResponse, delayMs?: number): Promise<void> {
  return new Promise((resolve) => {
    outgoing.once('close', resolve);
    if (delayMs !== undefined) setTimeout(resolve, delayMs);
  });
}

async function readBody(incoming: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of incoming) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}

function flatHeaders(incoming: IncomingMessage): Record<string, string> {
  return Object.fromEntries(
    Object.entries(incoming.headers).map(([name, value]) => [name, Array.isArray(value) ? value.join(', ') : (value ?? '')]),
  );
}

/** Writes a web response, streaming its body; returns what was written, as text. */
export async function writeResponse(outgoing: ServerResponse, response: Response): Promise<string> {
  const headers: Record<string, string | string[]> = Object.fromEntries(response.headers);
  const cookies = response.headers.getSetCookie();
  if (cookies.length > 0) headers['set-cookie'] = cookies;
  outgoing.writeHead(response.status, headers);
  const written: Buffer[] = [];
  if (response.body) {
    for await (const chunk of Readable.fromWeb(response.body as NodeReadableStream<Uint8Array>)) {
      written.push(chunk as Buffer);
      outgoing.write(chunk);
    }
  }
  outgoing.end();
  return Buffer.concat(written).toString('utf8');
}

/** Listens on 127.0.0.1; port 0 takes a free one. */
export async function listen(
  handler: (request: IncomingMessage, response: ServerResponse) => unknown,
  port = 0,
): Promise<{ server: Server; port: number; close(): Promise<void> }> {
  const server = createServer((request, response) => {
    // No vendor of ours traces, and a web-standard request cannot be made of it.
    if (request.method === 'TRACE') response.writeHead(405, { connection: 'close' }).end();
    else void handler(request, response);
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', resolve);
  });
  const close = () =>
    new Promise<void>((resolve) => {
      server.close(() => resolve());
      server.closeAllConnections();
    });
  return { server, port: (server.address() as AddressInfo).port, close };
}
