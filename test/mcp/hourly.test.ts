import { expect } from 'vitest';
import { verifies } from '../verifies.ts';
import { callOf, list, startEndpoint, type Endpoint } from './start-endpoint.ts';

const whoami = callOf('people_whoami');

async function useUp({ send }: Endpoint, calls: number) {
  for (let call = 0; call < calls; call += 1) await send(whoami);
  return send(whoami);
}

verifies('mcp:hourly', 'the call that finds none left is told in the protocol when there is another', async () => {
  const endpoint = startEndpoint({ callsPerHour: 5 });

  const { status, body } = await useUp(endpoint, 5);

  expect([status, body]).toMatchObject([200, { id: 1, result: { isError: true } }]);
  const [{ text } = { text: '' }] = (body as { result: { content: { text: string }[] } }).result.content;
  expect(JSON.parse(text)).toMatchObject({ error: 'rate-limited', retryAfterSeconds: 720 });
});

verifies('mcp:hourly', 'who asks again before that is 429 with the wait, whatever they ask; then they are served', async () => {
  const endpoint = startEndpoint({ callsPerHour: 5 });
  const { send, clock, callQuotas, asked } = endpoint;
  await useUp(endpoint, 5);
  const before = [callQuotas.requests(), asked.length];

  const answers = [await send(whoami), await send(list)];
  const other = await send(whoami, { token: 'chloe' });
  const cost = [callQuotas.requests(), asked.length];
  clock.advance(720_000);
  const later = await send(whoami);

  for (const { status, headers, body } of answers) {
    expect([status, headers.get('retry-after')]).toEqual([429, '720']);
    expect(body).toMatchObject({
      jsonrpc: '2.0',
      id: null,
      error: { code: -32_000, message: expect.stringContaining('720') as string },
    });
  }
  expect(other).toMatchObject({ status: 200, body: { result: { structuredContent: { role: 'user' } } } });
  expect(later).toMatchObject({ status: 200, body: { result: { structuredContent: { role: 'admin' } } } });
  expect([cost[0], (cost[1] ?? 0) - (before[1] ?? 0)]).toEqual([(before[0] ?? 0) + 2, 2]);
});
