import { createHmac, randomUUID, timingSafeEqual } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { CosmosClient } from '@azure/cosmos';
import { ServiceBusClient } from '@azure/service-bus';

// The least that could be done with a webhook: check the HMAC, create one document, send one message, answer.
const { COSMOS_ENDPOINT = '', COSMOS_KEY = '', SERVICE_BUS = '', WAHA_HMAC_KEYS = '' } = process.env;
const cosmos = new CosmosClient({ endpoint: COSMOS_ENDPOINT, key: COSMOS_KEY, consistencyLevel: 'Session' });
const container = cosmos.database('adjutant').container('conversations');
const sender = new ServiceBusClient(SERVICE_BUS).createSender('bells');

const server = createServer((request, response) => {
  const chunks: Buffer[] = [];
  request.on('data', (chunk: Buffer) => chunks.push(chunk));
  request.on('end', () => {
    take(Buffer.concat(chunks), String(request.headers['x-webhook-hmac'])).then(
      (status) => response.writeHead(status).end(),
      (error: unknown) => response.writeHead(503).end(String(error)),
    );
  });
});

async function take(body: Buffer, signature: string): Promise<number> {
  const expected = createHmac('sha512', WAHA_HMAC_KEYS).update(body).digest();
  const given = Buffer.from(signature, 'hex');
  if (given.length !== expected.length || !timingSafeEqual(given, expected)) return 401;
  const { payload } = JSON.parse(body.toString()) as { payload: { from: string } };
  const conversationId = `bare:${payload.from}`;
  await container.items.create({ id: randomUUID(), conversationId, workspace: 'bare', type: 'message', body: body.toString() });
  await sender.sendMessages({ body: { conversationId }, contentType: 'application/json' });
  return 202;
}

server.listen(0, '127.0.0.1', () => console.log((server.address() as AddressInfo).port));
