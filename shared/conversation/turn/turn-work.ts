import type { PersonCaller } from '../../core/caller.ts';
import type { Role } from '../../core/roles.ts';
import type { BlindIndexes } from '../../domain/identity/index.ts';
import type { Change, Partition } from '../../ports/conversations.ts';
import type { DataKey } from '../../ports/data-keys.ts';
import type { Buckets, MessageContent, MessageDocument, RecordedCall } from '../../ports/documents.ts';
import type { Ports } from '../../ports/index.ts';
import type { Tool } from '../../tools/index.ts';
import type { Decision } from '../approvals.ts';
import type { RecordedAnswer } from '../calls.ts';
import type { HeldLease } from '../lease.ts';
import type { LeaseEnds } from '../lease-ends.ts';
import type { PauseCheck } from '../pause.ts';
import type { ConversationSettings } from '../settings.ts';
import type { SignInGate } from './state.ts';
import type { Checkpointer } from './turn-graph.ts';

/** What working off a conversation needs; wiring fills it. */
export interface TurnWork {
  readonly ports: Pick<
    Ports,
    | 'audit'
    | 'bell'
    | 'clock'
    | 'conversations'
    | 'dataKeys'
    | 'identities'
    | 'ids'
    | 'messenger'
    | 'model'
    | 'people'
    | 'signIns'
  >;
  readonly settings: ConversationSettings;
  /** Which ends of leases this process has rung for. */
  readonly leaseEnds: LeaseEnds;
  /** Whether everything rests, this conversation included. */
  readonly isPaused: PauseCheck['isPaused'];
  /** Aborted when the process ends although turns are under way: they are given up for others to go on with. */
  readonly closing: AbortSignal;
  /** As far as is known: whether the bridge keeps ids of our making. */
  readonly keepsIds: () => boolean;
  readonly organisation: string;
  readonly indexes: BlindIndexes;
  readonly tools: readonly Tool[];
  readonly checkpointerFor: (key: DataKey) => Checkpointer;
  /** Where a conversation's sign-in is kept. */
  readonly signInIdOf: (conversationId: string) => string;
  /** The role that the caller has now: what is stored with the person may have been taken from them. */
  readonly roleOf: (caller: PersonCaller, signal: AbortSignal) => Promise<Role>;
  /** The sign-in of one chat. */
  readonly signInFor: (chat: SignInChat) => { gate: SignInGate; renew: (signal: AbortSignal) => Promise<string> };
}

export interface SignInChat {
  readonly conversationId: string;
  readonly turnId: string;
  readonly lid: string | undefined;
  readonly phone: string | undefined;
}

/** A turn under way: what was read, and the changes that wait for the next batch. */
export interface TurnRecord {
  readonly work: TurnWork;
  readonly held: HeldLease;
  readonly key: DataKey;
  readonly turnId: string;
  readonly messages: readonly MessageDocument[];
  readonly contents: readonly MessageContent[];
  readonly partition: Partition;
  /** How many answers of the turn are recorded by now. */
  readonly recorded: { count: number };
  /** The recorded answers as far as they are known by now, in this try too: what was done is told, however the turn ends. */
  readonly answers: RecordedAnswer[];
  /** Results of performed calls that no batch has carried yet. */
  readonly pending: Change[];
  /** What the model has read and written in this try of the turn, in tokens; the tries before it have paid for theirs. */
  readonly spent: { tokens: number };
  /** What the person may still make us do, before this try. */
  readonly buckets: Buckets;
  /** How long its oldest message has waited, in milliseconds. */
  readonly waitedMs: number;
  /** Who the turn is for, and what their message decided; known once the caller is. */
  personId: string | undefined;
  decision: Decision | undefined;
  /** What the person said yes to in this turn. */
  readonly approvedCalls: RecordedCall[];
  /** Writes to vendors under way. */
  readonly underWay: Set<Promise<unknown>>;
}
