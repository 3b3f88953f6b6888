import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { onTestFinished, vi } from 'vitest';
import { createSandboxContext } from '../../../sandbox/kit/context.ts';
import { listen, serveVendor } from '../../../sandbox/kit/http.ts';
import { createWaha, type WahaOptions } from '../../../sandbox/waha/waha.ts';

export const ana = { name: 'Ana Ribeiro', phone: '+15550100001', lid: '271828182845901' };
export const ben = { name: 'Ben Okafor', phone: '+15550100002', lid: '271828182845902' };
export const account = { name: 'Adjutant', phone: '+15550100000', lid: '314159265358979' };
export const hmacKey = 'test-hmac-key';
export const apiKey = 'test-key';

export interface Received {
  readonly method: string;
  readonly url: string;
  readonly rawHeaders: readonly string[];
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly raw: string;
  readonly body: Envelope;
  readonly at: number;
}

export interface Envelope {
  readonly id: string;
  readonly event: string;
  readonly timestamp: number;
  readonly session: string;
  readonly me: unknown;
  readonly payload: Readonly<Record<string, unknown>>;
}

/** A webhook that keeps what it is sent and answers as told, 200 by default. */
export async function startReceiver() {
  const received: Received[] = [];
  const answers: ((response: ServerResponse) => void)[] = [];
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const raw = Buffer.concat(chunks).toString('utf8');
      const body = (raw === '' ? {} : JSON.parse(raw)) as Envelope;
      const { method = '', url = '', rawHeaders, headers } = request;
      received.push({ method, url, rawHeaders, headers, raw, body, at: Date.now() });
      const answer = answers.shift() ?? ((to: ServerResponse) => to.end());
      answer(response);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook`;
  const status =
    (code: number, headers: Record<string, string> = {}) =>
    (response: ServerResponse) =>
      response.writeHead(code, headers).end();
  /** Waits until so many have come, of one event where one is named. */
  const arrived = (count: number, event?: string) =>
    vi.waitFor(
      () => {
        const found = event === undefined ? received : received.filter(({ body }) => body.event === event);
        if (found.length < count) throw new Error(`${found.length} of ${count} webhooks came`);
        return found;
      },
      { timeout: 5_000, interval: 5 },
    );
  return { url, received, answers, status, arrived };
}

export type Receiver = Awaited<ReturnType<typeof startReceiver>>;

export type Overrides = Partial<Omit<WahaOptions, 'webhook'>> & {
  readonly webhook?: Partial<WahaOptions['webhook']>;
  readonly directory?: string;
};

/** WAHA on a port of its own, under /waha, with a receiver of its webhooks. */
export async function startWaha({ webhook, directory, ...options }: Overrides = {}) {
  const receiver = await startReceiver();
  const context = createSandboxContext(directory === undefined ? {} : { directory });
  let port = 0;
  const waha = createWaha(context, {
    apiKey,
    wahaSession: 'default',
    baseUrl: () => `http://127.0.0.1:${port}/waha`,
    account,
    people: [ana, ben],
    ackDelaysMs: { server: 1, device: 1, read: 1 },
    mediaDownloadMs: 1,
    statusWaitMs: 20,
    ...options,
    webhook: { url: receiver.url, hmacKey, events: ['message'], ...webhook },
  });
  const served = await listen(serveVendor(context, waha.vendor, '/waha'));
  port = served.port;
  const close = async () => {
    await waha.close();
    context.clock.stop();
    await served.close();
  };
  let closed: Promise<void> | undefined;
  const closeOnce = () => (closed ??= close());
  onTestFinished(closeOnce);
  return { context, waha, receiver, close: closeOnce, baseUrl: `http://127.0.0.1:${port}/waha`, api: apiOf(port) };
}

export interface ApiAnswer {
  readonly status: number;
  readonly body: unknown;
}

/** Calls the API with the key; the body is parsed where it is JSON. */
function apiOf(port: number) {
  return async (method: string, path: string, body?: unknown): Promise<ApiAnswer> => {
    const response = await fetch(`http://127.0.0.1:${port}/waha${path}`, {
      method,
      headers: { 'X-Api-Key': apiKey, ...(body === undefined ? {} : { 'content-type': 'application/json' }) },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    const isJson = response.headers.get('content-type')?.includes('json') === true;
    return { status: response.status, body: isJson ? (JSON.parse(text) as unknown) : text };
  };
}

export const toAna = (text: string, more: Record<string, unknown> = {}) => ({
  session: 'default',
  chatId: `${ana.lid}@lid`,
  text,
  linkPreview: false,
  ...more,
});
