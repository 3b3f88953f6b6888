import type {
  ApprovalDocument,
  Buckets,
  CallsDocument,
  ConversationDocument,
  ErasureDocument,
  FailureDocument,
  LeaseDocument,
  MemoryDocument,
  MessageDocument,
  PreferencesDocument,
  ReplyDocument,
} from './documents.ts';
import type { ConversationRef } from './bell.ts';

/** The lease as its owner holds it: every batch is fenced by `owner` and `epoch`. */
export interface Lease extends ConversationRef {
  readonly owner: string;
  readonly epoch: number;
  /** How often the lease was taken since the last orderly release, this time included. */
  readonly attempts: number;
  /** As they stood when it was taken. */
  readonly buckets?: Buckets | undefined;
  /** Set where an erasure has begun and is not done: nothing else is worked on. */
  readonly erasedAt?: number | undefined;
}

/** Where the batch leaves the lease. `until` never moves back but by release. */
export type LeaseAfter =
  | { readonly kind: 'hold'; readonly until: number }
  /**
   * Lets go; nobody may take it before `notBefore` (0: at once). `keepAttempts` where what was tried must count;
   * `uncounted` beside it where those before count, and this taking does not: nothing was tried under it.
   */
  | { readonly kind: 'release'; readonly notBefore: number; readonly keepAttempts: boolean; readonly uncounted?: boolean };

/** What a batch changes of the lease beside holding or releasing it. */
export interface LeaseChange {
  readonly buckets?: Buckets;
  /** So many messages are no longer due. */
  readonly ended?: number;
  /** An erasure begins, or is done. */
  readonly erased?: Erasure;
}

/** One document of a batch. `patch` sets and removes by path below the document: `state`, `parts/0/state`. */
export type Change =
  | { readonly kind: 'create'; readonly document: ConversationDocument }
  | { readonly kind: 'upsert'; readonly document: ConversationDocument }
  | {
      readonly kind: 'patch';
      readonly id: string;
      readonly set: Readonly<Record<string, unknown>>;
      readonly remove?: readonly string[];
    }
  | { readonly kind: 'delete'; readonly id: string };

/** What a worker relies on, read in one query after its own lease write. */
export interface Partition {
  /**
   * Messages with `dueAt`, parked ones included, by `sentAt`, then `arrivedAt`: all that name a turn, and of the others,
   * where they are more than a hundred, those that fell due first.
   */
  readonly messages: readonly MessageDocument[];
  /** Recorded answers of turns that have not ended, or whose audit lines are not written, by `n`. */
  readonly calls: readonly CallsDocument[];
  /** Replies with `dueAt`, by `createdAt`. */
  readonly replies: readonly ReplyDocument[];
  readonly memory: MemoryDocument | undefined;
  readonly preferences: PreferencesDocument | undefined;
  /** Open ones, by `createdAt`. */
  readonly approvals: readonly ApprovalDocument[];
  /** Set while the conversation is being erased. */
  readonly erasure?: ErasureDocument | undefined;
  /** Documents that cannot be read as what they should be; they are in none of the others. */
  readonly broken: readonly BrokenDocument[];
}

/** All that is known of a document that cannot be read. */
export interface BrokenDocument {
  readonly id: string;
  /** One that was due: the lease counts it among those that wait. */
  readonly isMessage: boolean;
}

export type Taking =
  | { readonly kind: 'taken'; readonly lease: Lease }
  /** Somebody holds it, or it is not to be taken before `until`. */
  | { readonly kind: 'busy'; readonly until: number }
  /** Its owner is gone without letting go. */
  | { readonly kind: 'abandoned'; readonly lease: LeaseDocument }
  /** There is no such conversation, or its erasure is done. */
  | { readonly kind: 'absent' };

/** How far the erasure of a conversation is, and up to which WhatsApp time it reaches. */
export interface Erasure {
  readonly state: 'erased' | 'done';
  readonly at: number;
}

/** Which failure is to be replayed: that of this run of the turn and of no other. */
export interface Replay {
  readonly turnId: string;
  readonly run: number;
  /** Of whoever asks: the same one again is the same replay. */
  readonly key: string;
  readonly now: number;
}

/** A conversation takes no more messages while so many are due: one person costs what one person may. */
export const maxWaiting = 500;

/**
 * The conversations: one partition each, and the truth about them.
 * Every method throws {AppError} `rate-limited`, `timeout` or `upstream` when worth retrying.
 */
export interface Conversations {
  /**
   * Stores a message in one batch with the condition that the lease is not erased and fewer than `maxWaiting` are due;
   * makes the lease at first contact. `seen`: a document with this id is there.
   */
  storeMessage(message: MessageDocument, signal?: AbortSignal): Promise<'stored' | 'seen' | 'erased' | 'full'>;
  /**
   * Creates what nobody asked for, a reply with whatever belongs to it, in one batch with the conditions that the lease is
   * not erased and that `preferences` do not say STOP. `seen`: the first document is there already.
   */
  createUnasked(
    ref: ConversationRef,
    documents: readonly [ConversationDocument, ...ConversationDocument[]],
    signal?: AbortSignal,
  ): Promise<'created' | 'seen' | 'stopped' | 'erased'>;
  /** Whether STOP was said: one point read, for right before something unasked is sent. */
  isStopped(ref: ConversationRef, signal?: AbortSignal): Promise<boolean>;
  /** One conditional patch: epoch + 1, attempts + 1, owner and until set, where it is free and may be taken. */
  takeLease(ref: ConversationRef, request: { owner: string; until: number; now: number }, signal?: AbortSignal): Promise<Taking>;
  /** Whether the conversation was erased: one point read; undefined where it was not, or is not there. */
  findErasure(ref: ConversationRef, signal?: AbortSignal): Promise<Erasure | undefined>;
  /**
   * An approval, decided or not, with the calls that were recorded by its yes: two point reads at most. Undefined where there
   * is none, or none any more.
   */
  findApproval(
    ref: ConversationRef,
    approvalId: string,
    signal?: AbortSignal,
  ): Promise<{ approval: ApprovalDocument; answer: CallsDocument | undefined } | undefined>;
  /** Ids of what lies in the partition beside the lease, whatever it is; at most `limit`. */
  listIds(ref: ConversationRef, limit: number, signal?: AbortSignal): Promise<readonly string[]>;
  /** Lets go of an abandoned lease, not to be taken before `notBefore`; false when somebody else was quicker. */
  freeAbandoned(lease: LeaseDocument, notBefore: number, signal?: AbortSignal): Promise<boolean>;
  load(ref: ConversationRef, signal?: AbortSignal): Promise<Partition>;
  /**
   * One batch, all or nothing, on the condition that the lease is still ours. An unknown outcome is repeated inside;
   * a conflict on the repeat means that it was applied.
   * @throws {AppError} `lease-lost` when the lease is not ours; `conflict` when a document to be created is there.
   */
  commit(
    lease: Lease,
    batch: { after: LeaseAfter; changes: readonly Change[]; onLease?: LeaseChange | undefined },
    signal?: AbortSignal,
  ): Promise<void>;
  /**
   * Conversations with a `dueAt` before `beforeMs`, `limit` of them, each once, the oldest first: one query on one index.
   * @param query.only The id of the one conversation that is asked about.
   */
  listOverdue(
    query: { workspace: string; beforeMs: number; limit: number; only?: string },
    signal?: AbortSignal,
  ): Promise<readonly ConversationRef[]>;
  /** How many documents have a `dueAt` before `beforeMs`: what awaits work, and what is being worked on. */
  countDue(query: { workspace: string; beforeMs: number }, signal?: AbortSignal): Promise<number>;
  /**
   * Moves the ack of the part with this WhatsApp id forward; false when no reply has it or it is further already. An
   * error (−1) comes after the server's ack (1) and before the phone's (2).
   */
  recordAck(ref: ConversationRef, ack: { whatsappId: string; ack: number }, signal?: AbortSignal): Promise<boolean>;
  /** The newest failures of the workspace, newest first; those of one moment always in the same order. */
  listFailures(workspace: string, limit: number, signal?: AbortSignal): Promise<readonly FailureDocument[]>;
  /**
   * Makes a turn that failed due again, in one batch: exactly its messages, as another run, and its recorded calls with what
   * came of them, on the condition that the lease is not erased and that this run's failure was not replayed yet.
   * `replayed`: now, or under this key before; `already`: by somebody else, or that run is over; `gone`: there is no such
   * failure, or its messages are not kept any more.
   * @throws {AppError} `upstream` while what the turn did is not written down yet.
   */
  replayFailure(ref: ConversationRef, replay: Replay, signal?: AbortSignal): Promise<'replayed' | 'already' | 'gone'>;
}
