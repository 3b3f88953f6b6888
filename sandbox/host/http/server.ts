import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { HostedFunction } from '../functions.ts';
import { answerAdmin, type AdminContext } from './admin.ts';
import { callFunction, type HttpContext } from './call-function.ts';
import { toHostRequest } from './read-request.ts';
import { compareRoutes, compileRoute, templateOf, type Route } from './routes.ts';

export interface HttpServerOptions extends HttpContext {
  readonly functions: readonly HostedFunction[];
  readonly routePrefix: string;
  readonly port: number;
  readonly admin: Omit<AdminContext, 'functions' | 'urlOf'>;
  readonly homePage: boolean;
}

export interface HttpServer {
  readonly port: number;
  /** How many requests are being answered. */
  open(): number;
  /** Takes no further request; `close` then ends what is left. */
  stop(): void;
  close(): Promise<void>;
}

interface RoutedFunction {
  readonly hosted: HostedFunction;
  readonly route: Route;
  readonly methods: readonly string[];
}

// As Kestrel; Node's five seconds would now and then cut a pooled connection in the moment of its use.
const keepAliveMs = 130_000;

export async function startHttpServer(options: HttpServerOptions): Promise<HttpServer> {
  const routed = toRouted(options);
  let open = 0;
  let stopping = false;
  const server = createServer((incoming, outgoing) => {
    if (stopping) {
      outgoing.writeHead(503, { connection: 'close' }).end();
      return;
    }
    open += 1;
    void answer(options, routed, { incoming, outgoing })
      .catch((error: unknown) => {
        options.log('error', `${incoming.method ?? ''} ${incoming.url ?? ''}: ${String(error)}`);
        outgoing.destroy();
      })
      .finally(() => (open -= 1));
  });
  server.keepAliveTimeout = keepAliveMs;
  await listenOn(server, options.port);
  return {
    port: (server.address() as AddressInfo).port,
    open: () => open,
    stop() {
      stopping = true;
      server.close();
      server.closeIdleConnections();
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

function toRouted({ functions, routePrefix }: HttpServerOptions): RoutedFunction[] {
  return functions
    .flatMap((hosted) => {
      if (hosted.trigger.type !== 'http') return [];
      return [{ hosted, methods: hosted.trigger.methods, route: compileRoute(templateOf(hosted.trigger.route, routePrefix)) }];
    })
    .sort((a, b) => compareRoutes(a.route, b.route));
}

async function listenOn(server: Server, port: number): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', resolve);
  });
}

async function answer(
  options: HttpServerOptions,
  routed: readonly RoutedFunction[],
  { incoming, outgoing }: { incoming: IncomingMessage; outgoing: ServerResponse },
): Promise<void> {
  const request = toHostRequest(incoming);
  if (!request) {
    outgoing.writeHead(400, { connection: 'close' }).end();
    return;
  }
  const path = request.url.pathname;
  if (/^\/admin(\/|$)/i.test(path)) {
    const urlOfFunction = (hosted: HostedFunction) => urlOf(hosted, options, request.url.origin);
    const { status, body } = await answerAdmin({ ...options.admin, functions: options.functions, urlOf: urlOfFunction }, request);
    if (body === undefined) outgoing.writeHead(status).end();
    else outgoing.writeHead(status, { 'content-type': 'application/json; charset=utf-8' }).end(JSON.stringify(body));
    return;
  }
  for (const { hosted, route, methods } of routed) {
    // A method that is not meant is no match: the real host answers 404, not 405.
    const params = methods.length === 0 || methods.includes(request.method) ? route.match(path) : undefined;
    if (!params) continue;
    if (hosted.disabled) break;
    await callFunction(options, { hosted, request, params, outgoing });
    return;
  }
  if (path === '/') writeHomePage(outgoing, options.homePage);
  else outgoing.writeHead(404).end();
}

function urlOf(hosted: HostedFunction, { routePrefix }: HttpServerOptions, origin: string): string | null {
  return hosted.trigger.type === 'http' ? `${origin}/${templateOf(hosted.trigger.route, routePrefix)}` : null;
}

function writeHomePage(outgoing: ServerResponse, shown: boolean): void {
  if (!shown) {
    outgoing.writeHead(204).end();
    return;
  }
  outgoing
    .writeHead(200, { 'content-type': 'text/html' })
    .end('<!doctype html><title>Functions</title><p>Your Functions 4.0 App is up and running</p>\n');
}
