import { randomBytes } from 'node:crypto';
import { Hono } from 'hono';
import { reachoutTimelock } from '../envelope.ts';
import { refusal, sessionUnknown } from '../errors.ts';
import { valueOf, type Settings } from '../options.ts';
import type { Env, Rest } from './rest.ts';

export function sessionRoutes(rest: Rest): Hono<Env> {
  const { settings, session } = rest;
  const app = new Hono<Env>();
  const known = (name: string) => {
    if (name !== settings.wahaSession) throw sessionUnknown(name);
  };
  const brief = () => ({ name: settings.wahaSession, status: session.status(), config: sessionConfig(settings) });

  app.get('/api/sessions', (c) => {
    const all = c.req.query('all') === 'true';
    return c.json(all || session.status() !== 'STOPPED' ? [sessionInfo(rest)] : []);
  });
  app.post('/api/sessions', (c) => {
    if (c.get('body').name !== settings.wahaSession) throw refusal(501, 'sandbox/waha plays one session only');
    throw refusal(422, `Session '${settings.wahaSession}' already exists. Use PUT to update it.`);
  });
  app.get('/api/sessions/:session', (c) => {
    if (c.req.param('session') !== settings.wahaSession) throw refusal(404, 'Session not found');
    return c.json(sessionInfo(rest));
  });
  app.get('/api/sessions/:session/me', (c) => {
    known(c.req.param('session'));
    return c.json(session.me());
  });
  app.post('/api/sessions/:session/:action{start|stop|restart|logout}', (c) => {
    known(c.req.param('session'));
    session[c.req.param('action') as 'start' | 'stop' | 'restart' | 'logout']();
    return c.json(brief(), 201);
  });

  app.get('/api/:session/auth/qr', async (c) => {
    await session.expect(c.req.param('session'), ['SCAN_QR_CODE']);
    if (c.req.query('format') === 'raw') return c.json({ value: `2@${randomBytes(24).toString('base64')}` });
    if (c.req.header('accept')?.includes('application/json')) return c.json({ mimetype: 'image/png', data: qrPicture });
    return c.body(new Uint8Array(Buffer.from(qrPicture, 'base64')), 200, { 'content-type': 'image/png' });
  });
  app.post('/api/:session/auth/request-code', (c) => {
    known(c.req.param('session'));
    if (session.status() !== 'SCAN_QR_CODE') {
      throw refusal(422, `Can request code only in SCAN_QR_CODE status. The current status is ${session.status()}`);
    }
    const letters = randomBytes(8).toString('hex').toUpperCase();
    return c.json({ code: `${letters.slice(0, 4)}-${letters.slice(4, 8)}` }, 201);
  });
  return app;
}

// One white pixel: nobody scans it here.
const qrPicture = 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mP8/5+hHgAHggJ/PchI7wAAAABJRU5ErkJggg==';

function sessionInfo({ settings, session, context, account }: Rest) {
  const lock = account.restricted() ? reachoutTimelock(true) : null;
  const me = session.me();
  return {
    name: settings.wahaSession,
    status: session.status(),
    config: sessionConfig(settings),
    me: me && { ...me, reachoutTimelock: lock },
    presence: 'offline',
    timestamps: { activity: context.clock.now() },
    engine: { engine: settings.engine },
  };
}

/** As GET shows it: the HMAC key and the custom headers in clear. */
function sessionConfig({ webhook, engine, nowebStore }: Settings) {
  return {
    ...(engine === 'NOWEB' ? { noweb: { markOnline: true, store: { enabled: nowebStore, fullSync: false } } } : {}),
    webhooks: [
      {
        url: valueOf(webhook.url),
        events: webhook.events,
        hmac: { key: webhook.hmacKey },
        retries: webhook.retries,
        customHeaders: webhook.customHeaders,
      },
    ],
  };
}
