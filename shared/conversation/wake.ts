import { asAppError } from '../core/errors.ts';
import type { ConversationRef } from '../ports/bell.ts';
import type { LeaseDocument } from '../ports/documents.ts';
import { annotateSpan, errorFields, log, withSpan } from '../telemetry/index.ts';
import { isRungFor } from './is-rung-for.ts';
import { holdLease, type HeldLease } from './lease.ts';
import type { TurnWork } from './turn/turn-work.ts';
import { workOff } from './work-off.ts';

/**
 * What a bell leads to: lease → due messages → turn → one batch → send gate → release. An extra bell finds nothing due
 * and changes nothing; nor does any bell while everything is paused: what is due stays so, and is rung for afterwards.
 * @param bell.isRepeat The broker gave it before: whoever had it may not have come to ring for what they parked.
 * @throws what could not even be parked; the bell is then delivered again.
 */
export async function wake(work: TurnWork, ref: ConversationRef, { isRepeat = false } = {}): Promise<void> {
  if (await work.isPaused(ref)) {
    annotateSpan({ outcome: 'paused' });
    return;
  }
  const held = await take(work, ref, isRepeat);
  if (!held) return;
  work.closing.addEventListener('abort', held.giveUp, { once: true });
  try {
    const again = await workOff(work, held, isRepeat);
    if (again !== undefined) await work.ports.bell.ring(ref, again > work.ports.clock.now() ? { atMs: again } : {});
  } catch (error) {
    const isLost = held.signal.aborted || asAppError(error, 'lease-lost') !== undefined;
    if (!isLost) await leave(held, error);
    held.abandon();
    // The bell is given back, for a process that lives.
    if (work.closing.aborted) throw error;
    if (!isLost) throw error;
    // Whoever has the lease now goes on; where nobody has, `ring-overdue` finds it run out.
    log('warn', 'wake.lease-lost', { conversation: ref.conversationId, ...errorFields(error) });
  } finally {
    work.closing.removeEventListener('abort', held.giveUp);
  }
}

/** A store that cannot be read, or parked in, has killed nobody: the lease is given back, and no worker counted as lost. */
async function leave(held: HeldLease, error: unknown): Promise<void> {
  if (asAppError(error)?.retryable && held.isHeld()) await held.release().catch(() => undefined);
}

/** Takes the lease, or sees to it that somebody rings when it can be taken. */
async function take(work: TurnWork, ref: ConversationRef, isRepeat: boolean): Promise<HeldLease | undefined> {
  const { ports, settings } = work;
  const owner = ports.ids.random();
  const now = ports.clock.now();
  const until = now + settings.leaseMs;
  const taking = await withSpan('lease', {}, () => ports.conversations.takeLease(ref, { owner, until, now }));
  annotateSpan({ lease: taking.kind });
  switch (taking.kind) {
    case 'taken':
      return holdLease(ports, settings, { lease: taking.lease, until });
    case 'busy':
      // No live lease has so much left: it is at rest, and whoever left it so rang for its end.
      if (!isRepeat && isRungFor(taking.until, settings, now)) return undefined;
      await ringForEnd(work, ref, taking.until);
      return undefined;
    case 'abandoned':
      await letRest({ ports, settings }, ref, taking.lease);
      return undefined;
    case 'absent':
      log('warn', 'wake.no-conversation', { conversation: ref.conversationId });
      return undefined;
  }
}

/** Who comes shortly before the end rings all the same, for clocks differ: the bell may be the one that was rung for it. */
async function ringForEnd({ ports, settings, leaseEnds }: TurnWork, ref: ConversationRef, until: number): Promise<void> {
  const isFarOff = until - ports.clock.now() > settings.marginMs;
  if (isFarOff && leaseEnds.hasRung(ref, until)) return;
  // Spread, so that the bells of many conversations do not all come back in one moment.
  await ports.bell.ring(ref, { atMs: until + 100 + ports.ids.number(1_000) });
  leaseEnds.noteRung(ref, until);
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
