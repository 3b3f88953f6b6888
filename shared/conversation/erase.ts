import { asAppError } from '../core/errors.ts';
import { backoffMs } from '../core/retry.ts';
import { erasePerson } from '../domain/privacy/index.ts';
import type { ConversationRef } from '../ports/bell.ts';
import { annotateSpan, errorFields, log, withSpan } from '../telemetry/index.ts';
import { deleteDocuments, endErasure, sayLast, writeDownCalls, type Erasing } from './erase-steps.ts';
import { holdLease, type HeldLease } from './lease.ts';
import { createErasure } from './mark-erased.ts';
import type { TurnWork } from './turn/turn-work.ts';

// Vendors that are down for longer are asked every ten minutes at last.
const longestParkMs = 600_000;

// How soon to look again for another conversation that somebody works on.
const otherAgainMs = 2_000;

/**
 * Goes on with the erasure of a conversation that is marked: the conversations that became one with it, the people, what
 * is stored, the last reply, the key, the names; and lets go of the lease, which says `done`. Each step may be run again,
 * so a worker that is lost anywhere is followed by one that does the rest. Answers when to ring again, where it waits.
 */
export async function goOnErasing(work: TurnWork, held: HeldLease): Promise<number | undefined> {
  return withSpan('erase', { conversation: held.lease.conversationId }, async () => {
    try {
      const partition = await work.ports.conversations.load(held.lease, held.signal);
      const erasure = partition.erasure ?? createErasure(held, held.lease.erasedAt ?? work.ports.clock.now());
      const erasing = { work, held, erasure, partition };
      const again = await eraseStored(erasing);
      annotateSpan({ outcome: again === undefined ? 'done' : 'parked' });
      await (again === undefined ? endErasure(erasing) : held.release([], { notBefore: again }));
      return again;
    } catch (error) {
      return park(work, held, error);
    }
  });
}

/** What may pass later is tried again later; anything else is a bug, which the bell brings back. */
async function park({ ports, settings }: TurnWork, held: HeldLease, error: unknown): Promise<number> {
  const known = asAppError(error);
  // A document of the batch expired by itself in between: the next run finds it gone.
  const mayPass = known?.retryable === true || known?.code === 'not-found';
  if (!known || !mayPass || known.code === 'lease-lost' || held.signal.aborted) throw error;
  const { conversationId, attempts } = held.lease;
  log('error', 'erasure.parked', { conversation: conversationId, attempts, ...errorFields(error) });
  const wait = backoffMs(attempts - 1, {
    baseMs: settings.parkMs,
    maxMs: longestParkMs,
    random: ports.ids.number(1_000) / 1_000,
  });
  const again = ports.clock.now() + Math.max(known.retryAfterMs ?? 0, wait);
  await held.release([], { notBefore: again, keepAttempts: true });
  return again;
}

/** Everything but the key, the names and the last mark; answers when to go on, where something has to be waited for. */
async function eraseStored(erasing: Erasing): Promise<number | undefined> {
  const { work, held, erasure } = erasing;
  const { ports } = work;
  for (const conversationId of erasure.others) {
    const other = { workspace: held.lease.workspace, conversationId };
    const busyUntil = await eraseOther(erasing, other);
    if (busyUntil !== undefined) return busyUntil;
  }
  for (const person of erasure.people) await erasePerson(ports, person, held.signal);
  await ports.signIns.remove(work.signInIdOf(held.lease.conversationId), held.signal);
  await writeDownCalls(erasing);
  await deleteDocuments(erasing);
  return sayLast(erasing);
}

/**
 * Erases a conversation that became one with this, and answers when to look again where that takes longer: "done" is said
 * once it is. Somebody may be at work in it, or it waits for a vendor.
 */
async function eraseOther({ work, held: own, erasure }: Erasing, other: ConversationRef): Promise<number | undefined> {
  const { ports, settings } = work;
  const known = await ports.conversations.findErasure(other);
  if (known?.state === 'done') return undefined;
  if (known && (await waitsForUs(work, own, other))) {
    await ports.bell.ring(other);
    return undefined;
  }
  const now = ports.clock.now();
  const until = now + settings.leaseMs;
  const taking = await ports.conversations.takeLease(other, { owner: ports.ids.random(), until, now });
  switch (taking.kind) {
    case 'absent':
      return undefined;
    case 'busy':
      return Math.max(taking.until, now + otherAgainMs);
    case 'abandoned':
      await ports.bell.ring(other);
      return now + settings.takeoverMs + otherAgainMs;
    case 'taken':
      return eraseHeld(work, holdLease(ports, settings, { lease: taking.lease, until }), erasure.at);
  }
}

/** Where each was asked to erase the other with itself, one of the two waits: that with the greater id. */
async function waitsForUs({ ports }: TurnWork, { lease, signal }: HeldLease, other: ConversationRef): Promise<boolean> {
  if (lease.conversationId > other.conversationId) return false;
  const { erasure } = await ports.conversations.load(other, signal);
  return erasure?.others.includes(lease.conversationId) === true;
}

async function eraseHeld(work: TurnWork, held: HeldLease, at: number): Promise<number | undefined> {
  const { ports } = work;
  try {
    // One that is marked goes on with its own.
    if (held.lease.erasedAt === undefined)
      await held.commit([{ kind: 'upsert', document: createErasure(held, at) }], { erased: { state: 'erased', at } });
    const again = await goOnErasing(work, held);
    if (again === undefined) return undefined;
    const { workspace, conversationId } = held.lease;
    await ports.bell.ring({ workspace, conversationId }, { atMs: again });
    log('info', 'erasure.behind-another', { other: conversationId });
    return again + otherAgainMs;
  } catch (error) {
    if (!asAppError(error, 'lease-lost')) throw error;
    return ports.clock.now() + otherAgainMs;
  } finally {
    held.abandon();
  }
}
