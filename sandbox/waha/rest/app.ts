import { timingSafeEqual } from 'node:crypto';
import { Hono, type Context } from 'hono';
import type { ContentfulStatusCode } from 'hono/utils/http-status';
import { environment } from '../envelope.ts';
import { exceptionBody, refusal, unauthorized, WahaRefusal } from '../errors.ts';
import { isAtLeast } from '../options.ts';
import { chatRoutes } from './chats.ts';
import { contactRoutes } from './contacts.ts';
import { isPlayedElsewhere } from './not-played.ts';
import { presenceRoutes } from './presence.ts';
import { sendRoutes } from './send.ts';
import type { Env, Rest } from './rest.ts';
import { serverRoutes } from './server.ts';
import { sessionRoutes } from './sessions.ts';

/** WAHA's HTTP API. */
export function createRest(rest: Rest): Hono<Env> {
  const app = new Hono<Env>();

  app.use(async (c, next) => {
    c.set('body', await readBody(c));
    await next();
  });
  app.use(async (c, next) => {
    if (/^\/(api|health)(\/|$)/.test(c.req.path) && !hasKey(rest, c)) return c.json(unauthorized, 401);
    return next();
  });
  for (const routes of [serverRoutes, sessionRoutes, sendRoutes, presenceRoutes, contactRoutes, chatRoutes])
    app.route('/', routes(rest));

  app.notFound((c) => {
    const route = `${c.req.method} ${c.req.path}`;
    const refused = isPlayedElsewhere(c.req.path)
      ? refusal(501, `sandbox/waha does not play ${route}`)
      : refusal(404, `Cannot ${route}`);
    return c.json(refused.body, refused.status as ContentfulStatusCode);
  });
  app.onError((error, c) => {
    if (error instanceof WahaRefusal) return c.json(error.body, error.status as ContentfulStatusCode);
    const request = { path: c.req.path, method: c.req.method, body: bodyOf(c), query: c.req.query() };
    return c.json(exceptionBody(error, request, { at: rest.context.clock.now(), version: environment(rest.settings) }), 500);
  });
  return app;
}

/** As express reads it: JSON only where the header says so, and an empty body is an empty object. */
async function readBody(c: Context): Promise<Readonly<Record<string, unknown>>> {
  if (!(c.req.header('content-type') ?? '').includes('application/json')) return {};
  const text = await c.req.text();
  if (text === '') return {};
  try {
    const parsed: unknown = JSON.parse(text);
    return typeof parsed === 'object' && parsed !== null ? (parsed as Record<string, unknown>) : {};
  } catch (error) {
    throw refusal(400, error instanceof Error ? error.message : 'Bad JSON');
  }
}

// A body that could not be read was never set.
const bodyOf = (c: Context<Env>): unknown => (c.var as Partial<Env['Variables']>).body ?? {};

function hasKey({ settings }: Rest, c: Context): boolean {
  const inQuery = isAtLeast(settings.version, '2026.4.3') ? c.req.query('x-api-key') : undefined;
  const [given, wanted] = [c.req.header('x-api-key') ?? inQuery ?? '', settings.apiKey].map((key) => Buffer.from(key));
  return given !== undefined && wanted !== undefined && given.length === wanted.length && timingSafeEqual(given, wanted);
}
