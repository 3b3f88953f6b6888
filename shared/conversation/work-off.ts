import type { Lease, Partition } from '../ports/conversations.ts';
import type { MessageDocument, ReplyDocument } from '../ports/documents.ts';
import { log } from '../telemetry/index.ts';
import { appendAudit } from './audit-trail.ts';
import { goOnErasing } from './erase.ts';
import { carryStop, loadFormer, type Former } from './former.ts';
import { handOn } from './hand-on.ts';
import { judge, type Next } from './judge.ts';
import type { HeldLease } from './lease.ts';
import { markErased } from './mark-erased.ts';
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

/** What one step led to: a reply to send, recorded calls that ended, or that nothing can be done before another's work. */
interface Step {
  readonly reply?: ReplyDocument | undefined;
  readonly hasCalls?: boolean;
  readonly notBefore?: number;
}

/** Works one step, lets go as the last act, and looks once more; answers when to ring again. */
export async function workOff(work: TurnWork, held: HeldLease): Promise<number | undefined> {
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
  await held.release([...sent, ...audited]);
  const again = await lookAgain(work, held.lease, step);
  return audited.length === ended.length ? again : Math.min(again ?? Infinity, ports.clock.now() + auditAgainMs);
}

/** What became durable meanwhile rang for a lease that was held: its bell is far off. */
async function lookAgain({ ports, settings }: TurnWork, lease: Lease, { notBefore }: Step): Promise<number | undefined> {
  if (notBefore !== undefined) return notBefore;
  const left = judge(await ports.conversations.load(lease), ports.clock.now(), settings);
  return left.kind === 'rest' ? left.at : ports.clock.now();
}

async function workNext(
  work: TurnWork,
  held: HeldLease,
  { next, partition, formers }: { next: Exclude<Next, { kind: 'erase' }>; partition: Partition; formers: readonly Former[] },
): Promise<Step> {
  switch (next.kind) {
    case 'rest':
      return {};
    case 'send':
      return { reply: next.reply };
    case 'command':
      return workCommand(work, held, { ...next, partition });
    case 'turn': {
      const notBefore = await comesAfterAnother(work, held, { messages: next.messages, formers });
      if (notBefore !== undefined) return { notBefore };
      return workTurn(work, held, { messages: next.messages, partition });
    }
  }
}

/**
 * Where two conversations were merged, what is due in the other was said before: it is rung for, and waited for. Answers
 * when to look again; undefined where nothing comes first.
 */
async function comesAfterAnother(
  { ports, isPaused }: TurnWork,
  { lease }: HeldLease,
  { messages, formers }: { messages: readonly MessageDocument[]; formers: readonly Former[] },
): Promise<number | undefined> {
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
    await ports.bell.ring(other);
    return Math.max(...due, ports.clock.now()) + behindAnotherMs;
  }
  return undefined;
}
