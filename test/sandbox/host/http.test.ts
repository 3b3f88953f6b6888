import { expect } from 'vitest';
import { verifies } from '../../verifies.ts';
import { postChunked } from './post-chunked.ts';
import { sharedHost } from './start-host.ts';

const host = sharedHost({ app: 'http', environment: { 'AzureWebJobs.disabled.Disabled': 'true' } });

interface Seen {
  readonly function: string;
  readonly url: string;
  readonly headers: Record<string, string>;
  readonly params: Record<string, string>;
  readonly query: [string, string][];
  readonly all: string[];
  readonly body: string;
  readonly hasMetadata: boolean;
  readonly traceParent: string;
}

const call = (path: string, init?: RequestInit) => fetch(`${host.url()}${path}`, init);
const see = async (path: string, init?: RequestInit) => (await (await call(path, init)).json()) as Seen;
const routed = async (path: string) => {
  const response = await call(path);
  if (!response.ok) return response.status;
  const { function: name, params } = (await response.json()) as Seen;
  return [name, params];
};

verifies('host:http-routes', 'parameters, constraints and defaults', async () => {
  expect(await routed('/api/items/42')).toEqual(['item', { id: '42' }]);
  expect(await routed('/api/items/blue')).toEqual(['named', { name: 'blue' }]);
  expect(await routed('/api/items/purple')).toBe(404);
  expect(await routed('/api/items/newest')).toEqual(['newest', {}]);
  expect(await routed('/api/optional/a%20b')).toEqual(['optional', { category: 'a b' }]);
  expect(await routed('/api/optional/a/9/')).toEqual(['optional', { category: 'a', page: '9' }]);
  expect(await routed('/api/optional/a/10')).toBe(404);
  expect(await routed('/api/defaults')).toEqual(['defaults', { page: '1' }]);
  expect(await routed('/api/files/a.b.txt')).toEqual(['file', { name: 'a.b', extension: 'txt' }]);
  expect(await routed('/api/rest/a/b%2Fc')).toEqual(['rest', { path: 'a/b/c' }]);
  expect(await routed('/api/rest')).toEqual(['rest', {}]);
});

verifies('host:http-routes', 'whatever the case, under the prefix only', async () => {
  expect(await routed('/API/Items/42')).toEqual(['item', { id: '42' }]);
  expect(await routed('/items/42')).toBe(404);
  expect(await routed('/api/unknown')).toBe(404);
});

verifies('host:http-routes', 'a method that is not meant is 404, as in the real host', async () => {
  expect((await call('/api/items/42', { method: 'POST' })).status).toBe(404);
});

verifies('host:http-routes', 'keys are not asked for; a disabled function is not there; the home page is', async () => {
  expect((await call('/api/keyed')).status).toBe(200);
  expect((await call('/api/disabled')).status).toBe(404);
  expect(await (await call('/')).text()).toContain('up and running');
});

verifies('host:http-conversions', 'repeated query values are joined, and bytes are kept', async () => {
  const seen = await see('/api/echo?q=1&q=2&empty=', { method: 'POST', body: new Uint8Array([0, 255, 128]) });

  expect(seen.all).toEqual(['1,2']);
  expect(seen.query).toEqual([
    ['q', '1,2'],
    ['empty', ''],
  ]);
  expect(seen.body).toBe('00ff80');
  expect(seen.url).toBe(`${host.url()}/api/echo?q=1&q=2&empty=`);
  expect(seen.hasMetadata).toBe(false);
});

verifies('host:http-conversions', 'nobody can say who they are by a header', async () => {
  const headers = { 'X-MS-CLIENT-PRINCIPAL': 'x', 'x-ms-client-principal-id': 'x', 'X-Other': 'y' };

  const seen = await see('/api/echo', { headers });

  expect(Object.keys(seen.headers).filter((name) => name.startsWith('x-'))).toEqual(['x-other']);
});

verifies('host:http-conversions', 'a body without a length is lost without streaming, as in the real host', async () => {
  const text = await postChunked(`${host.url()}/api/echo`, 'lost');

  expect((JSON.parse(text) as Seen).body).toBe('');
  await expect.poll(() => host.output()).toContain('chunked request body');
});

verifies('host:http-conversions', 'status, headers, bytes and cookies of a response', async () => {
  const [bytes, cookies, nothing] = [await call('/api/bytes'), await call('/api/cookies'), await call('/api/nothing')];

  expect([bytes.status, bytes.headers.get('content-type'), bytes.headers.get('x-one')]).toEqual([201, 'image/png', '1']);
  expect([...new Uint8Array(await bytes.arrayBuffer())]).toEqual([0, 255, 10]);
  expect(cookies.headers.getSetCookie()).toEqual([
    'plain=a%20b; path=/',
    'all=1; expires=Fri, 15 Jan 2027 08:00:00 GMT; max-age=60; path=/api; secure; samesite=lax; httponly',
  ]);
  expect([nothing.status, await nothing.text()]).toEqual([200, '']);
});

verifies('host:trace-context', 'a trace goes on with a span of the host, or begins', async () => {
  const traceparent = `00-${'a'.repeat(32)}-${'b'.repeat(16)}-01`;

  const [continued, begun] = [await see('/api/echo', { headers: { traceparent } }), await see('/api/echo')];

  expect(continued.traceParent).toMatch(/^00-a{32}-[0-9a-f]{16}-01$/);
  expect(continued.traceParent).not.toBe(traceparent);
  expect(begun.traceParent).toMatch(/^00-[0-9a-f]{32}-[0-9a-f]{16}-01$/);
});

verifies('host:http-throw', async () => {
  const response = await call('/api/throws');

  expect([response.status, await response.text()]).toEqual([500, '']);
  await expect.poll(() => host.output()).toMatch(/Executed 'Functions\.throws' \(Failed, Id=.*on purpose/);
  expect((await call('/api/echo')).status).toBe(200);
});
