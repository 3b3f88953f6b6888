import { AppError } from '../../../shared/core/errors.ts';
import type { ConversationRef } from '../../../shared/ports/bell.ts';
import { maxWaiting, type Conversations } from '../../../shared/ports/conversations.ts';
import type {
  ConversationDocument,
  FailureDocument,
  LeaseDocument,
  PreferencesDocument,
  ReplyDocument,
} from '../../../shared/ports/documents.ts';
import { applyChange, applyLeaseAfter, applyLeaseChange, newLease, readPartition, takeFree } from './partition.ts';
import { replayIn } from './replay.ts';

type Partition = Map<string, ConversationDocument>;
type Method = keyof Conversations;

export interface FakeConversations extends Conversations {
  /** The document as it is stored; for assertions. */
  document(ref: ConversationRef, id: string): ConversationDocument | undefined;
  documents(ref: ConversationRef): ConversationDocument[];
  /** Makes a lease without a message, where there is none. */
  openLease(ref: ConversationRef, ttl: number): void;
  /** Lets go of what has a `ttl`, as time does, but for the memory, which every turn writes anew. */
  expire(ref: ConversationRef): void;
  /** What was called, in order. */
  readonly calls: Method[];
  /** The next call of this method fails so, before or, with `done`, after doing it. */
  failNext(method: Method, error: Error, options?: { done?: boolean; times?: number }): void;
}

/** How acks follow each other: what was delivered did not fail. */
const ackOrder = [0, 1, -1, 2, 3, 4];

/** Conversations in memory, by the rules of the port: fenced batches, all or nothing, and leases as the store judges them. */
export function createFakeConversations(): FakeConversations {
  const partitions = new Map<string, Partition>();
  const calls: Method[] = [];
  const failures: { method: Method; error: Error; done: boolean }[] = [];
  const of = ({ conversationId }: ConversationRef): Partition => {
    const found = partitions.get(conversationId) ?? new Map<string, ConversationDocument>();
    partitions.set(conversationId, found);
    return found;
  };
  const leaseOf = (ref: ConversationRef) => of(ref).get('lease') as LeaseDocument | undefined;
  /** Each method is one moment: nothing happens in between. */
  const run = async <T>(method: Method, act: () => T): Promise<T> => {
    calls.push(method);
    await Promise.resolve();
    const index = failures.findIndex((failure) => failure.method === method);
    const [failure] = index < 0 ? [] : failures.splice(index, 1);
    if (failure && !failure.done) throw failure.error;
    const result = structuredClone(act());
    if (failure) throw failure.error;
    return result;
  };
  const all = () => [...partitions.values()].flatMap((partition) => [...partition.values()]);

  return {
    calls,
    failNext(method, error, { done = false, times = 1 } = {}) {
      failures.push(...Array.from({ length: times }, () => ({ method, error, done })));
    },
    document: (ref, id) => structuredClone(of(ref).get(id)),
    expire(ref) {
      for (const [id, document] of of(ref)) if (document.ttl !== undefined && document.type !== 'memory') of(ref).delete(id);
    },
    documents: (ref) => structuredClone([...of(ref).values()]),
    openLease(ref, ttl) {
      if (!leaseOf(ref)) of(ref).set('lease', { ...newLease(ref), ttl });
    },
    storeMessage: (message) =>
      run('storeMessage', () => {
        const lease = leaseOf(message) ?? newLease(message);
        if (lease.erased !== undefined) return 'erased';
        if (of(message).has(message.id)) return 'seen';
        if (message.command === undefined && (lease.waiting ?? 0) >= maxWaiting) return 'full';
        lease.waiting = (lease.waiting ?? 0) + 1;
        of(message).set('lease', lease).set(message.id, structuredClone(message));
        return 'stored';
      }),
    createUnasked: (ref, documents) =>
      run('createUnasked', () => {
        const lease = leaseOf(ref);
        if (!lease || lease.erased !== undefined) return 'erased';
        const preferences = of(ref).get('preferences') as PreferencesDocument | undefined;
        if (preferences?.stopped) return 'stopped';
        if (of(ref).has(documents[0].id)) return 'seen';
        for (const document of documents) of(ref).set(document.id, structuredClone(document));
        return 'created';
      }),
    isStopped: (ref) => run('isStopped', () => (of(ref).get('preferences') as PreferencesDocument | undefined)?.stopped === true),
    findApproval: (ref, approvalId) =>
      run('findApproval', () => {
        const approval = of(ref).get(`approval:${approvalId}`);
        if (approval?.type !== 'approval') return undefined;
        const answer = of(ref).get(`${approval.followedBy ?? ''}:0`);
        return { approval, answer: answer?.type === 'calls' ? answer : undefined };
      }),
    findErasure: (ref) =>
      run('findErasure', () => {
        const { erased, erasedAt = 0 } = leaseOf(ref) ?? {};
        return erased && { state: erased, at: erasedAt };
      }),
    listIds: (ref, limit) => run('listIds', () => [...of(ref).keys()].filter((id) => id !== 'lease').slice(0, limit)),
    takeLease: (ref, wanted) => run('takeLease', () => takeFree(leaseOf(ref), ref, wanted)),
    freeAbandoned: (lease, notBefore) =>
      run('freeAbandoned', () => {
        const stored = leaseOf(lease);
        if (stored?.owner !== lease.owner || stored.epoch !== lease.epoch) return false;
        applyLeaseAfter(stored, { kind: 'release', notBefore, keepAttempts: true });
        return true;
      }),
    load: (ref) => run('load', () => readPartition([...of(ref).values()])),
    commit: (lease, { after, changes, onLease = {} }) =>
      run('commit', () => {
        const stored = leaseOf(lease);
        if (stored?.owner !== lease.owner || stored.epoch !== lease.epoch)
          throw new AppError('lease-lost', 'The lease is not ours');
        const next = structuredClone(of(lease));
        for (const change of changes) applyChange(next, change);
        const kept = next.get('lease') as LeaseDocument;
        applyLeaseAfter(kept, after);
        applyLeaseChange(kept, onLease);
        partitions.set(lease.conversationId, next);
      }),
    listOverdue: ({ workspace, beforeMs, limit, only }) =>
      run('listOverdue', () => {
        const due = all().filter((document) => document.workspace === workspace && (document.dueAt ?? Infinity) < beforeMs);
        const oldest = due.sort((a, b) => (a.dueAt ?? 0) - (b.dueAt ?? 0));
        const found = new Set(oldest.map(({ conversationId }) => conversationId));
        const conversations = [...found].filter((conversationId) => only === undefined || conversationId === only);
        return conversations.slice(0, limit).map((conversationId) => ({ workspace, conversationId }));
      }),
    countDue: ({ workspace, beforeMs }) =>
      run(
        'countDue',
        () => all().filter((document) => document.workspace === workspace && (document.dueAt ?? Infinity) < beforeMs).length,
      ),
    recordAck: (ref, { whatsappId, ack }) =>
      run('recordAck', () => {
        const replies = [...of(ref).values()].filter((document): document is ReplyDocument => document.type === 'reply');
        const part = replies.flatMap(({ parts }) => parts).find((one) => one.whatsappId === whatsappId);
        if (!part || ackOrder.indexOf(part.ack) >= ackOrder.indexOf(ack)) return false;
        part.ack = ack;
        return true;
      }),
    listFailures: (workspace, limit) =>
      run('listFailures', () =>
        all()
          .filter((document): document is FailureDocument => document.type === 'failure' && document.workspace === workspace)
          .sort((a, b) => b.at - a.at || a.conversationId.localeCompare(b.conversationId) || a.id.localeCompare(b.id))
          .slice(0, limit),
      ),
    replayFailure: (ref, replay) => run('replayFailure', () => replayIn(of(ref), replay)),
  };
}
