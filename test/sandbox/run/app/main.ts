import { app } from '@azure/functions';

// The smallest application that the sandbox can run: it is healthy, tells its time, and takes webhooks.
if (process.env['FAIL_TO_START'] === '1') app.hook.appStart(() => Promise.reject(new Error('WITNESS_SETTING: is missing')));

app.http('health', { methods: ['GET'], authLevel: 'anonymous', handler: () => ({ jsonBody: { status: 'ok' } }) });
app.http('now', {
  methods: ['GET'],
  authLevel: 'anonymous',
  handler: () => ({ jsonBody: { now: Date.now(), pid: process.pid } }),
});
app.http('webhook', {
  methods: ['POST'],
  route: 'webhooks/whatsapp',
  authLevel: 'anonymous',
  handler: () => ({ status: 202 }),
});
