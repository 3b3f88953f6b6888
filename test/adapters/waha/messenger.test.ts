import { describe, expect } from 'vitest';
import { listen } from '../../../sandbox/kit/http.ts';
import { createWahaMessenger } from '../../../shared/adapters/waha/messenger.ts';
import { createWahaWebhookReader } from '../../../shared/adapters/waha/webhook-reader.ts';
import { AppError } from '../../../shared/core/errors.ts';
import { ana, apiKey, startWaha, type Overrides } from '../../sandbox/waha/support.ts';
import { contractsDirectory, loadContract } from '../../support/contracts.ts';
import { verifies } from '../../verifies.ts';

const chatId = `${ana.lid}@lid`;
const message = { id: '3EB0A1B2C3D4E5F60718A9', chatId, text: 'The merger is on Friday', linkPreview: false };

async function start(options: Overrides & { key?: string; timeoutMs?: number } = {}) {
  const { key = apiKey, timeoutMs = 500, ...rest } = options;
  const started = await startWaha(rest);
  const messenger = createWahaMessenger({
    baseUrl: `${started.baseUrl}/`,
    apiKey: key,
    wahaSession: 'default',
    timeoutMs,
    fetch,
  });
  const failureOf = async (work: Promise<unknown>) => {
    const error = await work.then(
      () => undefined,
      (thrown: unknown) => thrown,
    );
    if (!(error instanceof AppError)) throw new Error('No AppError was thrown');
    return error;
  };
  return { ...started, messenger, failureOf };
}

verifies('adapters:messenger-failures', 'a session that is down did nothing, and may work later', async () => {
  const { waha, messenger, failureOf } = await start();
  waha.setSessionStatus('SCAN_QR_CODE');

  const errors = await Promise.all([
    failureOf(messenger.sendText(message)),
    failureOf(messenger.hasMessage(chatId, message.id)),
    failureOf(messenger.listIncoming({ sinceMs: 0, untilMs: Date.now(), limit: 10, offset: 0 })),
  ]);

  for (const error of errors) expect(error).toMatchObject({ code: 'upstream', retryable: true, maybeDone: false });
  expect((await messenger.status()).state).toBe('SCAN_QR_CODE');
  expect(waha.chat(ana.phone)).toEqual([]);
});

verifies(
  'adapters:messenger-failures',
  'a new contact that WhatsApp refuses (463), and a chat it does not know, are for good',
  async () => {
    const { waha, context, messenger, failureOf } = await start();
    waha.restrict(true);
    const refused = await failureOf(messenger.sendText(message));
    waha.restrict(false);
    context.faults.add({
      vendor: 'waha',
      match: { path: '/api/sendText' },
      effect: 'answer',
      status: 500,
      body: { statusCode: 500, exception: { message: '2 UNKNOWN: no LID found for 1555@s.whatsapp.net from server' } },
    });
    const unknown = await failureOf(messenger.sendText(message));

    expect(refused).toMatchObject({ code: 'forbidden', retryable: false, maybeDone: false });
    expect(unknown).toMatchObject({ code: 'not-found', retryable: false, maybeDone: false });
  },
);

verifies(
  'adapters:messenger-failures',
  'a send that was done although the answer was an error may be done, and is found',
  async () => {
    for (const fault of [
      { effect: 'answer-after-doing', status: 500 },
      { effect: 'answer-after-doing' },
      { effect: 'answer-after-doing', status: 502 },
    ] as const) {
      const { context, messenger, failureOf } = await start();
      context.faults.add({ vendor: 'waha', match: { path: '/api/sendText' }, ...fault });

      const error = await failureOf(messenger.sendText(message));

      expect(error).toMatchObject({ code: 'upstream', maybeDone: true });
      expect(await messenger.hasMessage(chatId, message.id)).toBe(true);
    }
  },
);

verifies(
  'adapters:messenger-failures',
  'silence is a time-out that may be done; a port nobody listens on did nothing',
  async () => {
    const { context, messenger, failureOf } = await start({ timeoutMs: 100 });
    context.faults.add({ vendor: 'waha', match: { path: '/api/sendText' }, effect: 'hang' });
    const { port, close } = await listen(() => undefined);
    await close();
    const nobody = createWahaMessenger({
      baseUrl: `http://127.0.0.1:${port}`,
      apiKey,
      wahaSession: 'default',
      timeoutMs: 500,
      fetch,
    });

    expect(await failureOf(messenger.sendText(message))).toMatchObject({ code: 'timeout', maybeDone: true });
    expect(await failureOf(nobody.sendText(message))).toMatchObject({ code: 'upstream', maybeDone: false });
  },
);

verifies('adapters:messenger-failures', 'no error carries the text of a message, though WAHA echoes it', async () => {
  const { context, messenger, failureOf } = await start();
  const echo = { statusCode: 500, exception: { message: 'x' }, request: { body: { text: message.text } } };
  context.faults.add({ vendor: 'waha', match: { path: '/api/sendText' }, effect: 'answer', status: 500, body: echo });

  const error = await failureOf(messenger.sendText(message));

  expect(`${error.message} ${JSON.stringify(error)} ${JSON.stringify(error.cause)}`).not.toContain('merger');
  expect(error.message).not.toContain(ana.lid);
});

verifies('adapters:messenger-failures', 'a look-up that fails is not taken for a message that is not there', async () => {
  const { context, messenger, failureOf } = await start();
  await messenger.sendText(message);
  const bodies = [
    { status: 500, body: { statusCode: 500, exception: { message: 'database is locked' } } },
    { status: 404, body: { message: 'Cannot GET /api/default', statusCode: 404 } },
    { status: 503, body: {} },
  ];

  for (const answer of bodies) {
    context.faults.add({ vendor: 'waha', effect: 'answer', ...answer });
    expect(await failureOf(messenger.hasMessage(chatId, message.id))).toMatchObject({ retryable: true });
  }
  expect(await messenger.hasMessage(chatId, message.id)).toBe(true);
});

verifies('adapters:messenger-failures', 'NOWEB keeps ids only with its store: without it no look-up succeeds', async () => {
  const [having, without] = [await start({ engine: 'NOWEB' }), await start({ engine: 'NOWEB', nowebStore: false })];
  await without.messenger.sendText(message);

  const [kept, lost] = [await having.messenger.status(), await without.messenger.status()];
  const error = await without.failureOf(without.messenger.hasMessage(chatId, message.id));

  expect([kept, lost]).toMatchObject([
    { engine: 'NOWEB', keepsIds: true },
    { engine: 'NOWEB', keepsIds: false },
  ]);
  expect(error).toMatchObject({ code: 'invalid-input', retryable: false });
  expect(without.waha.chat(ana.phone)).toHaveLength(1);
});

verifies(
  'adapters:messenger-failures',
  'a key that is not taken is trouble that may pass: no reply is given up for it',
  async () => {
    const { messenger, failureOf } = await start({ key: 'wrong' });

    expect(await failureOf(messenger.sendText(message))).toMatchObject({ code: 'upstream', retryable: true, maybeDone: false });
  },
);

verifies('adapters:messenger-failures', 'who gives up says why: a lost lease is no trouble of WAHA', async () => {
  const { context, messenger, failureOf } = await start({ timeoutMs: 2_000 });
  context.faults.add({ vendor: 'waha', effect: 'hang' });
  const lost = new AbortController();
  setTimeout(() => lost.abort(new AppError('lease-lost', 'gone')), 20);

  expect(await failureOf(messenger.sendText(message, lost.signal))).toMatchObject({ code: 'lease-lost' });
});

verifies('adapters:messenger-old', 'an older WAHA, or another engine, does not keep our ids', async () => {
  const versions = [
    { version: '2026.4.2', engine: 'GOWS' },
    { version: '2026.4.3', engine: 'GOWS' },
    { version: '2026.4.3', engine: 'NOWEB' },
    { version: '2025.12.9', engine: 'GOWS' },
    { version: '2027.1.0', engine: 'GOWS' },
  ] as const;

  const kept: boolean[] = [];
  for (const options of versions) kept.push((await (await start(options)).messenger.status()).keepsIds);

  expect(kept).toEqual([false, true, true, false, true]);
});

verifies(
  'adapters:messenger',
  'what was never delivered is listed, the oldest first, as webhooks would have brought it',
  async () => {
    const { waha, messenger } = await start({ webhook: { events: [] } });
    const seconds = Math.floor(Date.now() / 1_000);
    waha.receive({ from: ana.phone, text: 'long ago', timestamp: seconds - 7_200, deliver: false });
    waha.receive({ from: ana.phone, text: 'first', timestamp: seconds - 120, deliver: false });
    waha.receive({ from: ana.phone, text: 'second', timestamp: seconds - 60, deliver: false });
    await messenger.sendText(message);
    const reader = createWahaWebhookReader({ hmacKeys: ['k'], wahaSession: 'default' });

    const range = { sinceMs: (seconds - 1_800) * 1_000, untilMs: seconds * 1_000 };
    waha.receive({ from: ana.phone, text: 'after', timestamp: seconds + 60, deliver: false });
    const found = await messenger.listIncoming({ ...range, limit: 10, offset: 0 });

    expect(found.map((payload) => reader.readMessage(payload))).toMatchObject([
      { kind: 'message', text: 'first', lid: ana.lid, phone: ana.phone, sentAt: (seconds - 120) * 1_000 },
      { kind: 'message', text: 'second' },
    ]);
  },
);

describe.skipIf(contractsDirectory === undefined)('against the documents in CONTRACTS_DIR (skipped where they are not)', () => {
  verifies('adapters:messenger', 'our requests satisfy the OpenAPI document of WAHA', async () => {
    const { context: sandbox, messenger } = await start();
    await messenger.sendText(message);
    await messenger.setTyping(chatId, true);
    await messenger.setTyping(chatId, false);
    await messenger.markRead(chatId);
    await messenger.hasMessage(chatId, message.id);
    await messenger.listIncoming({ sinceMs: 0, untilMs: Date.now(), limit: 10, offset: 0 });
    await messenger.lookUpIdentity({ phone: ana.phone });
    await messenger.status();
    const contract = loadContract('waha.openapi.json');
    const schemas: Record<string, string> = {
      '/api/sendText': 'MessageTextRequest',
      '/api/startTyping': 'ChatRequest',
      '/api/stopTyping': 'ChatRequest',
      '/api/sendSeen': 'SendSeenRequest',
    };

    const sent = sandbox.journal.entries('waha');

    expect(sent.length).toBeGreaterThanOrEqual(9);
    for (const { method, path, body } of sent) {
      const route = (path.split('?')[0] ?? '').split('/').map(decodeURIComponent);
      const known = Object.keys(contract.document.paths).find((template) => matches(template.split('/'), route));
      expect(contract.document.paths[known ?? ''], `${method} ${path}`).toHaveProperty(method.toLowerCase());
      const schema = schemas[path];
      if (schema !== undefined) expect(contract.problems(schema, JSON.parse(body))).toEqual([]);
    }
  });
});

const matches = (template: readonly string[], route: readonly string[]) =>
  template.length === route.length && template.every((part, index) => part === route[index] || part.startsWith('{'));
