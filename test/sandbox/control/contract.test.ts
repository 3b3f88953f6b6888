import OpenAI from 'openai';
import { afterAll, beforeAll, expect } from 'vitest';
import { startSandbox, type Sandbox } from '../../../sandbox/run/sandbox.ts';
import { verifies } from '../../verifies.ts';
import { ask, elsewhere, until } from '../run/support.ts';

const ana = '+15550100001';
const chatOf = (phone: string) => `GET /sandbox/chats/${encodeURIComponent(phone)}`;

// One for the file: each test looks at what it asked for itself.
let sandbox: Sandbox;
beforeAll(async () => {
  sandbox = await startSandbox({ withApplication: false, environment: elsewhere });
});
afterAll(() => sandbox.close());

const sendAs = (text: string) =>
  fetch(`${sandbox.url}/waha/api/sendText`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'x-api-key': 'sandbox-waha-key' },
    body: JSON.stringify({ session: 'default', chatId: '15550100001@c.us', text }),
  });

verifies('application:sandbox-contract', 'status', async () => {
  const { status, body } = await ask(sandbox, 'GET /sandbox/status');

  expect(status).toBe(200);
  expect(body).toEqual({
    ready: false,
    idle: expect.any(Boolean) as boolean,
    clock: expect.stringMatching(/^\d{4}-\d\d-\d\dT/) as string,
    app: { pid: null, starts: 0 },
    ports: sandbox.ports,
    webhook: { url: `${sandbox.applicationUrl}/api/webhooks/whatsapp`, key: 'sandbox-hmac-key' },
  });
  expect(Object.keys(sandbox.ports)).toEqual(['application', 'sandbox', 'servicebus', 'cosmos']);
});

verifies('application:sandbox-contract', 'what is typed and what is answered is in the chat', async () => {
  const { body } = await ask(sandbox, 'POST /sandbox/messages', { from: ana, text: 'Good morning' });
  await sendAs('Good morning, Ana');

  const { id } = body as { id: string };
  const all = (await ask(sandbox, chatOf(ana))).body as { messages: Record<string, unknown>[]; typing: boolean };
  const after = (await ask(sandbox, `${chatOf(ana)}?after=${id}`)).body as typeof all;
  expect(all.typing).toBe(false);
  expect(all.messages[0]).toEqual({ id, fromMe: true, text: 'Good morning', timestamp: expect.any(Number) as number, ack: 2 });
  expect(after.messages).toMatchObject([{ fromMe: false, text: 'Good morning, Ana' }]);
  expect(Object.keys(after.messages[0] ?? {})).toEqual(['id', 'fromMe', 'text', 'timestamp', 'ack']);
});

verifies('application:sandbox-contract', 'people; who was told to be signed in is onboarded', async () => {
  const before = (await ask(sandbox, 'GET /sandbox/people')).body;
  await ask(sandbox, 'POST /sandbox/messages', { from: ana, text: '123456' });
  await sendAs('You are signed in as Ana Ribeiro (ana@alderfinch.example), role admin.');

  const after = (await ask(sandbox, 'GET /sandbox/people')).body as unknown[];

  expect(before).toMatchObject(
    ['Ana Ribeiro', 'Ben Okafor', 'Chloe Martin', 'Dmitri Volkov', 'Eva Lindqvist'].map(() => ({ onboarded: false })),
  );
  expect(after[0]).toEqual({ name: 'Ana Ribeiro', email: 'ana@alderfinch.example', phone: ana, role: 'admin', onboarded: true });
  expect(after.slice(1)).toMatchObject([{ role: 'staff' }, { role: 'user' }, { role: 'staff' }, { onboarded: false }]);
});

verifies('application:sandbox-contract', 'queues, mailbox', async () => {
  const queues = await ask(sandbox, 'GET /sandbox/queues');
  const mailbox = await ask(sandbox, 'GET /sandbox/mailbox/ana@alderfinch.example');

  expect(queues.body).toEqual([{ name: 'bells', active: 0, scheduled: 0, deadLettered: 0 }]);
  expect(mailbox.body).toBeInstanceOf(Array);
});

verifies('application:sandbox-contract', 'a token opens Microsoft Graph as that person', async () => {
  const { body } = await ask(sandbox, 'POST /sandbox/token', { person: ana, audience: 'msgraph' });

  const authorization = `Bearer ${(body as { accessToken: string }).accessToken}`;
  const me = await fetch(`${sandbox.url}/msgraph/v1.0/me`, { headers: { authorization } });
  expect(await me.json()).toMatchObject({ displayName: 'Ana Ribeiro' });
});

verifies('application:sandbox-contract', 'the model says what the script says, once', async () => {
  const model = new OpenAI({ apiKey: 'any', baseURL: `${sandbox.url}/openai/v1` });
  const create = () => model.responses.create({ model: 'adjutant-rules-1', input: 'Hello' });
  await ask(sandbox, 'POST /sandbox/model/script', { replies: [{ response: { output_text: 'By the script.' } }] });

  const texts = [(await create()).output_text, (await create()).output_text];

  expect(texts[0]).toBe('By the script.');
  expect(texts[1]).not.toBe('By the script.');
});

verifies('application:sandbox-contract', 'faults meet the vendor, are cleared, and what was sent is written down', async () => {
  await ask(sandbox, 'POST /sandbox/faults', {
    vendor: 'waha',
    match: { path: 'sendText' },
    effect: 'answer',
    status: 503,
    times: 2,
  });
  const failed = await sendAs('one');
  const cleared = await ask(sandbox, 'DELETE /sandbox/faults');
  const sent = await sendAs('two');

  const { body } = await ask(sandbox, 'GET /sandbox/requests?vendor=waha');
  const requests = (body as { path: string; body: string }[]).filter(({ path }) => path === '/api/sendText').slice(-2);
  expect([failed.status, sent.status, cleared.status]).toEqual([503, 201, 200]);
  expect(requests).toMatchObject([
    { vendor: 'waha', method: 'POST', status: 503, headers: { 'x-api-key': 'sandbox-waha-key' } },
    { vendor: 'waha', method: 'POST', status: 201, at: expect.stringMatching(/Z$/) as string },
  ]);
  expect(requests[1]?.body).toContain('two');
});

verifies('application:sandbox-contract', 'a vendor call that hangs is not idle', async () => {
  await ask(sandbox, 'POST /sandbox/faults', { vendor: 'openai', effect: 'hang' });
  const leaving = new AbortController();
  const hanging = fetch(`${sandbox.url}/openai/v1/models`, { signal: leaving.signal }).catch(() => undefined);
  const work = () => sandbox.waitUntilIdle(1).then(() => '', String);

  await until(async () => (await work()).includes('a vendor call is open'));
  leaving.abort();
  await hanging;

  await until(async () => !(await work()).includes('a vendor call is open'));
});

verifies('application:sandbox-events', 'messages, requests and spans, as they come', async () => {
  const leaving = new AbortController();
  const response = await fetch(`${sandbox.url}/sandbox/events`, { signal: leaving.signal });
  let told = '';
  const reading = (async () => {
    for await (const chunk of response.body ?? []) told += Buffer.from(chunk as Uint8Array).toString();
  })().catch(() => undefined);

  const { body } = await ask(sandbox, 'POST /sandbox/messages', { from: ana, text: 'An event' });
  await fetch(`${sandbox.url}/otlp/v1/traces`, { method: 'POST', body: JSON.stringify(oneSpan) });
  await sendAs('Another event');

  await until(() => told.includes('event: request') && told.includes('Another event') && told.includes('event: span'));
  expect(response.headers.get('content-type')).toBe('text/event-stream');
  expect(told).toMatch(/^event: message\ndata: \{"kind":"message","phone":"\+15550100001","id":".*"text":"An event"/m);
  expect(told).toContain((body as { id: string }).id);
  expect(told).toMatch(/^event: request\ndata: \{"vendor":"waha".*sendText/m);
  expect(told).toMatch(/^event: span\ndata: .*"name":"wake"/m);
  leaving.abort();
  await reading;
});

const oneSpan = {
  resourceSpans: [
    {
      scopeSpans: [
        {
          spans: [
            {
              ...{ traceId: 'a'.repeat(32), spanId: 'b'.repeat(16), name: 'wake' },
              ...{ startTimeUnixNano: '1000000000', endTimeUnixNano: '2000000000' },
            },
          ],
        },
      ],
    },
  ],
};
