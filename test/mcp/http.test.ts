import { expect } from 'vitest';
import { AppError } from '../../shared/core/errors.ts';
import { verifies } from '../verifies.ts';
import { callOf, errorOf, list, startEndpoint, url } from './start-endpoint.ts';

const metadataUrl = 'http://127.0.0.1:7071/api/.well-known/oauth-protected-resource';
const scope = 'api://00000000-0000-4000-8000-0000000000c1/access_as_user';

verifies('mcp:token', 'without a token, or with a bad one, the answer is 401 and says where the metadata is', async () => {
  const { send, lines } = startEndpoint();

  const without = await send(list, { token: '' });
  const basic = await send(list, { token: '', headers: { authorization: 'Basic YW5hOnNlY3JldA==' } });
  const bad = await send(list, { token: 'mallory' });

  expect([without.status, basic.status, bad.status]).toEqual([401, 401, 401]);
  expect(without.body).toMatchObject(errorOf(-32_000));
  expect(without.headers.get('www-authenticate')).toBe(`Bearer resource_metadata="${metadataUrl}", scope="${scope}"`);
  expect(bad.headers.get('www-authenticate')).toBe(
    `Bearer error="invalid_token", error_description="The token is bad", resource_metadata="${metadataUrl}", scope="${scope}"`,
  );
  expect(lines.join('\n')).not.toContain('mallory');
});

verifies('mcp:token', 'a token without the scope is 403, and the challenge names it', async () => {
  const { send } = startEndpoint();

  const { status, headers, body } = await send(list, { token: 'unscoped' });

  expect([status, body]).toMatchObject([403, errorOf(-32_000)]);
  expect(headers.get('www-authenticate')).toContain('error="insufficient_scope"');
  expect(headers.get('www-authenticate')).toContain(`scope="${scope}"`);
});

verifies(
  'mcp:official-client',
  'nothing is streamed and no session is kept: GET and DELETE are 405, with or without a token',
  async () => {
    const { send } = startEndpoint();

    const answers = await Promise.all(
      ['GET', 'DELETE'].flatMap((method) => ['ana', ''].map((token) => send(undefined, { method, token }))),
    );

    for (const { status, headers, body } of answers)
      expect([status, headers.get('allow'), body]).toMatchObject([405, 'POST', errorOf(-32_000)]);
  },
);

verifies('mcp:errors', 'what is no request of MCP is told so, with an error of JSON-RPC', async () => {
  const { send } = startEndpoint();
  const cases = [
    [await send('{"jsonrpc":'), 400, -32_700],
    [await send(''), 400, -32_700],
    [await send('"hello"'), 400, -32_700],
    [await send({ hello: 'there' }), 400, -32_700],
    [await send(Array.from({ length: 101 }, () => list)), 400, -32_600],
    [await send(list, { headers: { 'mcp-protocol-version': '1999-01-01' } }), 400, -32_000],
    [await send(list, { headers: { accept: 'application/json' } }), 406, -32_000],
    [await send('{}', { headers: { 'content-type': 'text/plain' } }), 415, -32_000],
    [await send(list, { headers: { origin: 'https://evil.example' } }), 403, -32_000],
  ] as const;

  for (const [{ status, body }, wanted, code] of cases) expect([status, body]).toMatchObject([wanted, errorOf(code)]);
  expect(await send(list, { headers: { origin: 'http://127.0.0.1:7071' } })).toMatchObject({ status: 200 });
});

verifies(['mcp:errors', 'mcp:limits'], 'a request that is too long is refused before it is read to its end', async () => {
  const { send, endpoint } = startEndpoint();
  let sent = 0;
  const endless = new ReadableStream<Uint8Array>({
    pull(controller) {
      sent += 65_536;
      controller.enqueue(new Uint8Array(65_536).fill(32));
    },
  });
  const headers = {
    authorization: 'Bearer ana',
    accept: 'application/json, text/event-stream',
    'content-type': 'application/json',
  };

  const declared = await send(callOf('people_whoami', { text: 'x'.repeat(300_000) }));
  const streamed = await endpoint.serve(new Request(url, { method: 'POST', headers, body: endless, duplex: 'half' }));

  expect([declared.status, declared.body]).toMatchObject([413, errorOf(-32_000)]);
  expect([streamed.status, await streamed.json()]).toMatchObject([413, errorOf(-32_000)]);
  expect(sent).toBeLessThan(600_000);
});

verifies('mcp:errors', 'unknown methods and bad parameters answer the request that they came in', async () => {
  const { send } = startEndpoint();

  const unknown = await send({ jsonrpc: '2.0', id: 7, method: 'tools/burn' });
  const bad = await send({ jsonrpc: '2.0', id: 8, method: 'tools/call', params: { arguments: 1 } });
  const notification = await send({ jsonrpc: '2.0', method: 'notifications/initialized' });

  expect([unknown.status, unknown.body]).toMatchObject([200, { id: 7, error: { code: -32_601 } }]);
  expect([bad.status, bad.body]).toMatchObject([200, { id: 8, error: { code: expect.any(Number) as number } }]);
  expect([notification.status, notification.body]).toEqual([202, undefined]);
});

verifies('mcp:errors', 'what is down is 503 with a wait, and never a refusal of the token', async () => {
  const { send, failKeys, lines } = startEndpoint();
  failKeys(new AppError('upstream', 'The keys of Entra cannot be had', { vendor: 'entra', retryAfterMs: 7_000 }));
  const away = await send(list);
  failKeys(new TypeError('oops') as AppError);

  const bug = await send(list);

  expect([away.status, away.headers.get('retry-after'), away.body]).toMatchObject([503, '7', errorOf(-32_603)]);
  expect([bug.status, bug.body]).toMatchObject([503, errorOf(-32_603)]);
  expect(JSON.stringify(bug.body)).not.toContain('oops');
  expect(lines.filter((line) => line.includes('mcp.failed'))).toHaveLength(2);
});

verifies('mcp:metadata', 'the metadata names the resource, the tenant and the scope, where clients look for it', async () => {
  const { endpoint } = startEndpoint();

  const answers = await Promise.all(['', 'mcp', 'api/mcp', 'api/mcp/'].map((path) => endpoint.metadata(path).json()));

  for (const metadata of answers) {
    expect(metadata).toEqual({
      resource: url,
      resource_name: 'Adjutant of Alder & Finch',
      authorization_servers: ['https://login.microsoftonline.com/00000000-0000-4000-8000-0000000000a0/v2.0'],
      scopes_supported: [scope],
      bearer_methods_supported: ['header'],
    });
  }
  expect(endpoint.metadata('other').status).toBe(404);
});
