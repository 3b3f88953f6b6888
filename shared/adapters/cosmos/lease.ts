import type { Container, PatchOperation } from '@azure/cosmos';
import { z } from 'zod';
import type { ConversationRef } from '../../ports/bell.ts';
import type { Lease, LeaseAfter, LeaseChange, Taking } from '../../ports/conversations.ts';
import { LeaseDocument } from '../../ports/documents.ts';
import { request, statusOf, toAppError } from './errors.ts';
import { abortedBy } from './select.ts';

// Conditions of patches take no parameters: what stands in them is hex or a number, checked here.
const Owner = z.string().regex(/^[0-9a-f]{1,64}$/);

/** The lease with the id of the last batch under it, which is ours alone. */
const Stored = LeaseDocument.extend({ batch: z.string().optional() }).optional();

/** The lease of a conversation nobody works on yet. */
export function newLease({ workspace, conversationId }: ConversationRef): LeaseDocument {
  return { workspace, conversationId, id: 'lease', type: 'lease', owner: null, epoch: 0, until: 0, attempts: 0 };
}

/** The fence: holds as long as nobody took the lease after us. */
function ownedBy({ owner, epoch }: Pick<Lease, 'owner' | 'epoch'>): string {
  return `FROM c WHERE c.owner = '${Owner.parse(owner)}' AND c.epoch = ${z.int().parse(epoch)}`;
}

/**
 * The fence of one batch: it holds under our lease, and once. A repeat of a batch that was applied is refused here, before
 * anything else of it is looked at, and `wasApplied` tells that from a lease that was lost.
 */
export function fenceOf(
  lease: Lease,
  { after, onLease, batchId }: { after: LeaseAfter; onLease: LeaseChange | undefined; batchId: string },
) {
  const id = Owner.parse(batchId);
  return {
    condition: `${ownedBy(lease)} AND (NOT IS_DEFINED(c.batch) OR c.batch != '${id}')`,
    operations: [...leaseOperations(after), ...changeOperations(onLease), set('batch', id)],
  };
}

/** Whether the batch of this id was the last on the lease, and the lease is where it left it. */
export async function wasApplied(
  container: Container,
  lease: Lease,
  { after, batchId, signal }: { after: LeaseAfter; batchId: string; signal: AbortSignal | undefined },
): Promise<boolean> {
  const stored = await readLease(container, lease, signal).catch((error: unknown) => {
    throw toAppError(error, 'read lease').with({ maybeDone: true });
  });
  if (stored?.batch !== batchId) return false;
  return after.kind === 'release' || (stored.owner === lease.owner && stored.epoch === lease.epoch);
}

/** What a batch does to the lease itself; `dueAt` is when `ring-overdue` is to look after it. */
function leaseOperations(after: LeaseAfter): PatchOperation[] {
  if (after.kind === 'hold') return [set('until', after.until), set('dueAt', after.until)];
  const due = after.notBefore > 0 ? set('dueAt', after.notBefore) : ({ op: 'remove', path: '/dueAt' } as const);
  return [set('owner', null), set('until', after.notBefore), due, ...attemptOperations(after)];
}

function attemptOperations({ keepAttempts, uncounted = false }: LeaseAfter & { kind: 'release' }): PatchOperation[] {
  if (!keepAttempts) return [set('attempts', 0)];
  return uncounted ? [{ op: 'incr', path: '/attempts', value: -1 }] : [];
}

function changeOperations({ buckets, ended = 0, erased }: LeaseChange = {}): PatchOperation[] {
  return [
    ...(buckets ? [set('buckets', buckets)] : []),
    // A turn that ended was not killed: what comes next starts anew.
    ...(ended > 0 ? [{ op: 'incr', path: '/waiting', value: -ended } as const, set('attempts', 0)] : []),
    ...(erased ? [set('erased', erased.state), set('erasedAt', erased.at)] : []),
  ];
}

/** One conditional patch; only a refusal is looked into. */
export async function takeLease(
  container: Container,
  ref: ConversationRef,
  wanted: { owner: string; until: number; now: number; signal: AbortSignal | undefined },
): Promise<Taking> {
  const { owner, until, now, signal } = wanted;
  const item = container.item('lease', ref.conversationId);
  try {
    const { resource } = await item.patch<LeaseDocument>(
      {
        condition: `FROM c WHERE IS_NULL(c.owner) AND c.until <= ${z.int().parse(now)} AND (NOT IS_DEFINED(c.erased) OR c.erased = 'erased')`,
        operations: [
          set('owner', Owner.parse(owner)),
          set('until', until),
          set('dueAt', until),
          increase('epoch'),
          increase('attempts'),
        ],
      },
      abortedBy(signal),
    );
    return taken(ref, LeaseDocument.parse(resource));
  } catch (error) {
    const status = statusOf(error);
    if (status === 404) return { kind: 'absent' };
    if (status !== 412 && !toAppError(error, 'take lease').maybeDone) throw toAppError(error, 'take lease');
    return judgeRefusal(ref, await readLease(container, ref, signal), wanted);
  }
}

/** A refusal that finds our own owner is a lease taken: the answer to the first try was lost. */
function judgeRefusal(
  ref: ConversationRef,
  lease: LeaseDocument | undefined,
  { owner, now }: { owner: string; now: number },
): Taking {
  if (!lease || lease.erased === 'done') return { kind: 'absent' };
  if (lease.owner === owner) return taken(ref, lease);
  if (lease.until > now) return { kind: 'busy', until: lease.until };
  return lease.owner === null ? { kind: 'busy', until: now + 1_000 } : { kind: 'abandoned', lease };
}

/** False when somebody else freed or took it first. */
export async function freeAbandoned(
  container: Container,
  lease: LeaseDocument,
  { notBefore, signal }: { notBefore: number; signal: AbortSignal | undefined },
): Promise<boolean> {
  try {
    await container.item('lease', lease.conversationId).patch(
      {
        condition: ownedBy({ owner: lease.owner ?? '', epoch: lease.epoch }),
        operations: leaseOperations({ kind: 'release', notBefore, keepAttempts: true }),
      },
      abortedBy(signal),
    );
    return true;
  } catch (error) {
    if (statusOf(error) === 412) return false;
    throw toAppError(error, 'free lease');
  }
}

/** The lease as it is stored; undefined where there is none. */
export async function readLease(container: Container, ref: ConversationRef, signal: AbortSignal | undefined) {
  const { resource } = await request('read lease', () =>
    container.item('lease', ref.conversationId).read<LeaseDocument>(abortedBy(signal)),
  );
  return Stored.parse(resource);
}

function taken(ref: ConversationRef, { owner, epoch, attempts, buckets, erased, erasedAt }: LeaseDocument): Taking {
  const lease = { ...ref, owner: owner ?? '', epoch, attempts, buckets };
  return { kind: 'taken', lease: erased === undefined ? lease : { ...lease, erasedAt: erasedAt ?? 0 } };
}

function set(field: string, value: unknown): PatchOperation {
  return { op: 'set', path: `/${field}`, value };
}

function increase(field: string): PatchOperation {
  return { op: 'incr', path: `/${field}`, value: 1 };
}
