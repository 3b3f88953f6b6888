import { AppError } from '../../../shared/core/errors.ts';
import type { ConversationRef } from '../../../shared/ports/bell.ts';
import type { Change, Lease, LeaseAfter, LeaseChange, Partition, Taking } from '../../../shared/ports/conversations.ts';
import { ConversationDocument, type LeaseDocument } from '../../../shared/ports/documents.ts';

export function newLease({ workspace, conversationId }: ConversationRef): LeaseDocument {
  return { workspace, conversationId, id: 'lease', type: 'lease', owner: null, epoch: 0, until: 0, attempts: 0 };
}

/** Takes the lease in place where it is free and may be taken; else says why not. */
export function takeFree(
  lease: LeaseDocument | undefined,
  ref: ConversationRef,
  { owner, until, now }: { owner: string; until: number; now: number },
): Taking {
  if (!lease || lease.erased === 'done') return { kind: 'absent' };
  if (lease.owner === owner) return { kind: 'taken', lease: asTaken(ref, lease) };
  if (lease.until > now) return { kind: 'busy', until: lease.until };
  if (lease.owner !== null) return { kind: 'abandoned', lease };
  Object.assign(lease, { owner, until, dueAt: until, epoch: lease.epoch + 1, attempts: lease.attempts + 1 });
  return { kind: 'taken', lease: asTaken(ref, lease) };
}

function asTaken(ref: ConversationRef, { owner, epoch, attempts, buckets, erased, erasedAt }: LeaseDocument): Lease {
  const lease = { ...ref, owner: owner ?? '', epoch, attempts, buckets };
  return erased === undefined ? lease : { ...lease, erasedAt: erasedAt ?? 0 };
}

export function applyLeaseChange(lease: LeaseDocument, { buckets, ended = 0, erased }: LeaseChange): void {
  if (buckets) lease.buckets = buckets;
  if (ended > 0) Object.assign(lease, { waiting: (lease.waiting ?? 0) - ended, attempts: 0 });
  if (erased) Object.assign(lease, { erased: erased.state, erasedAt: erased.at });
}

export function applyLeaseAfter(lease: LeaseDocument, after: LeaseAfter): void {
  if (after.kind === 'hold') {
    Object.assign(lease, { until: after.until, dueAt: after.until });
    return;
  }
  const kept = after.uncounted === true ? lease.attempts - 1 : lease.attempts;
  Object.assign(lease, { owner: null, until: after.notBefore, attempts: after.keepAttempts ? kept : 0 });
  if (after.notBefore > 0) lease.dueAt = after.notBefore;
  else delete lease.dueAt;
}

/** As the store patches: what is to be set needs its parent, what is to be removed must be there. */
export function applyChange(partition: Map<string, ConversationDocument>, change: Change): void {
  if (change.kind === 'delete') {
    if (!partition.delete(change.id)) throw new AppError('not-found', `There is no '${change.id}' to delete`);
    return;
  }
  if (change.kind !== 'patch') {
    const { document } = change;
    if (change.kind === 'create' && partition.has(document.id)) throw new AppError('conflict', `There is a '${document.id}'`);
    partition.set(document.id, structuredClone(document));
    return;
  }
  const document = partition.get(change.id);
  if (!document) throw new AppError('not-found', `There is no '${change.id}' to patch`);
  for (const [path, value] of Object.entries(change.set)) {
    const { parent, name } = parentOf(document, path);
    parent[name] = structuredClone(value);
  }
  for (const path of change.remove ?? []) {
    const { parent, name } = parentOf(document, path);
    if (!(name in parent)) throw new AppError('invalid-input', `There is no '${path}' to remove`);
    // eslint-disable-next-line @typescript-eslint/no-dynamic-delete -- the path names a field of the document
    delete parent[name];
  }
}

function parentOf(document: object, path: string): { parent: Record<string, unknown>; name: string } {
  const names = path.split('/');
  const name = names.pop() ?? '';
  let parent: unknown = document;
  for (const step of names) parent = (parent as Record<string, unknown>)[step];
  if (typeof parent !== 'object' || parent === null) throw new AppError('invalid-input', `There is no parent of '${path}'`);
  return { parent: parent as Record<string, unknown>, name };
}

const maxWaiting = 100;

/** What is set aside is of none of them. */
const types = new Set(ConversationDocument.options.map(({ shape }) => shape.type.value));

export function readPartition(stored: readonly ConversationDocument[]): Partition {
  const isReadable = (document: ConversationDocument) => ConversationDocument.safeParse(document).success;
  const documents = stored.filter(isReadable);
  const of = <T extends ConversationDocument['type']>(type: T) =>
    documents.filter((document): document is Extract<ConversationDocument, { type: T }> => document.type === type);
  const isDue = ({ dueAt }: { dueAt?: number | undefined }) => dueAt !== undefined;
  const due = of('message').filter(isDue);
  const waiting = due
    .filter(({ turnId, command }) => turnId === undefined && command === undefined)
    .sort((a, b) => (a.dueAt ?? 0) - (b.dueAt ?? 0))
    .slice(0, maxWaiting);
  return {
    messages: [...due.filter(({ turnId, command }) => turnId !== undefined || command !== undefined), ...waiting].sort(
      (a, b) => a.sentAt - b.sentAt || a.arrivedAt - b.arrivedAt || a.id.localeCompare(b.id),
    ),
    calls: of('calls')
      .filter(({ open }) => open)
      .sort((a, b) => a.n - b.n),
    replies: of('reply')
      .filter(isDue)
      .sort((a, b) => a.createdAt - b.createdAt),
    memory: of('memory')[0],
    preferences: of('preferences')[0],
    approvals: of('approval')
      .filter(({ open }) => open)
      .sort((a, b) => a.createdAt - b.createdAt || a.id.localeCompare(b.id)),
    erasure: of('erasure')[0],
    broken: stored
      .filter((document) => !isReadable(document) && types.has(document.type))
      .map(({ id, type }) => ({ id, isMessage: type === 'message' })),
  };
}
