import { Hono } from 'hono';
import { environment } from '../envelope.ts';
import { valueOf } from '../options.ts';
import type { Env, Rest } from './rest.ts';

export function serverRoutes({ context, settings, media }: Rest): Hono<Env> {
  const app = new Hono<Env>();
  const startedAt = context.clock.now();

  app.get('/ping', (c) => c.json({ message: 'pong' }));
  // About disk space only: it says nothing of WhatsApp.
  app.get('/health', (c) => {
    const details = { 'mediaFiles.space': { status: 'up', path: '/tmp/whatsapp-files', diskPath: '/', free: 2 ** 35 } };
    return c.json({ status: 'ok', info: details, error: {}, details });
  });
  app.get('/api/version', (c) => c.json(environment(settings)));
  app.get('/api/server/version', (c) => c.json(environment(settings)));
  app.get('/api/server/status', (c) =>
    c.json({ startTimestamp: startedAt, uptime: context.clock.now() - startedAt, worker: { id: null } }),
  );
  app.get('/api/server/environment', (c) =>
    c.json({
      WAHA_API_KEY: settings.apiKey,
      WAHA_BASE_URL: valueOf(settings.baseUrl),
      WHATSAPP_DEFAULT_ENGINE: settings.engine,
    }),
  );
  app.get('/api/files/:session/:file', (c) => {
    const file = c.req.param('session') === settings.wahaSession ? media.open(c.req.param('file')) : undefined;
    if (!file) return c.notFound();
    return c.body(new Uint8Array(Buffer.from(file.base64, 'base64')), 200, { 'content-type': file.mimetype });
  });
  return app;
}
