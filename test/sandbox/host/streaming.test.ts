import { expect } from 'vitest';
import { verifies } from '../../verifies.ts';
import { postChunked } from './post-chunked.ts';
import { sharedHost } from './start-host.ts';

const host = sharedHost({ app: 'streaming' });

verifies('host:http-streaming', 'chunks arrive as they are made', async () => {
  const response = await fetch(`${host.url()}/ticks`);
  const arrivals: { text: string; atMs: number }[] = [];
  for await (const chunk of response.body ?? []) {
    arrivals.push({ text: Buffer.from(chunk as Uint8Array).toString(), atMs: performance.now() });
  }

  const [first, , third] = arrivals;
  expect(arrivals.map(({ text }) => text)).toEqual(['data: one\n\n', 'data: two\n\n', 'data: three\n\n']);
  expect((third?.atMs ?? 0) - (first?.atMs ?? 0)).toBeGreaterThan(200);
  expect(response.headers.get('content-type')).toBe('text/event-stream');
});

verifies('host:http-streaming', 'a request goes through unjoined, with its body of no known length', async () => {
  const text = await postChunked(`${host.url()}/echo/a%20b?q=1&q=2`, 'kept', { 'x-ms-client-principal': 'x' });

  expect(JSON.parse(text)).toMatchObject({
    all: ['1', '2'],
    params: { name: 'a b' },
    url: `${host.url()}/echo/a%20b?q=1&q=2`,
    principal: null,
    body: 'kept',
    traceParent: expect.stringMatching(/^00-/) as string,
  });
});

verifies('host:http-streaming', 'cookies pass, the number of the invocation does not', async () => {
  const response = await fetch(`${host.url()}/echo/a`);

  expect(response.headers.getSetCookie()).toEqual(['a=b']);
  expect(response.headers.get('x-ms-invocation-id')).toBeNull();
});

verifies('host:http-throw', 'a streaming handler that throws is answered 500, and breaks off where it had begun', async () => {
  const thrown = await fetch(`${host.url()}/throws`, { method: 'POST', body: 'x'.repeat(1_000_000) });
  const broken = await fetch(`${host.url()}/breaks`);

  expect([thrown.status, await thrown.text()]).toEqual([500, '']);
  expect(broken.status).toBe(200);
  await expect(broken.text()).rejects.toThrow();
  expect((await fetch(`${host.url()}/echo/a`)).status).toBe(200);
});
