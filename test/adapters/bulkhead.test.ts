import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, onTestFinished } from 'vitest';
import { limitFetch } from '../../shared/adapters/limited-fetch.ts';
import { createOpenaiModel } from '../../shared/adapters/openai/model.ts';
import { requestJson, type Fetch } from '../../shared/adapters/request-json.ts';
import { createBulkhead } from '../../shared/core/bulkhead.ts';
import { AppError } from '../../shared/core/errors.ts';
import { verifies } from '../verifies.ts';

/** A vendor that takes requests and, until it is let go, answers none: or begins an answer and stops in the middle. */
async function startHanging(options: { beginsAnswer?: boolean } = {}) {
  const held: (() => void)[] = [];
  let open = 0;
  const server = createServer((_request, response) => {
    open += 1;
    if (options.beginsAnswer) response.writeHead(200, { 'content-type': 'application/json' }).write('{"value":');
    held.push(() => response.end(options.beginsAnswer ? '1}' : '{"value":1}'));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return { url, open: () => open, letGo: () => held.splice(0).forEach((end) => end()) };
}

const settled = (calls: readonly Promise<unknown>[]) =>
  Promise.all(
    calls.map((call) =>
      call.then(
        () => 'answered',
        (error: unknown) => (error as { code: string }).code,
      ),
    ),
  );
const ask = (fetch: Fetch, url: string) => requestJson(fetch, { vendor: 'msgraph', url, timeoutMs: 5_000 });
const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

for (const beginsAnswer of [false, true]) {
  const how = beginsAnswer ? 'in the middle of its answer' : 'before it answers';

  verifies('limits:bulkheads', `a vendor that hangs ${how} holds its own slots and no more; others are told soon`, async () => {
    const { url, open, letGo } = await startHanging({ beginsAnswer });
    const fetch = limitFetch(globalThis.fetch, { vendor: 'msgraph', slots: 3, waitMs: 50 });
    const first = [1, 2, 3].map(() => ask(fetch, url));
    await expect.poll(open).toBe(3);

    const refused = await settled([1, 2, 3, 4, 5].map(() => ask(fetch, url)));
    const reached = open();
    for (let times = 0; times < 10; times += 1) await pause(10).then(letGo);

    expect(refused).toEqual(['busy', 'busy', 'busy', 'busy', 'busy']);
    expect(reached).toBe(3);
    expect(await settled(first)).toEqual(['answered', 'answered', 'answered']);
    const after = ask(fetch, url);
    await expect.poll(open).toBe(4);
    letGo();
    expect(await settled([after])).toEqual(['answered']);
  });
}

verifies('limits:bulkheads', 'a slot that is given back goes to who waits longest, and giving up leaves the queue', async () => {
  const bulkhead = createBulkhead({ vendor: 'waha', slots: 1, waitMs: 1_000 });
  const order: string[] = [];
  let release = () => {};
  const first = bulkhead.run(() => new Promise<void>((resolve) => (release = resolve)));
  await pause(0);
  const givesUp = new AbortController();
  const waiting = [
    bulkhead.run(() => Promise.resolve(order.push('a'))),
    bulkhead.run(() => Promise.resolve(order.push('b')), givesUp.signal),
    bulkhead.run(() => Promise.resolve(order.push('c'))),
  ];
  givesUp.abort(new AppError('lease-lost', 'The lease is lost'));
  waiting.push(bulkhead.run(() => Promise.resolve(order.push('d')), givesUp.signal));
  release();

  expect(await settled([first, ...waiting])).toEqual(['answered', 'answered', 'lease-lost', 'answered', 'lease-lost']);
  expect(order).toEqual(['a', 'c']);
});

verifies('limits:bulkheads', 'an error gives its slot back, and a model without a slot is busy, not broken', async () => {
  const failing = limitFetch(() => Promise.reject(new TypeError('fetch failed')), { vendor: 'openai', slots: 1, waitMs: 10 });
  await expect(failing('http://nowhere.invalid')).rejects.toThrow('fetch failed');
  await expect(failing('http://nowhere.invalid')).rejects.toThrow('fetch failed');
  const { url } = await startHanging();
  const fetch = limitFetch(globalThis.fetch, { vendor: 'openai', slots: 1, waitMs: 10 });
  void fetch(url).catch(() => undefined);
  const asked: unknown[] = [];
  const counting: Fetch = (...given) => {
    asked.push(given);
    return fetch(...given);
  };
  const model = createOpenaiModel({
    ...{ apiKey: 'k', baseUrl: url, model: 'm', fallbackModel: 'n', timeoutMs: 2_000, fetch: counting },
  });

  const answer = model.answer({ instructions: '', items: [{ kind: 'user', text: 'Hello' }], tools: [], maxOutputTokens: 10 });

  await expect(answer).rejects.toMatchObject({ code: 'busy', retryable: true, vendor: 'openai', maybeDone: false });
  expect(asked).toHaveLength(1);
});

verifies('limits:bulkheads', 'who gives up while waiting for a slot is told why, by requestJson too', async () => {
  const { url } = await startHanging();
  const fetch = limitFetch(globalThis.fetch, { vendor: 'msgraph', slots: 1, waitMs: 1_000 });
  void fetch(url).catch(() => undefined);
  const lost = new AbortController();
  const request = { vendor: 'msgraph', url, timeoutMs: 5_000 } as const;

  const waiting = [
    requestJson(fetch, { ...request, signal: lost.signal }),
    requestJson(fetch, { ...request, timeoutMs: 30 }),
    requestJson(fetch, { ...request, signal: AbortSignal.timeout(30) }),
  ];
  lost.abort(new AppError('lease-lost', 'The lease is lost'));

  expect(await settled(waiting)).toEqual(['lease-lost', 'timeout', 'timeout']);
});
