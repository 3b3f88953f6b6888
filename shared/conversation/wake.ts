import { asAppError } from '../core/errors.ts';
import { isChatOf } from '../domain/identity/index.ts';
import type { ConversationRef } from '../ports/bell.ts';
import type { Change, Lease } from '../ports/conversations.ts';
import type { DataKey } from '../ports/data-keys.ts';
import {
  MessageContent,
  ReplyContent,
  type LeaseDocument,
  type MessageDocument,
  type ReplyDocument,
} from '../ports/documents.ts';
import { annotateSpan, errorFields, log, withSpan } from '../telemetry/index.ts';
import { judge } from './judge.ts';
import { holdLease, type HeldLease } from './lease.ts';
import { sendReply } from './send.ts';
import { setAside } from './set-aside.ts';
import type { TurnWork } from './turn/turn-work.ts';
import { workTurn } from './turn/work-turn.ts';

// A batch takes a hundred operations.
const maxSetAside = 50;

/**
 * What a bell leads to: lease → due messages → turn → one batch → send gate → release. An extra bell finds nothing due
 * and changes nothing.
 * @throws what could not even be parked; the bell is then delivered again.
 */
export async function wake(work: TurnWork, ref: ConversationRef): Promise<void> {
  const held = await take(work, ref);
  if (!held) return;
  try {
    const again = await workOff(work, held);
    if (again !== undefined) await work.ports.bell.ring(ref, again > work.ports.clock.now() ? { atMs: again } : {});
  } catch (error) {
    held.abandon();
    if (!asAppError(error, 'lease-lost') && !held.signal.aborted) throw error;
    // Whoever has the lease now goes on; where nobody has, `ring-overdue` finds it run out.
    log('warn', 'wake.lease-lost', { conversation: ref.conversationId, ...errorFields(error) });
  }
}

/** Takes the lease, or sees to it that somebody rings when it can be taken. */
async function take({ ports, settings }: TurnWork, ref: ConversationRef): Promise<HeldLease | undefined> {
  const owner = ports.ids.random();
  const now = ports.clock.now();
  const until = now + settings.leaseMs;
  const taking = await withSpan('lease', {}, () => ports.conversations.takeLease(ref, { owner, until, now }));
  annotateSpan({ lease: taking.kind });
  switch (taking.kind) {
    case 'taken':
      return holdLease(ports, settings, { lease: taking.lease, until });
    case 'busy':
      // Spread, so that the bells of a burst do not all come back in one moment.
      await ports.bell.ring(ref, { atMs: taking.until + 100 + ports.ids.number(1_000) });
      return undefined;
    case 'abandoned':
      await letRest({ ports, settings }, ref, taking.lease);
      return undefined;
    case 'absent':
      log('warn', 'wake.no-conversation', { conversation: ref.conversationId });
      return undefined;
  }
}

/** An abandoned lease rests until what its owner had sent has landed; longer each time, so that a killer is soon alone. */
async function letRest(
  { ports, settings }: Pick<TurnWork, 'ports' | 'settings'>,
  ref: ConversationRef,
  lease: LeaseDocument,
): Promise<void> {
  const growing = 2 ** Math.min(lease.attempts, 6) * 1_000;
  const notBefore = ports.clock.now() + settings.takeoverMs + growing + ports.ids.number(1_000);
  const isOurs = await ports.conversations.freeAbandoned(lease, notBefore);
  log('warn', 'wake.lease-abandoned', { conversation: ref.conversationId, attempts: lease.attempts, freed: isOurs });
  await ports.bell.ring(ref, { atMs: notBefore + 100 });
}

/** Works one step, lets go as the last act, and looks once more; answers when to ring again. */
async function workOff(work: TurnWork, held: HeldLease): Promise<number | undefined> {
  const next = await readAndJudge(work, held.lease, held.signal);
  await setAside(held, next.partition.broken.slice(0, maxSetAside), {
    now: work.ports.clock.now(),
    ttl: work.settings.transcriptTtlSeconds,
  });
  const reply = await workNext(work, held, next);
  const sent = reply && (await send(work, held, reply));
  await held.release(sent ? [sent.change] : []);
  // What became durable meanwhile rang for a lease that was held: its bell is far off.
  const left = await readAndJudge(work, held.lease);
  return left.kind === 'rest' ? left.at : work.ports.clock.now();
}

async function workNext(
  work: TurnWork,
  held: HeldLease,
  next: Awaited<ReturnType<typeof readAndJudge>>,
): Promise<ReplyDocument | undefined> {
  if (next.kind === 'rest') return undefined;
  return next.kind === 'send' ? next.reply : (await workTurn(work, held, next)).reply;
}

async function readAndJudge({ ports }: TurnWork, lease: Lease, signal?: AbortSignal) {
  const partition = await ports.conversations.load(lease, signal);
  const key = await ports.dataKeys.keyFor(lease.conversationId, signal);
  return { ...judge(partition, ports.clock.now(), (message) => isUrgent(message, key)), partition };
}

/** A sign-in code is not held up by what waits for a vendor. */
function isUrgent({ id, sealed, kind }: MessageDocument, key: DataKey): boolean {
  if (kind !== 'text') return false;
  try {
    return /^\s*\d{3}\s?\d{3}\s*$/.test(MessageContent.parse(key.open(sealed, id)).text);
  } catch {
    return false; // what cannot be read is for the turn to fail with
  }
}

async function send(work: TurnWork, held: HeldLease, reply: ReplyDocument) {
  const key = await work.ports.dataKeys.keyFor(held.lease.conversationId, held.signal);
  const content = openContent(reply, key);
  const isTheirs = content && (await isStillTheirs(work, held, content.chatId));
  if (!content || !isTheirs) return { change: dropReply(reply, work.settings.transcriptTtlSeconds) };
  const sent = await sendReply({ ports: work.ports, settings: work.settings, held, keepsIds: work.keepsIds() }, reply, content);
  void work.ports.messenger.setTyping(content.chatId, false, held.signal).catch(() => undefined);
  return sent;
}

/** A number that went to somebody else takes no reply of its former owner's with it. */
function isStillTheirs({ ports, indexes }: TurnWork, { lease, signal }: HeldLease, chatId: string): Promise<boolean> {
  return isChatOf(ports, indexes, { chatId, conversationId: lease.conversationId, signal });
}

/** A reply that cannot be opened now never will be: it must not hold up what comes after it. */
function openContent({ id, sealed }: ReplyDocument, key: DataKey): ReplyContent | undefined {
  try {
    return ReplyContent.parse(key.open(sealed, id));
  } catch (error) {
    log('error', 'reply.unreadable', { reply: id, ...errorFields(error) });
    return undefined;
  }
}

function dropReply({ id }: ReplyDocument, ttl: number): Change {
  return { kind: 'patch', id, set: { state: 'dropped', ttl }, remove: ['dueAt'] };
}
