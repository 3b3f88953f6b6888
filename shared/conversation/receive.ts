import { within } from '../core/abort.ts';
import { asAppError } from '../core/errors.ts';
import { deriveId } from '../core/ids.ts';
import type { BlindIndexes, ChatNames } from '../domain/identity/index.ts';
import { claimMessage, leaveErased, resolveConversation } from '../domain/identity/index.ts';
import type { Ports } from '../ports/index.ts';
import type { MessageContent, MessageDocument } from '../ports/documents.ts';
import type { IncomingAck, IncomingEvent, IncomingMessage, WebhookRequest } from '../ports/webhook-reader.ts';
import { annotateSpan, currentTraceparent, errorFields, log } from '../telemetry/index.ts';
import { readCommand } from './commands.ts';
import { webhookBudgetMs, type ConversationSettings } from './settings.ts';

export type ReceivePorts = Pick<
  Ports,
  'bell' | 'clock' | 'conversations' | 'dataKeys' | 'identities' | 'messenger' | 'webhookReader'
>;

export interface ReceiveOptions {
  readonly settings: Pick<ConversationSettings, 'workspace' | 'maxAgeMs'>;
  readonly indexes: BlindIndexes;
}

/** What became of a webhook; `status` is the answer that WAHA acts on: everything but 2xx is repeated. */
export interface Received {
  readonly status: 202 | 200 | 503;
  readonly outcome: 'stored' | 'seen' | 'status' | 'ignored' | 'refused' | 'unavailable';
  readonly reason?: string;
  /** Of a message that was refused because its conversation was erased. */
  readonly erased?: string;
}

/**
 * Verifies, resolves, stores, rings. 2xx means: durably stored, or refused for a recorded reason.
 * @throws {AppError} `unauthorized` when the signature is missing or wrong.
 */
export async function receive(ports: ReceivePorts, options: ReceiveOptions, request: WebhookRequest): Promise<Received> {
  const event = ports.webhookReader.read(request);
  annotateSpan({ 'waha.request_id': event.requestId, kind: event.kind });
  const received = await handle(ports, options, event);
  annotateSpan({ outcome: received.outcome, reason: received.reason });
  if (received.reason !== undefined) log('info', `webhook.${received.outcome}`, { reason: received.reason });
  return received;
}

async function handle(ports: ReceivePorts, options: ReceiveOptions, event: IncomingEvent): Promise<Received> {
  if (event.kind === 'ignored') return { status: 200, outcome: 'ignored', reason: event.reason };
  // Judged on the signed time of the event, which stays the same over WAHA's repeats.
  if (ports.clock.now() - event.createdAt > options.settings.maxAgeMs)
    return { status: 200, outcome: 'refused', reason: 'stale' };
  if (event.kind === 'session-status') return { status: 200, outcome: 'status', reason: `session ${event.status}` };
  const signal = AbortSignal.timeout(webhookBudgetMs);
  try {
    const work =
      event.kind === 'ack'
        ? recordAck(ports, options, { event, signal })
        : storeAndRing(ports, options, { message: event, signal });
    return await within(work, signal);
  } catch (error) {
    if (asAppError(error)?.retryable !== true && !signal.aborted) throw error;
    log('error', 'webhook.unavailable', errorFields(error));
    return { status: 503, outcome: 'unavailable' };
  }
}

/** Stores and rings, seen or not: a message that was stored before a crash is rung for by its repeat. */
async function storeAndRing(
  ports: ReceivePorts,
  options: ReceiveOptions,
  given: { message: IncomingMessage; signal: AbortSignal },
): Promise<Received> {
  const { outcome, conversationId } = await storeMessage(ports, options, given);
  if (outcome === 'erased') return { status: 200, outcome: 'refused', reason: 'erased', erased: conversationId };
  // Written after the erasure was asked for: it begins anew, once what was before is gone.
  if (outcome === 'erasing') return { status: 503, outcome: 'unavailable', reason: 'erasing' };
  // Refused for a reason, and not for ever: `catch-up` brings it once there is room again.
  if (outcome === 'full') return { status: 200, outcome: 'refused', reason: 'too-many-waiting' };
  await ports.bell.ring({ workspace: options.settings.workspace, conversationId }, { signal: given.signal });
  return { status: 202, outcome };
}

export interface Stored {
  /** `erased`: dated before the erasure of its conversation; `erasing`: dated after one that is not done. */
  readonly outcome: 'stored' | 'seen' | 'full' | 'erased' | 'erasing';
  readonly conversationId: string;
}

type StorePorts = Omit<ReceivePorts, 'webhookReader'>;
type Incoming = { readonly message: IncomingMessage; readonly signal: AbortSignal };

// Once as it is remembered, once as it is: more only where one is erased after the other.
const maxConversations = 3;

/**
 * Makes a message durable in the conversation of whoever wrote it, once. Where that is erased, its lease says up to when;
 * what is dated later goes into the conversation after it.
 */
export async function storeMessage(ports: StorePorts, options: ReceiveOptions, given: Incoming): Promise<Stored> {
  const { workspace } = options.settings;
  const { message, signal } = given;
  let erased: string | undefined;
  for (let tries = 1; ; tries += 1) {
    const { outcome, conversationId, names } = await tryToStore(ports, options, { ...given, erased });
    if (outcome !== 'shut') return { outcome, conversationId };
    const erasure = await ports.conversations.findErasure({ workspace, conversationId }, signal);
    if (erasure && message.sentAt <= erasure.at) return { outcome: 'erased', conversationId };
    if (erasure?.state !== 'done' || tries === maxConversations) return { outcome: 'erasing', conversationId };
    // Names that are remembered from a moment ago may lead to what is erased by now: this reads them anew.
    await leaveErased(
      ports,
      { workspace, conversationIds: [conversationId], erasedAt: erasure.at },
      { names: indexesOf(options, names), signal },
    );
    erased = conversationId;
  }
}

/** @param given.erased The conversation that turned out to be erased. */
async function tryToStore(
  ports: StorePorts,
  options: ReceiveOptions,
  { message, erased, signal }: Incoming & { erased: string | undefined },
): Promise<{ outcome: 'stored' | 'seen' | 'full' | 'erased' | 'shut'; conversationId: string; names: ChatNames }> {
  const { workspace } = options.settings;
  const messageKey = messageKeyOf(workspace, message);
  const resolved = await resolveConversation(ports, options.indexes, { names: message, signal });
  const { names, after, erasedAt } = resolved;
  if (erasedAt !== undefined && message.sentAt <= erasedAt)
    return { outcome: 'erased', conversationId: resolved.conversationId, names };
  const conversationId = resolved.isSettled
    ? resolved.conversationId
    : await claimMessage(ports, { workspace, messageKey, conversationId: resolved.conversationId, erased, signal });
  try {
    const sealed = { workspace, conversationId, messageKey, after, message: { ...message, ...names } };
    const document = await sealMessage(ports, sealed, signal);
    const outcome = await ports.conversations.storeMessage(document, signal);
    return { outcome: outcome === 'erased' ? 'shut' : outcome, conversationId, names };
  } catch (error) {
    // The key of a conversation is dropped with it.
    if (asAppError(error, 'gone')) return { outcome: 'shut', conversationId, names };
    throw error;
  }
}

function indexesOf({ indexes }: ReceiveOptions, { lid, phone }: ChatNames): string[] {
  return [...(lid === undefined ? [] : [indexes.lid(lid)]), ...(phone === undefined ? [] : [indexes.phone(phone)])];
}

/** The key that every repeat of a message has: bare id, session and direction; never the chat's name, which changes. */
export function messageKeyOf(workspace: string, message: Pick<IncomingMessage, 'wahaSession' | 'whatsappId'>): string {
  return deriveId(workspace, message.wahaSession, 'message', 'in', message.whatsappId);
}

async function sealMessage(
  ports: Pick<ReceivePorts, 'clock' | 'dataKeys'>,
  what: {
    workspace: string;
    conversationId: string;
    messageKey: string;
    after: readonly string[];
    message: IncomingMessage;
  },
  signal: AbortSignal,
): Promise<MessageDocument> {
  const { workspace, conversationId, messageKey, after, message } = what;
  const key = await ports.dataKeys.keyFor(conversationId, signal);
  const { text, chatId, lid, phone } = message;
  const content: MessageContent = {
    text,
    chatId,
    ...(lid === undefined ? {} : { lid }),
    ...(phone === undefined ? {} : { phone }),
  };
  const traceparent = currentTraceparent();
  const command = message.hasMedia ? undefined : readCommand(text);
  const now = ports.clock.now();
  return {
    workspace,
    conversationId,
    id: messageKey,
    type: 'message',
    kind: message.hasMedia ? 'media' : 'text',
    sentAt: message.sentAt,
    arrivedAt: now,
    dueAt: now,
    ...(command === undefined ? {} : { command }),
    ...(after.length === 0 ? {} : { after: [...after] }),
    ...(traceparent === undefined ? {} : { traceparent }),
    sealed: key.seal(content, messageKey),
  };
}

async function recordAck(
  ports: ReceivePorts,
  { indexes, settings }: ReceiveOptions,
  { event, signal }: { event: IncomingAck; signal: AbortSignal },
): Promise<Received> {
  const id = event.lid === undefined ? indexes.phone(event.phone ?? '') : indexes.lid(event.lid);
  const identity = await ports.identities.load(id, signal);
  if (identity?.conversationId === undefined) return { status: 200, outcome: 'ignored', reason: 'ack of an unknown chat' };
  // After a merge, what was sent before stands in the former conversation.
  let moved = false;
  for (const conversationId of [identity.conversationId, ...(identity.formerly ?? [])]) {
    moved ||= await ports.conversations.recordAck({ workspace: settings.workspace, conversationId }, event, signal);
  }
  return moved ? { status: 200, outcome: 'status' } : { status: 200, outcome: 'ignored', reason: 'ack of no reply, or older' };
}
