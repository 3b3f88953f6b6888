import { app } from '@azure/functions';
import { application } from './application.ts';
import { respond } from './respond.ts';

// WAHA repeats whatever is not answered 2xx: store, ring, answer; work later.
app.http('whatsapp-webhook', {
  methods: ['POST'],
  route: 'webhooks/whatsapp',
  authLevel: 'anonymous', // the HMAC header authenticates, not a function key
  handler: (request, { traceContext }) =>
    respond(async () => {
      const webhook = await application.webhook();
      const { status, outcome, reason } = await webhook.receive({
        headers: request.headers,
        body: request.body, // raw bytes: the HMAC is over them
        forwardedFor: request.headers.get('x-forwarded-for') ?? '',
        traceparent: traceContext?.traceParent ?? request.headers.get('traceparent') ?? undefined,
      });
      return { status, jsonBody: { outcome, reason } };
    }),
});
