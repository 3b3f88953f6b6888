import { createHmac } from 'node:crypto';
import { expect } from 'vitest';
import { retryDelayMs } from '../../../sandbox/waha/webhook/retry.ts';
import { signBody } from '../../../sandbox/waha/webhook/sign.ts';
import { verifies } from '../../verifies.ts';
import { ana, hmacKey, startReceiver, startWaha } from './support.ts';

verifies('waha:webhook-signed', 'the vector of the documentation holds', () => {
  const signature = signBody('my-secret-key', '{"event":"message","session":"default","engine":"WEBJS"}');

  expect(signature).toBe(
    '208f8a55dde9e05519e898b10b89bf0d0b3b0fdf11fdbf09b6b90476301b98d8097c462b2b17a6ce93b6b47a136cf2e78a33a63f6752c2c1631777076153fa89',
  );
});

verifies('waha:webhook-signed', 'headers come in the order and casing of a real WAHA', async () => {
  const { waha, receiver } = await startWaha({ webhook: { customHeaders: [{ name: 'X-My-Custom-Header', value: 'Value' }] } });

  waha.receive({ from: ana.phone, text: 'two hooks ü🙏' });

  const [request] = await receiver.arrived(1);
  expect(request?.rawHeaders.filter((_, index) => index % 2 === 0)).toEqual([
    ...['Accept', 'Content-Type', 'User-Agent', 'X-My-Custom-Header', 'X-Webhook-Request-Id', 'X-Webhook-Timestamp'],
    ...['X-Webhook-Hmac', 'X-Webhook-Hmac-Algorithm', 'Content-Length', 'Accept-Encoding', 'Host', 'Connection'],
  ]);
  expect(request?.headers).toMatchObject({
    'content-type': 'application/json',
    'user-agent': 'WAHA/2026.8.2',
    'x-webhook-timestamp': String(request?.body.timestamp),
    'x-webhook-hmac': createHmac('sha512', hmacKey)
      .update(Buffer.from(request?.raw ?? ''))
      .digest('hex'),
    'x-webhook-hmac-algorithm': 'sha512',
  });
  expect(request?.headers['x-webhook-request-id']).toMatch(/^[0-9a-z]{17}$/);
  expect(request?.body.id).toMatch(/^evt_[0-9a-hjkmnp-tv-z]{26}$/);
  expect(request?.raw).toContain('two hooks ü🙏');
});

verifies('waha:webhook-signed', 'without a key nothing is signed', async () => {
  const { waha, receiver } = await startWaha({ webhook: { hmacKey: '' } });

  waha.receive({ from: ana.phone, text: 'hi' });

  const [request] = await receiver.arrived(1);
  expect(Object.keys(request?.headers ?? {}).filter((name) => name.includes('hmac'))).toEqual([]);
});

verifies('waha:webhook-retries', 'every refusal is repeated unchanged, until the attempts are used up', async () => {
  const retries = { policy: 'constant', delaySeconds: 0, attempts: 5 } as const;
  const { waha, receiver } = await startWaha({ webhook: { retries } });
  receiver.answers.push(...[304, 400, 401, 404, 500, 503].map((code) => receiver.status(code)));

  waha.receive({ from: ana.phone, text: 'hi' });

  const requests = await receiver.arrived(6);
  const unchanged = requests.map(({ raw, rawHeaders }) => JSON.stringify([raw, rawHeaders]));
  expect(new Set(unchanged).size).toBe(1);
  await expect.poll(() => waha.deliveries()).toMatchObject([{ attempts: 6, status: 'given-up', answered: 503 }]);
});

verifies('waha:webhook-retries', 'a broken connection is repeated too', async () => {
  const retries = { policy: 'constant', delaySeconds: 0, attempts: 15 } as const;
  const { waha, receiver } = await startWaha({ webhook: { retries } });
  receiver.answers.push((response) => response.destroy());

  waha.receive({ from: ana.phone, text: 'hi' });

  await receiver.arrived(2);
  await expect.poll(() => waha.deliveries()).toMatchObject([{ attempts: 2, status: 'delivered', answered: 200 }]);
});

verifies('waha:webhook-retries', 'on the clock of the sandbox, and no sooner than Retry-After', async () => {
  const retries = { policy: 'linear', delaySeconds: 10, attempts: 15 } as const;
  const { waha, receiver, context } = await startWaha({ webhook: { retries } });
  receiver.answers.push(receiver.status(500), receiver.status(429, { 'retry-after': '60' }));

  waha.receive({ from: ana.phone, text: 'hi' });
  await expect.poll(() => waha.deliveries()[0]?.answered).toBe(500);
  const busy = waha.busy();
  context.clock.advance(10_000);
  await expect.poll(() => waha.deliveries()[0]?.answered).toBe(429);
  context.clock.advance(59_000);

  expect([busy, waha.deliveries()[0]?.attempts]).toEqual([false, 2]);
  context.clock.advance(1_000);
  await receiver.arrived(3);
});

verifies('waha:webhook-retries', 'constant, linear, or doubled with a little chance', () => {
  const delays = (policy: 'constant' | 'linear' | 'exponential', retryAfter?: string) =>
    [1, 2, 3].map((attempt) => retryDelayMs({ policy, delaySeconds: 2, attempts: 3 }, attempt, { retryAfter, now: 0 }));
  const doubled = delays('exponential').map((delay, index) => delay / (2 ** (index + 1) * 2_000));

  expect(delays('constant')).toEqual([2_000, 2_000, 2_000]);
  expect(delays('linear')).toEqual([2_000, 4_000, 6_000]);
  expect(delays('linear', '5')).toEqual([5_000, 5_000, 6_000]);
  expect(delays('constant', new Date(9_000).toUTCString())).toEqual([9_000, 9_000, 9_000]);
  for (const factor of doubled) {
    expect(factor).toBeGreaterThanOrEqual(1);
    expect(factor).toBeLessThanOrEqual(1.2);
  }
});

verifies('waha:webhook-retries', 'one that hangs is waited for without end, while others pass', async () => {
  const { waha, receiver, context } = await startWaha();
  receiver.answers.push(() => undefined);

  waha.receive({ from: ana.phone, text: 'first' });
  await receiver.arrived(1);
  waha.receive({ from: ana.phone, text: 'second' });
  await receiver.arrived(2);
  context.clock.advance(3_600_000);

  await expect.poll(() => waha.deliveries().map(({ status }) => status)).toEqual(['pending', 'delivered']);
  expect([receiver.received.length, waha.busy()]).toEqual([2, true]);
});

verifies('waha:webhook-redirect', 'after a 302 the body is lost, and a 200 there counts as delivered', async () => {
  const { waha, receiver } = await startWaha();
  const target = await startReceiver();
  receiver.answers.push(receiver.status(302, { location: target.url }));

  waha.receive({ from: ana.phone, text: 'hi' });

  const [request] = await target.arrived(1);
  expect([request?.method, request?.raw]).toEqual(['GET', '']);
  await expect.poll(() => waha.deliveries()).toMatchObject([{ attempts: 1, status: 'delivered' }]);
});

verifies('waha:webhook-redirect', 'after a 307 it is posted again', async () => {
  const { waha, receiver } = await startWaha();
  const target = await startReceiver();
  receiver.answers.push(receiver.status(307, { location: target.url }));

  waha.receive({ from: ana.phone, text: 'hi' });

  const [request] = await target.arrived(1);
  expect([request?.method, request?.raw]).toEqual(['POST', receiver.received[0]?.raw]);
});
