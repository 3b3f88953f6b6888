import { createHmac, timingSafeEqual } from 'node:crypto';
import { z } from 'zod';
import { AppError } from '../../core/errors.ts';
import {
  maxWebhookBytes,
  type IgnoredReason,
  type IncomingEvent,
  type IncomingMessage,
  type WebhookReader,
  type WebhookRequest,
} from '../../ports/webhook-reader.ts';
import { chatKind, lidOf, parseMessageId, phoneOf, type ChatKind } from './chat-names.ts';

export interface WebhookReaderOptions {
  /** Any of them may have signed: a rotation overlaps. */
  readonly hmacKeys: readonly string[];
  readonly wahaSession: string;
}

const maxTextChars = 16_000;

const Envelope = z.object({
  event: z.string().max(100),
  session: z.string().max(100),
  timestamp: z.number().int().positive(),
  payload: z.unknown(),
});

// Engines differ in every other field; these are in all of them.
const Message = z.object({
  id: z.string().max(300),
  timestamp: z.number(),
  from: z.string().max(200).nullish(),
  fromMe: z.boolean(),
  body: z.string().nullish(),
  hasMedia: z.boolean().nullish(),
  location: z.unknown().optional(),
  vCards: z.unknown().optional(),
  _data: z
    .object({
      // NOWEB
      key: z.object({ remoteJidAlt: z.string().nullish() }).loose().nullish(),
      // GOWS
      Info: z.object({ SenderAlt: z.string().nullish() }).loose().nullish(),
    })
    .loose()
    .nullish()
    .catch(undefined),
});

const Ack = z.object({ id: z.string().max(300), ack: z.number().int() });
const SessionStatus = z.object({ status: z.string().max(50) });

/** @see facts of WAHA: https://waha.devlike.pro/docs/how-to/events/ */
export function createWahaWebhookReader(options: WebhookReaderOptions): WebhookReader {
  return {
    read(request) {
      const signature = signatureOf(request);
      const requestId = request.headers['x-webhook-request-id']?.slice(0, 64) ?? '';
      const ignored = (reason: IgnoredReason): IncomingEvent => ({ kind: 'ignored', reason, createdAt: 0, requestId });
      // Whether WAHA signed it cannot be told without reading it. 200, or WAHA would send it twelve times more.
      if (request.body === undefined) return ignored('oversized');
      verifySignature(options.hmacKeys, signature, request.body);
      if (request.body.byteLength > maxWebhookBytes) return ignored('oversized');
      const envelope = Envelope.safeParse(parseJson(request.body));
      if (!envelope.success) return ignored('malformed');
      const { session, timestamp: createdAt } = envelope.data;
      if (session !== options.wahaSession) return ignored('other-session');
      return { ...readPayload(envelope.data, session), createdAt, requestId };
    },
    readMessage: (payload) => readMessage(payload, options.wahaSession),
  };
}

/** What the headers say to be the signature. @throws {AppError} `unauthorized` where it has not the form of one. */
function signatureOf({ headers }: WebhookRequest): Buffer {
  const given = headers['x-webhook-hmac'] ?? '';
  const isKnownForm = (headers['x-webhook-hmac-algorithm'] ?? '') === 'sha512' && headers['x-webhook-hmac-version'] === undefined;
  if (!isKnownForm || !/^[0-9a-f]{128}$/.test(given))
    throw new AppError('unauthorized', 'A webhook carries no HMAC-SHA512 signature');
  return Buffer.from(given, 'hex');
}

/** Over the raw bytes, in constant time, by any of the keys; nothing else of the request is signed. */
function verifySignature(keys: readonly string[], signature: Buffer, body: Uint8Array): void {
  const matches = keys.filter((key) => timingSafeEqual(createHmac('sha512', key).update(body).digest(), signature));
  if (matches.length === 0) throw new AppError('unauthorized', 'The signature of a webhook is wrong');
}

type Payload = IncomingMessage | { readonly kind: 'ignored'; readonly reason: IgnoredReason };

function readPayload({ event, payload }: z.infer<typeof Envelope>, wahaSession: string) {
  switch (event) {
    case 'message':
      return readMessage(payload, wahaSession);
    case 'message.ack':
      return readAck(payload);
    case 'session.status': {
      const status = SessionStatus.safeParse(payload);
      return status.success ? { kind: 'session-status' as const, status: status.data.status } : ignored('malformed');
    }
    default:
      // `message.any` repeats `message`; what else there is, and what will be, is none of ours.
      return ignored(knownEvents.has(event) ? 'not-handled' : 'unknown-event');
  }
}

const knownEvents = new Set([
  ...['message.any', 'message.reaction', 'message.ack.group', 'message.waiting', 'message.revoked', 'message.edited'],
  ...['state.change', 'group.join', 'group.leave', 'group.v2.join', 'group.v2.leave', 'group.v2.update'],
  ...['group.v2.participants', 'presence.update', 'poll.vote', 'poll.vote.failed', 'chat.archive', 'call.received'],
  ...['call.accepted', 'call.rejected', 'label.upsert', 'label.deleted', 'label.chat.added', 'label.chat.deleted'],
  ...['event.response', 'event.response.failed', 'engine.event'],
]);

const ignoredChats: Readonly<Record<Exclude<ChatKind, 'person'>, IgnoredReason>> = {
  group: 'group',
  status: 'status',
  broadcast: 'broadcast',
  channel: 'channel',
  other: 'not-handled',
};

function readMessage(payload: unknown, wahaSession: string): Payload {
  const parsed = Message.safeParse(payload);
  const id = parsed.success ? parseMessageId(parsed.data.id) : undefined;
  if (!parsed.success || !id) return ignored('malformed');
  const kind = chatKind(id.chatId);
  if (kind !== 'person') return ignored(ignoredChats[kind]);
  if (parsed.data.fromMe || id.fromMe) return ignored('own-message');
  const names = readNames(id.chatId, parsed.data);
  if (names.lid === undefined && names.phone === undefined) return ignored('malformed');
  const text = (parsed.data.body ?? '').slice(0, maxTextChars);
  const hasMedia = parsed.data.hasMedia === true;
  if (text.trim() === '' && !hasMedia) return ignored('no-content');
  const sentAt = Math.round(parsed.data.timestamp * 1_000);
  return { kind: 'message', wahaSession, whatsappId: id.bareId, chatId: id.chatId, ...names, text, hasMedia, sentAt };
}

/** Both names of the sender where the engine tells the other one; `_data` differs by engine and may be missing. */
function readNames(chatId: string, { _data }: z.infer<typeof Message>): { lid: string | undefined; phone: string | undefined } {
  const other = _data?.key?.remoteJidAlt ?? _data?.Info?.SenderAlt;
  return { lid: lidOf(chatId) ?? lidOf(other), phone: phoneOf(chatId) ?? phoneOf(other) };
}

function readAck(
  payload: unknown,
): Omit<Extract<IncomingEvent, { kind: 'ack' }>, 'createdAt' | 'requestId'> | ReturnType<typeof ignored> {
  const parsed = Ack.safeParse(payload);
  const id = parsed.success ? parseMessageId(parsed.data.id) : undefined;
  if (!parsed.success || !id) return ignored('malformed');
  if (!id.fromMe) return ignored('not-handled');
  if (chatKind(id.chatId) !== 'person') return ignored('group');
  return { kind: 'ack', whatsappId: id.bareId, lid: lidOf(id.chatId), phone: phoneOf(id.chatId), ack: parsed.data.ack };
}

function ignored(reason: IgnoredReason) {
  return { kind: 'ignored', reason } as const;
}

function parseJson(body: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(body)) as unknown;
  } catch {
    return undefined;
  }
}
