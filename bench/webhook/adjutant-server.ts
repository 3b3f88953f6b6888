import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Readable } from 'node:stream';
import { application } from '../../functions/application.ts';

// The application's webhook behind a plain Node server: what it takes without the local functions host, which stands where
// Azure's own would, and shares the process.
const webhook = await application.webhook();
const server = createServer((request, response) => {
  const headers = new Headers(Object.entries(request.headers).map(([name, value]) => [name, String(value)]));
  webhook.receive({ headers, body: Readable.from(request), forwardedFor: '' }).then(
    ({ status }) => response.writeHead(status).end(),
    (error: unknown) => response.writeHead(503).end(String(error)),
  );
});

server.listen(0, '127.0.0.1', () => console.log((server.address() as AddressInfo).port));
