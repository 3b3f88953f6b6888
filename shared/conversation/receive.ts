import { within } from '../core/abort.ts';
import { asAppError } from '../core/errors.ts';
import type { Ports } from '../ports/index.ts';
import type { IncomingAck, IncomingEvent, IncomingMessage, WebhookRequest } from '../ports/webhook-reader.ts';
import { annotateSpan, errorFields, log } from '../telemetry/index.ts';
import { webhookBudgetMs } from './settings.ts';
import { storeMessage, type StoreOptions, type StorePorts } from './store-message.ts';

export type ReceivePorts = StorePorts & Pick<Ports, 'bell' | 'webhookReader'>;

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
export async function receive(ports: ReceivePorts, options: StoreOptions, request: WebhookRequest): Promise<Received> {
  const event = ports.webhookReader.read(request);
  annotateSpan({ 'waha.request_id': event.requestId, kind: event.kind });
  const received = await handle(ports, options, event);
  annotateSpan({ outcome: received.outcome, reason: received.reason });
  if (received.reason !== undefined) log('info', `webhook.${received.outcome}`, { reason: received.reason });
  return received;
}

async function handle(ports: ReceivePorts, options: StoreOptions, event: IncomingEvent): Promise<Received> {
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
  options: StoreOptions,
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

async function recordAck(
  ports: ReceivePorts,
  { indexes, settings }: StoreOptions,
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
