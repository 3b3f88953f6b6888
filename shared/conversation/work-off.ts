import type { Lease, Partition } from '../ports/conversations.ts';
import type { MessageDocument, ReplyDocument } from '../ports/documents.ts';
import { log } from '../telemetry/index.ts';
import { noteShown } from './approvals.ts';
import { appendAudit } from './audit-trail.ts';
import { goOnErasing } from './erase.ts';
import { carryStop, loadFormer, type Former } from './former.ts';
import { handOn } from './hand-on.ts';
import { isRungFor } from './is-rung-for.ts';
import { judge, type Next } from './judge.ts';
import type { HeldLease } from './lease.ts';
import { markErased } from './mark-erased.ts';
import { overdueAfterMs } from './ring-overdue.ts';
import { sendDue } from './send-due.ts';
import { setAside } from './set-aside.ts';
import type { TurnWork } from './turn/turn-work.ts';
import { workCommand } from './turn/work-command.ts';
import { workTurn } from './turn/work-turn.ts';

// A batch takes a hundred operations.
const maxSetAside = 50;

// How soon to look again whether a conversation that comes first is worked off.
const behindAnotherMs = 2_000;

// More than that at once is left for the next wake: a batch takes a hundred operations.
const maxAudited = 50;

// How soon to try an audit trail again that could not be written.
const auditAgainMs = 15_000;

/** What one step led to: a reply to send, recorded calls that ended, or that nothing was done. */
interface Step {
  readonly reply?: ReplyDocument | undefined;
  readonly hasCalls?: boolean;
  /** The ids of the approvals that the reply asks for. */
  readonly asks?: readonly string[];
  /** Nothing was to be done; what is parked has been rung for by whoever parked it. */
  readonly isIdle?: boolean;
  /** Nothing can be done before another's work; `at` is when to look again, where nobody else will see to it. */
  readonly behind?: { readonly at: number | undefined };
}

/**
 * Works one step, lets go as the last act, and looks once more; answers when to ring again. Each moment is rung for once,
 * by whoever parks something until then: else every bell that comes meanwhile would leave another.
 * @param isRepeat Whether the bell came before: its worker may not have come to ring.
 */
export async function workOff(work: TurnWork, held: HeldLease, isRepeat: boolean): Promise<number | undefined> {
  const { ports, settings } = work;
  if (held.lease.erasedAt !== undefined) return goOnErasing(work, held);
  const partition = await ports.conversations.load(held.lease, held.signal);
  const key = await ports.dataKeys.keyFor(held.lease.conversationId, held.signal);
  const ttl = settings.transcriptTtlSeconds;
  await setAside(held, partition.broken.slice(0, maxSetAside), { now: ports.clock.now(), ttl });
  const formers = await loadFormer(ports, held, partition);
  await carryStop(held, partition, formers);
  const next = judge(await handOn(work, held, { partition, formers, key }), ports.clock.now(), settings);
  if (next.kind === 'erase') {
    await markErased(work, held, next.message);
    return goOnErasing(work, held);
  }
  const step = await workNext(work, held, { next, partition, formers });
  const sent = step.reply ? [await sendDue(work, held, { reply: step.reply, key })] : [];
  const { calls } = step.hasCalls === true ? await ports.conversations.load(held.lease, held.signal) : partition;
  const ended = calls.filter((document) => document.ended).slice(0, maxAudited);
  const audited = await appendAudit(ports, ended, { key, now: ports.clock.now(), ttl, signal: held.signal });
  await held.release([...sent, ...noteShown(sent[0], step.asks ?? [], ports.clock.now()), ...audited]);
  const again = await lookAgain(work, held.lease, { step, isRepeat });
  // Rung once by whoever ended them: `ring-overdue` sees to calls that stay due.
  const isUnwritten = audited.length < ended.length && step.hasCalls === true;
  return isUnwritten ? Math.min(again ?? Infinity, ports.clock.now() + auditAgainMs) : again;
}

/** What became durable meanwhile rang for a lease that was held: its bell is far off. */
async function lookAgain(
  { ports, settings }: TurnWork,
  lease: Lease,
  { step: { isIdle = false, behind }, isRepeat }: { step: Step; isRepeat: boolean },
): Promise<number | undefined> {
  if (behind) return behind.at;
  const left = judge(await ports.conversations.load(lease), ports.clock.now(), settings);
  if (left.kind !== 'rest') return ports.clock.now();
  const hasLost = isRepeat || lease.attempts > 1;
  const isRung = isIdle && !hasLost && left.at !== undefined && isRungFor(left.at, settings, ports.clock.now());
  return isRung ? undefined : left.at;
}

async function workNext(
  work: TurnWork,
  held: HeldLease,
  { next, partition, formers }: { next: Exclude<Next, { kind: 'erase' }>; partition: Partition; formers: readonly Former[] },
): Promise<Step> {
  switch (next.kind) {
    case 'rest':
      return { isIdle: true };
    case 'send':
      return { reply: next.reply, asks: askedBy(next.reply, partition, work.ports.clock.now()) };
    case 'command':
      return workCommand(work, held, { ...next, partition });
    case 'turn': {
      const behind = await comesAfterAnother(work, held, { messages: next.messages, formers });
      if (behind) return { behind };
      return workTurn(work, held, { messages: next.messages, partition });
    }
  }
}

/** What a reply that is sent later asks for, as far as it waits for a yes still. */
function askedBy({ turnId }: ReplyDocument, { approvals }: Partition, now: number): string[] {
  return approvals.filter((approval) => approval.turnId === turnId && approval.expiresAt >= now).map(({ id }) => id);
}

/**
 * Where two conversations were merged, what is due in the other was said before: it is rung for, and waited for. Answers
 * when to look again, where `ring-overdue` does not do so; undefined where nothing comes first.
 */
async function comesAfterAnother(
  { ports, settings, isPaused }: TurnWork,
  { lease }: HeldLease,
  { messages, formers }: { messages: readonly MessageDocument[]; formers: readonly Former[] },
): Promise<Step['behind']> {
  const [first] = messages;
  if (first === undefined || first.turnId !== undefined || first.command !== undefined) return undefined;
  const named = new Set(messages.flatMap(({ after = [] }) => after));
  for (const { ref: other, partition } of formers.filter(({ ref }) => named.has(ref.conversationId))) {
    // While everything is paused nothing is worked off there.
    if (await isPaused(other)) continue;
    const earlier = partition.messages.filter(({ sentAt }) => sentAt <= first.sentAt);
    const due = [...earlier, ...partition.replies].map(({ dueAt = 0 }) => dueAt);
    if (due.length === 0) continue;
    log('info', 'wake.behind-another', { conversation: lease.conversationId, other: other.conversationId });
    const now = ports.clock.now();
    if (due.some((dueAt) => dueAt <= now)) await ports.bell.ring(other);
    const at = Math.max(...due, now) + behindAnotherMs;
    const isOverdue = now - (first.dueAt ?? now) > overdueAfterMs;
    return { at: isOverdue && isRungFor(at, settings, now) ? undefined : at };
  }
  return undefined;
}
