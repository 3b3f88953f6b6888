import { request as openRequest, type IncomingMessage } from 'node:http';
import { expect } from 'vitest';
import { readBounded } from '../../shared/core/read-bounded.ts';
import { messageEnvelope, signed, startReceiving } from '../conversation/receiving.ts';
import { environment } from '../domain/people/start-sign-in.ts';
import { sharedHost } from '../sandbox/host/start-host.ts';
import { verifies } from '../verifies.ts';

const hmacKey = 'an-hmac-key-of-the-tests';
const megabyte = 1024 * 1024;
const settings = {
  ...environment,
  ...{ WAHA_HMAC_KEYS: hmacKey, FUNCTIONS_REQUEST_BODY_SIZE_LIMIT: String(4 * megabyte) },
  SERVICE_BUS: 'Endpoint=sb://127.0.0.1;SharedAccessKeyName=key;SharedAccessKey=key;UseDevelopmentEmulator=true',
};
const root = '../../../..';
const webhook = sharedHost({ app: root, arguments: ['--entry', 'functions/whatsapp-webhook.ts'], environment: settings });
const signIn = sharedHost({ app: root, arguments: ['--entry', 'functions/sign-in.ts'], environment: settings });

const webhookUrl = () => `${webhook.url()}/api/webhooks/whatsapp`;
const signInUrl = () => `${signIn.url()}/api/sign-in/${'0'.repeat(24)}-${'0'.repeat(40)}`;

/** Posts a body that never ends, as fast as it is taken; answers how much was sent until the answer came. */
async function postForEver(url: string, headers: Record<string, string> = {}) {
  const request = openRequest(url, { method: 'POST', headers });
  const piece = Buffer.alloc(64 * 1024, 'x');
  let sent = 0;
  let stopped = false;
  const write = () => {
    while (!stopped) {
      sent += piece.length;
      if (!request.write(piece)) break;
    }
  };
  request.on('drain', write);
  const status = await new Promise<number | 'cut off' | undefined>((resolve, reject) => {
    request.once('response', (response) => resolve(response.statusCode));
    // Whoever is still writing may find the connection gone before the answer is read.
    request.once('error', (error: NodeJS.ErrnoException) =>
      ['EPIPE', 'ECONNRESET'].includes(error.code ?? '') ? resolve('cut off') : reject(error),
    );
    write();
  });
  stopped = true;
  request.on('error', () => undefined);
  request.destroy();
  return { status, sent };
}

/** Answers the status that an announced length is given, of which nothing is sent. */
async function announce(url: string, bytes: number): Promise<number | undefined> {
  const request = openRequest(url, { method: 'POST', headers: { 'content-length': String(bytes) } });
  const response = await new Promise<IncomingMessage>((resolve, reject) => {
    request.once('response', resolve);
    request.once('error', reject);
    request.flushHeaders();
  });
  request.on('error', () => undefined);
  request.destroy();
  return response.statusCode;
}

async function post(body: string, headers: Record<string, string>): Promise<readonly [number, unknown]> {
  const response = await fetch(webhookUrl(), { method: 'POST', body, headers });
  return [response.status, await response.json()];
}

verifies('limits:bodies', 'a stream is read to the limit and let go, an announced length not even begun', async () => {
  let made = 0;
  let cancelled = false;
  const endless = () =>
    new ReadableStream<Uint8Array>({
      pull: (controller) => {
        made += 1;
        controller.enqueue(new Uint8Array(1_000));
      },
      cancel: () => void (cancelled = true),
    });
  const announced = new Headers({ 'content-length': '10001' });

  expect(await readBounded({ headers: announced, body: endless() }, 10_000)).toBeUndefined();
  expect(made).toBeLessThan(3);
  expect(await readBounded({ headers: new Headers(), body: endless() }, 10_000)).toBeUndefined();
  expect([made < 20, cancelled]).toEqual([true, true]);
  expect(await readBounded({ headers: new Headers(), body: new Response('whole').body }, 5)).toEqual(
    new TextEncoder().encode('whole'),
  );
  expect(await readBounded({ headers: new Headers(), body: null }, 5)).toHaveLength(0);
});

verifies('limits:bodies', 'a webhook longer than any of WAHA is not read, and WAHA is not made to repeat it', async () => {
  const raw = 'x'.repeat(megabyte + 1);

  const answers = [await post(raw, signed(raw, 'any')), await post(raw, {}), await post('{}', signed('{}', hmacKey))];

  expect(answers).toEqual([
    [200, { outcome: 'ignored', reason: 'oversized' }],
    [401, { error: 'unauthorized', message: 'You are not signed in.' }],
    [200, { outcome: 'ignored', reason: 'malformed' }],
  ]);
  await expect.poll(() => webhook.output()).toContain('"reason":"oversized"');
});

verifies('limits:bodies', 'what was refused by its length is brought by catch-up: nothing is marked as seen', async () => {
  const { post: receive, send, clock, stored } = startReceiving();
  const envelope = messageEnvelope(clock.now());

  const refused = await receive(undefined, signed('', 'any'));

  expect([refused, stored()]).toEqual([{ status: 200, outcome: 'ignored', reason: 'oversized' }, []]);
  expect((await send(envelope)).outcome).toBe('stored');
});

verifies('limits:bodies', 'a body that never ends is cut off by the host, and the next request is served', async () => {
  const headers = signed('x', hmacKey);

  const ended = [await postForEver(webhookUrl(), headers), await postForEver(signInUrl())];
  const announced = [await announce(webhookUrl(), 1e12), await announce(signInUrl(), 1e12)];

  for (const { status, sent } of ended) {
    expect([500, 'cut off']).toContain(status);
    // What lies between the two: the buffers of two sockets.
    expect(sent).toBeLessThan(32 * megabyte);
  }
  expect(announced).toEqual([500, 500]);
  await expect.poll(() => signIn.output()).toContain('The max request body size is 4194304 bytes');
  expect((await post('{}', signed('{}', hmacKey)))[0]).toBe(200);
  expect((await fetch(`${signIn.url()}/api/sign-in/callback`)).status).toBe(403);
});

verifies('limits:bodies', 'a body that comes too slowly is not waited for', async () => {
  const request = openRequest(webhookUrl(), { method: 'POST', headers: { 'content-length': '1000' } });
  const startedAt = performance.now();
  const response = await new Promise<IncomingMessage>((resolve, reject) => {
    request.once('response', resolve);
    request.once('error', reject);
    request.write('{');
  });
  request.on('error', () => undefined);
  request.destroy();

  expect(response.statusCode).toBe(500);
  expect(performance.now() - startedAt).toBeLessThan(20_000);
  expect(webhook.output()).toContain('data arriving too slowly');
});
