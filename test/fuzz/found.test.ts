import { request as openRequest } from 'node:http';
import { connect } from 'node:net';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { expect, onTestFinished } from 'vitest';
import { createSandboxContext } from '../../sandbox/kit/context.ts';
import { addressOf } from '../../sandbox/kit/address.ts';
import { listen, serveVendor } from '../../sandbox/kit/http.ts';
import { createOpenai } from '../../sandbox/openai/openai.ts';
import { createOtlpCollector } from '../../sandbox/otlp/collector.ts';
import { servePage } from '../../sandbox/page/serve-page.ts';
import { sharedHost } from '../sandbox/host/start-host.ts';
import { createTestDataKeys } from '../support/data-keys.ts';
import { createFakeClock } from '../support/fakes/fake-clock.ts';
import { verifies } from '../verifies.ts';

const host = sharedHost({ app: 'http' });

interface Told {
  readonly status: number;
  readonly body: string;
}

/** Asks with a path and headers that `fetch` would put in order first. */
function ask(
  port: number,
  what: { method?: string; path: string; headers?: Record<string, string>; body?: string },
): Promise<Told> {
  const { method = 'GET', path, headers = {}, body } = what;
  return new Promise((resolve, reject) => {
    const request = openRequest({ port, host: '127.0.0.1', method, path, headers, agent: false }, (response) => {
      void response
        .setEncoding('utf8')
        .toArray()
        .then((parts) => resolve({ status: response.statusCode ?? 0, body: parts.join('') }));
    });
    request.once('error', reject);
    request.end(body);
  });
}

async function serve(handler: Parameters<typeof listen>[0]): Promise<number> {
  const { port, close } = await listen(handler);
  onTestFinished(close);
  return port;
}

const collectGarbage = () => {
  setFlagsFromString('--expose-gc');
  (runInNewContext('gc') as () => void)();
};

verifies('fuzz:found', 'a cached data key holds its own bytes, and no piece of the pool beside them', async () => {
  const dataKeys = createTestDataKeys(createFakeClock());
  collectGarbage();
  const before = process.memoryUsage().arrayBuffers;

  for (let number = 0; number < 1_000; number += 1) {
    await dataKeys.keyFor(`conversation-${number}`);
    // What else a request allocates in the meantime.
    for (let piece = 0; piece < 4; piece += 1) Buffer.allocUnsafe(16_000);
  }
  collectGarbage();

  expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(4 * 1024 * 1024);
  await expect(dataKeys.keyFor('conversation-999')).resolves.toBeDefined();
});

const hostPort = () => Number(new URL(host.url()).port);

verifies('fuzz:found', 'a path that a browser would take for a host is a path, and a host that is none is not believed', () => {
  const address = (url: string, named = 'a:1') => addressOf({ url, headers: { host: named } }).href;

  expect([address('//evil.example/x'), address('/\\'), address('/waha?x=1', 'a b/c#')]).toEqual([
    'http://a:1//evil.example/x',
    'http://a:1//',
    'http://localhost/waha?x=1',
  ]);
  expect(addressOf({ url: '/waha//x', headers: {} }, '/waha').href).toBe('http://localhost//x');
  expect(addressOf({ url: 'http://other/waha/x', headers: { host: 'a' } }, '/waha').href).toBe('http://a/x');
});

verifies('fuzz:found', 'a stand-in answers such a path, and TRACE, in place of failing', async () => {
  const context = createSandboxContext();
  const port = await serve(serveVendor(context, createOtlpCollector().vendor));
  const page = servePage({ journal: context.journal, collector: undefined, waha: undefined });
  const pagePort = await serve(page);

  const paths = ['//', '//@@@', '/\\', '//%s%n', '//status@broadcast'];
  const told = await Promise.all(paths.flatMap((path) => [ask(port, { path }), ask(pagePort, { path })]));
  const traced = [await ask(port, { method: 'TRACE', path: '/' }), await ask(pagePort, { method: 'TRACE', path: '/' })];

  expect(told.map(({ status }) => status)).toEqual(paths.flatMap(() => [404, 404]));
  expect(traced.map(({ status }) => status)).toEqual([405, 405]);
});

verifies('fuzz:found', "a body nested deeper than the stack is refused in the vendor's words", async () => {
  const port = await serve(serveVendor(createSandboxContext(), createOpenai(createSandboxContext()).vendor));
  const headers = { authorization: 'Bearer key', 'content-type': 'application/json' };
  const body = `{"model":"text-embedding-3-small","input":"a","encoding_format":${'{"a":'.repeat(6_000)}1${'}'.repeat(6_000)}}`;

  const told = await ask(port, { method: 'POST', path: '/v1/embeddings', headers, body });

  expect(told.status).toBe(400);
  expect(JSON.parse(told.body)).toMatchObject({ error: { type: 'invalid_request_error' } });
});

verifies('fuzz:found', 'the functions host answers what is no address with 400, and `//` as a path', async () => {
  const raw = await new Promise<string>((resolve) => {
    const socket = connect({ port: hostPort(), host: '127.0.0.1' }, () => {
      socket.write('GET /api/echo HTTP/1.1\r\nHost: a b/c\r\n\r\n');
    });
    socket.on('data', (chunk: Buffer) => {
      resolve(chunk.toString());
      socket.destroy();
    });
  });
  const told = [
    await ask(hostPort(), { path: '/api/echo', headers: { host: '%zz' } }),
    await ask(hostPort(), { path: '/api/echo', headers: { host: ' ' } }),
    await ask(hostPort(), { path: '//api/echo' }),
    await ask(hostPort(), { path: '//' }),
    await ask(hostPort(), { path: '/api/echo' }),
  ];

  expect(raw).toMatch(/^HTTP\/1\.1 400 /);
  expect(told.map(({ status }) => status)).toEqual([400, 200, 404, 404, 200]);
});
