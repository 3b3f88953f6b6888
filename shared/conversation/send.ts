import { AppError, asAppError, errorCode } from '../core/errors.ts';
import { backoffMs } from '../core/retry.ts';
import { withTimeLimit } from '../core/time-limit.ts';
import type { Change } from '../ports/conversations.ts';
import type { ReplyContent, ReplyDocument, ReplyPart } from '../ports/documents.ts';
import type { Ports } from '../ports/index.ts';
import { annotateSpan, continueTrace, currentTraceparent, linkSpan, log, withSpan } from '../telemetry/index.ts';
import type { HeldLease } from './lease.ts';
import type { ConversationSettings } from './settings.ts';

export interface SendGate {
  readonly ports: Pick<Ports, 'conversations' | 'messenger' | 'clock'>;
  readonly settings: Pick<ConversationSettings, 'vendorTimeoutMs' | 'parkMs' | 'maxAgeMs' | 'transcriptTtlSeconds'>;
  readonly held: HeldLease;
  /** Whether the bridge keeps ids of our making; where it does not, nothing can be looked up and nothing is repeated. */
  readonly keepsIds: boolean;
}

/** What the sending changed: the patch that the release carries. */
export interface Sent {
  readonly change: Change;
}

/** Who creates a reply without a lease, or leaves one of which it is known that nothing is under way: nobody tries to send it. */
export const nobody = { owner: '0', epoch: 0 } as const;

/**
 * Sends the parts of a reply that are due, in order. Only the worker that created the reply under this very lease sends
 * without looking, and only once; whoever else comes looks every part up by its id first.
 * @throws {AppError} `lease-lost`; whatever the store throws, where a reply has to be taken on before anything is sent.
 */
export async function sendReply(gate: SendGate, reply: ReplyDocument, content: ReplyContent): Promise<Sent> {
  const { owner, epoch } = gate.held.lease;
  const isOurs = reply.createdBy.owner === owner && reply.createdBy.epoch === epoch && reply.attempt === 0;
  const isFirst = isOurs || (await takeOn(gate, reply));
  const bell = currentTraceparent();
  // Whoever sends it, and whenever: it belongs to the trace that it was made in.
  return continueTrace(reply.traceparent ?? bell, () =>
    withSpan('send', { reply: reply.id, parts: reply.parts.length, first: isFirst }, () => {
      linkSpan(bell);
      return sendParts(gate, { reply, content, isFirst });
    }),
  );
}

/**
 * Where nothing can be looked up, a reply that nobody tried to send is sent by whoever says so first, in a fenced batch: as
 * by its creator from then on, and once. Elsewhere a look-up tells as much, and costs the store nothing.
 */
async function takeOn({ held, keepsIds }: SendGate, { id, createdBy }: ReplyDocument): Promise<boolean> {
  if (keepsIds || createdBy.owner !== nobody.owner) return false;
  const { owner, epoch } = held.lease;
  await held.commit([{ kind: 'patch', id, set: { createdBy: { owner, epoch } } }]);
  return true;
}

async function sendParts(
  gate: SendGate,
  { reply, content, isFirst }: { reply: ReplyDocument; content: ReplyContent; isFirst: boolean },
): Promise<Sent> {
  const parts = [...reply.parts];
  let sent = 0;
  for (const [index, part] of parts.entries()) {
    if (part.state !== 'due') continue;
    try {
      if (await isUnwanted(gate, reply)) return { change: dropRest(gate, reply, parts) };
      await sendPart(
        gate,
        { id: part.whatsappId, chatId: content.chatId, text: content.texts[index] ?? '', linkPreview: reply.linkPreview },
        isFirst,
      );
      parts[index] = { ...part, state: 'sent', sentAt: gate.ports.clock.now() };
      annotateSpan({ sent: (sent += 1) });
    } catch (error) {
      return stopped(gate, { reply, parts, index }, error);
    }
  }
  return { change: finished(gate, reply, parts) };
}

/** After STOP nothing is sent unasked: read again for each part, right before it goes. */
async function isUnwanted({ ports, held }: SendGate, { unasked = false }: ReplyDocument): Promise<boolean> {
  return unasked && ports.conversations.isStopped(held.lease, held.signal);
}

function dropRest(gate: SendGate, reply: ReplyDocument, parts: readonly ReplyPart[]): Change {
  log('info', 'send.stopped', { reply: reply.id });
  return finished(
    gate,
    reply,
    parts.map((part): ReplyPart => (part.state === 'due' ? { ...part, state: 'dropped' } : part)),
  );
}

async function sendPart(gate: SendGate, message: Parameters<Ports['messenger']['sendText']>[0], isFirst: boolean): Promise<void> {
  if (!isFirst && !gate.keepsIds) throw new AppError('unknown-outcome', 'A part may have been sent, and cannot be looked up');
  if (!isFirst && (await isShown(gate, message))) return;
  const startedAt = gate.ports.clock.now();
  try {
    gate.held.ensureTime();
    await limited(gate, (signal) => gate.ports.messenger.sendText(message, signal));
  } catch (error) {
    if (asAppError(error)?.maybeDone !== true) throw error;
    log('warn', 'send.outcome-unknown', { message: message.id });
    if (!gate.keepsIds)
      throw new AppError('unknown-outcome', 'A part may have been sent, and cannot be looked up', { cause: error });
    if (await isShown(gate, message)) return;
    // An early error may come before the message does: what was under way has landed once the vendor's time is up.
    const left = startedAt + gate.settings.vendorTimeoutMs - gate.ports.clock.now();
    if (left > 0) {
      await gate.ports.clock.sleep(left, gate.held.signal);
      if (await isShown(gate, message)) return;
    }
    gate.held.ensureTime();
    log('warn', 'send.repeated', { message: message.id });
    await limited(gate, (signal) => gate.ports.messenger.sendText(message, signal));
  }
}

/** @throws {AppError} what the look-up threw: it says nothing of the part, which may have been sent. */
async function isShown(gate: SendGate, message: { chatId: string; id: string }): Promise<boolean> {
  try {
    return await limited(gate, (signal) => gate.ports.messenger.hasMessage(message.chatId, message.id, signal));
  } catch (error) {
    const known = asAppError(error);
    if (!known || known.maybeDone || known.code === 'lease-lost') throw error;
    throw known.with({ maybeDone: true });
  }
}

/** A part could not be sent: later if that may help, never if it cannot. */
function stopped(gate: SendGate, at: { reply: ReplyDocument; parts: ReplyPart[]; index: number }, error: unknown): Sent {
  const known = asAppError(error);
  if (!known || known.code === 'lease-lost') throw error;
  const { reply, parts, index } = at;
  const now = gate.ports.clock.now();
  const isTooOld = now - reply.createdAt > gate.settings.maxAgeMs;
  if (!known.retryable || isTooOld) {
    const state = known.maybeDone || known.code === 'unknown-outcome' ? 'uncertain' : 'dropped';
    log('error', `send.${state}`, { reply: reply.id, code: known.code, vendor: known.vendor });
    const ended = parts.map((part, i): ReplyPart =>
      i >= index && part.state === 'due' ? { ...part, state: i === index ? state : 'dropped' } : part,
    );
    return { change: finished(gate, reply, ended) };
  }
  const again =
    now +
    Math.max(known.retryAfterMs ?? 0, backoffMs(reply.attempt, { baseMs: gate.settings.parkMs, maxMs: 600_000, random: 0 }));
  log('warn', 'send.parked', { reply: reply.id, code: errorCode(error), vendor: known.vendor });
  annotateSpan({ outcome: 'parked' });
  return {
    change: {
      kind: 'patch',
      id: reply.id,
      set: { ...changedParts(reply, parts), ...untried(gate), dueAt: again, attempt: reply.attempt + 1 },
    },
  };
}

/** What may have been done is not parked where nothing can be looked up: what is parked there was not sent. */
function untried({ keepsIds }: SendGate): Partial<Pick<ReplyDocument, 'createdBy'>> {
  return keepsIds ? {} : { createdBy: nobody };
}

function finished(gate: SendGate, reply: ReplyDocument, parts: readonly ReplyPart[]): Change {
  const has = (state: ReplyPart['state']) => parts.some((part) => part.state === state);
  const state = has('uncertain') ? 'uncertain' : has('dropped') ? 'dropped' : 'sent';
  annotateSpan({ outcome: state });
  return {
    kind: 'patch',
    id: reply.id,
    set: { ...changedParts(reply, parts), state, ttl: gate.settings.transcriptTtlSeconds },
    remove: ['dueAt'],
  };
}

/** Part by part, field by field: acks are written to the same parts meanwhile. */
function changedParts(reply: ReplyDocument, parts: readonly ReplyPart[]): Record<string, unknown> {
  return Object.fromEntries(
    parts.flatMap((part, index) => {
      if (part === reply.parts[index]) return [];
      const state: [string, unknown] = [`parts/${index}/state`, part.state];
      return part.sentAt === undefined ? [state] : [state, [`parts/${index}/sentAt`, part.sentAt]];
    }),
  );
}

function limited<T>({ held, settings }: SendGate, work: (signal: AbortSignal) => Promise<T>): Promise<T> {
  return withTimeLimit([settings.vendorTimeoutMs, held.signal], work);
}

/** Ends a reply unsent. */
export function dropReply({ id }: ReplyDocument, ttl: number): Change {
  return { kind: 'patch', id, set: { state: 'dropped', ttl }, remove: ['dueAt'] };
}
