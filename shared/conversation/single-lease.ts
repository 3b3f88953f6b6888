import { AppError, asAppError } from '../core/errors.ts';
import { deriveId } from '../core/ids.ts';
import type { ConversationRef } from '../ports/bell.ts';
import type { Change } from '../ports/conversations.ts';
import type { CallsDocument, LeaseDocument } from '../ports/documents.ts';
import type { Ports } from '../ports/index.ts';
import { errorFields, log } from '../telemetry/index.ts';
import { appendAudit } from './audit-trail.ts';
import { holdLease, type HeldLease } from './lease.ts';
import type { ConversationSettings } from './settings.ts';

/** What a single call needs; wiring fills it. */
export interface SingleCallWork {
  readonly ports: Pick<Ports, 'audit' | 'clock' | 'conversations' | 'dataKeys' | 'ids' | 'ownLeases'>;
  readonly settings: Pick<
    ConversationSettings,
    'workspace' | 'leaseMs' | 'beatMs' | 'marginMs' | 'vendorTimeoutMs' | 'takeoverMs' | 'parkMs'
  >;
  /** How long a key stands for its call. */
  readonly ttlSeconds: number;
}

/** `acme:mcp/<person>/<key>`: a partition of its own for each wish of each person. */
function refOf(workspace: string, { personId, key }: { personId: string; key: string }): ConversationRef {
  return { workspace, conversationId: `${workspace}:mcp/${deriveId('person', personId)}/${deriveId('key', personId, key)}` };
}

/** Whether this is the partition of a single call: nobody is waiting there to be answered. */
export function isSingleCall({ workspace, conversationId }: ConversationRef): boolean {
  return conversationId.startsWith(`${workspace}:mcp/`);
}

/** A lease that whoever fails under it lets go of. */
export interface SingleLease extends HeldLease {
  /** Lets go of what failed before its end; where that fails too, the lease runs out by itself. */
  letGo(options?: Parameters<HeldLease['release']>[1]): Promise<void>;
}

/** @throws {AppError} `lease-lost`, saying for how long, while somebody else has it or what they left has to rest. */
export async function takeSingleLease(
  { ports, settings, ttlSeconds }: SingleCallWork,
  call: { personId: string; key: string },
): Promise<SingleLease> {
  const ref = refOf(settings.workspace, call);
  await ports.ownLeases.open(ref, { ttlSeconds });
  const now = ports.clock.now();
  const until = now + settings.leaseMs;
  const taking = await ports.conversations.takeLease(ref, { owner: ports.ids.random(), until, now });
  switch (taking.kind) {
    case 'taken':
      return withLetGo(holdLease(ports, settings, { lease: taking.lease, until }));
    case 'busy':
      throw busy(taking.until - now);
    case 'abandoned': {
      const restMs = restOf(taking.lease, settings.takeoverMs);
      log('warn', 'single-call.abandoned', { conversation: ref.conversationId, attempts: taking.lease.attempts });
      await ports.conversations.freeAbandoned(taking.lease, now + restMs);
      throw busy(restMs);
    }
    case 'absent':
      throw new AppError('upstream', 'The lease of a call went between its making and its taking', { vendor: 'cosmos' });
  }
}

function withLetGo(held: HeldLease): SingleLease {
  let isReleasing = false;
  return {
    ...held,
    release(...given) {
      isReleasing = true;
      return held.release(...given);
    },
    async letGo(options) {
      if (!isReleasing && !held.signal.aborted) {
        await held.release([], options).catch((error: unknown) => {
          log('warn', 'single-call.not-released', { conversation: held.lease.conversationId, ...errorFields(error) });
        });
      }
      held.abandon();
    },
  };
}

// Who only looks after what a call left tries no call: it is no worker that can be lost, and forgives none that was.
const asBefore = { keepAttempts: true, uncounted: true } as const;

/**
 * What a bell leads to that is rung for a single call: its worker died, or could not write the audit line. Whoever asked
 * will ask again, or not: only the line is written, and nothing is due any more.
 */
export async function settleSingleCall(
  work: Pick<SingleCallWork, 'settings'> & { ports: Omit<SingleCallWork['ports'], 'ownLeases'> },
  ref: ConversationRef,
): Promise<void> {
  const { ports, settings } = work;
  const now = ports.clock.now();
  const until = now + settings.leaseMs;
  const take = () => ports.conversations.takeLease(ref, { owner: ports.ids.random(), until, now });
  let taking = await take();
  if (taking.kind === 'abandoned') {
    const restedAt = taking.lease.until + restOf(taking.lease, settings.takeoverMs);
    await ports.conversations.freeAbandoned(taking.lease, restedAt > now ? restedAt : 0);
    if (restedAt <= now) taking = await take();
  }
  if (taking.kind !== 'taken') return;
  const held = withLetGo(holdLease(ports, settings, { lease: taking.lease, until }));
  try {
    const { calls } = await ports.conversations.load(ref, held.signal);
    await held.release(await auditEnded(ports, calls, held.signal), asBefore);
  } finally {
    await held.letGo(asBefore);
  }
}

/** Writes the lines of calls that ended; answers the changes after which nothing of theirs is due. */
export async function auditEnded(
  ports: Pick<Ports, 'audit' | 'clock' | 'dataKeys'>,
  documents: readonly CallsDocument[],
  signal: AbortSignal,
): Promise<Change[]> {
  const changes: Change[] = [];
  for (const document of documents) {
    const { id, ended = false } = document;
    if (!ended && !(await isOrphaned(ports, document, signal))) continue;
    // What its line says stands in the open: no key is asked for, which an erasure may have dropped.
    const written = await appendAudit(ports, [document], { key: undefined, now: ports.clock.now(), ttl: 0, signal });
    if (written.length === 0) continue;
    // Open it stays: the same key finds it until its time is over.
    const settled = ended ? { set: { ended: false }, remove: ['dueAt'] } : { set: { outcome: 'unknown' } };
    changes.push({ kind: 'patch', id, ...settled });
  }
  return changes;
}

/** Whether it never ended and its person was erased since: nobody can ask for it again, or tell whether it was done. */
async function isOrphaned(
  { dataKeys }: Pick<Ports, 'dataKeys'>,
  { outcome, personId = '' }: CallsDocument,
  signal: AbortSignal,
): Promise<boolean> {
  if (outcome !== undefined) return false;
  try {
    await dataKeys.keyFor(personId, signal);
    return false;
  } catch (error) {
    if (!asAppError(error, 'gone')) throw error;
    return true;
  }
}

/** As long as what the dead worker had sent may take to land, and longer each time. */
function restOf({ attempts }: LeaseDocument, takeoverMs: number): number {
  return takeoverMs + 2 ** Math.min(attempts, 6) * 1_000;
}

function busy(waitMs: number): AppError {
  return new AppError('lease-lost', 'The same call is being worked on: try again with the same key after the wait', {
    retryAfterMs: Math.max(waitMs, 1_000),
  });
}
