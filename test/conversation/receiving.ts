import { createHmac } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { onTestFinished } from 'vitest';
import { z } from 'zod';
import { createWahaWebhookReader } from '../../shared/adapters/waha/webhook-reader.ts';
import { receive } from '../../shared/conversation/receive.ts';
import { createBlindIndexes } from '../../shared/domain/identity/index.ts';
import { setLogSink } from '../../shared/telemetry/index.ts';
import { createTestDataKeys } from '../support/data-keys.ts';
import { createFakeBell } from '../support/fakes/fake-bell.ts';
import { createFakeClock } from '../support/fakes/fake-clock.ts';
import { createFakeConversations } from '../support/fakes/fake-conversations.ts';
import { createFakeIdentities } from '../support/fakes/fake-identities.ts';
import { createFakeMessenger } from '../support/fakes/fake-messenger.ts';

export const hmacKey = 'test-hmac-key';
const hourMs = 3_600_000;

const Captured = z.object({
  note: z.string(),
  captures: z.array(
    z.object({ receivedAtMs: z.number(), method: z.string(), rawHeaders: z.array(z.string()), bodyRaw: z.string() }),
  ),
});

/** The requests that a real WAHA sent, with where they come from in the file's own note. */
export const captured = Captured.parse(JSON.parse(readFileSync('test/fixtures/waha-captured-webhooks.json', 'utf8'))).captures;

/** Header names in lower case, as the trigger hands them on. */
export function headersOf(rawHeaders: readonly string[]): Record<string, string> {
  const entries: [string, string][] = [];
  for (let i = 0; i < rawHeaders.length; i += 2) entries.push([(rawHeaders[i] ?? '').toLowerCase(), rawHeaders[i + 1] ?? '']);
  return Object.fromEntries(entries);
}

/** Everything behind the webhook in memory, and a way to post to it as WAHA does. */
export function startReceiving({ keys = [hmacKey] }: { keys?: readonly string[] } = {}) {
  const clock = createFakeClock();
  const indexes = createBlindIndexes(Buffer.alloc(32, 3), 'acme');
  const ports = {
    clock,
    bell: createFakeBell(),
    conversations: createFakeConversations(),
    dataKeys: createTestDataKeys(clock),
    identities: createFakeIdentities(),
    messenger: createFakeMessenger(),
    webhookReader: createWahaWebhookReader({ hmacKeys: keys, wahaSession: 'default' }),
  };
  const options = { settings: { workspace: 'acme', maxAgeMs: 6 * hourMs, transcriptTtlSeconds: 30 * 86_400 }, indexes };
  const lines: string[] = [];
  onTestFinished(setLogSink((_level, line) => lines.push(line)));
  const post = (raw: Uint8Array | string | undefined, headers: Record<string, string>) =>
    receive(ports, options, { headers, body: typeof raw === 'string' ? Buffer.from(raw, 'utf8') : raw });
  /** Signs an envelope and posts it. */
  const send = (envelope: unknown, key = hmacKey) => {
    const raw = typeof envelope === 'string' ? envelope : JSON.stringify(envelope);
    return post(raw, signed(raw, key));
  };
  /** Where the messages of a name went, oldest first. */
  const stored = () =>
    [...new Set([...ports.identities.documents.values()].map(({ conversationId = '' }) => conversationId))].flatMap(
      (conversationId) =>
        ports.conversations.documents({ workspace: 'acme', conversationId }).filter(({ type }) => type === 'message'),
    );
  return { clock, ports, options, indexes, lines, post, send, stored };
}

export function signed(raw: string, key: string): Record<string, string> {
  return {
    'x-webhook-hmac': createHmac('sha512', key).update(raw).digest('hex'),
    'x-webhook-hmac-algorithm': 'sha512',
    'x-webhook-request-id': '3b2ozl1mumwpor4jc',
  };
}

/** An envelope of a text message by Ana, as GOWS sends it; `payload` overrides. */
export function messageEnvelope(at: number, payload: Record<string, unknown> = {}, envelope: Record<string, unknown> = {}) {
  return {
    id: 'evt_01m7xrztxf0ajc7a4xpe237p3d',
    timestamp: at,
    event: 'message',
    session: 'default',
    engine: 'GOWS',
    payload: {
      id: 'false_271828182845901@lid_3EB0AAAAAAAAAAAAAAAAAA',
      timestamp: Math.floor(at / 1_000),
      from: '271828182845901@lid',
      fromMe: false,
      body: 'Am I free tomorrow?',
      hasMedia: false,
      _data: { Info: { SenderAlt: '15550100001@s.whatsapp.net' } },
      ...payload,
    },
    ...envelope,
  };
}
