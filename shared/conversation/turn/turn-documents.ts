import { deriveId, deriveWhatsappId } from '../../core/ids.ts';
import type { Change, Lease } from '../../ports/conversations.ts';
import type { DataKey } from '../../ports/data-keys.ts';
import {
  MemoryContent,
  type FailureDocument,
  type MemoryDocument,
  type MessageDocument,
  type ReplyDocument,
} from '../../ports/documents.ts';
import { errorFields, log } from '../../telemetry/index.ts';

/** The id of the turn of exactly these messages: whoever begins it gets the same, and so the same thread and keys. */
export function turnIdOf(messages: readonly Pick<MessageDocument, 'id' | 'turnId'>[]): string {
  return messages[0]?.turnId ?? deriveId('turn', ...messages.map(({ id }) => id));
}

/** The number of the run of a turn: 0, and one more for each replay. */
export function runOf(messages: readonly Pick<MessageDocument, 'run'>[]): number {
  return messages[0]?.run ?? 0;
}

export interface NewReply {
  /** Names the reply within its turn: `answer`, `parked`, `failed`. */
  readonly name: string;
  readonly turnId: string;
  /** A replay is a new run, and its replies are new ones. */
  readonly run?: number;
  readonly chatId: string;
  readonly texts: readonly string[];
  readonly traceparent: string | undefined;
  readonly now: number;
}

/** A reply about to be created under this lease, all its parts due. */
export function createReply(lease: Lease, key: DataKey, reply: NewReply): ReplyDocument {
  const { run = 0 } = reply;
  const id = deriveId('reply', reply.turnId, reply.name, ...(run === 0 ? [] : [run]));
  return {
    workspace: lease.workspace,
    conversationId: lease.conversationId,
    id,
    type: 'reply',
    turnId: reply.turnId,
    state: 'due',
    parts: reply.texts.map((_, index) => ({ whatsappId: deriveWhatsappId(id, index), state: 'due', ack: 0 })),
    createdBy: { owner: lease.owner, epoch: lease.epoch },
    createdAt: reply.now,
    dueAt: reply.now,
    attempt: 0,
    ...(reply.traceparent === undefined ? {} : { traceparent: reply.traceparent }),
    // Previewers open links before people do; sign-in links go out this way too.
    linkPreview: false,
    sealed: key.seal({ chatId: reply.chatId, texts: reply.texts }, id),
  };
}

/** The memory to write, sealed in its place; it goes `ttl` seconds after the last turn. */
export function createMemory(
  lease: Lease,
  key: DataKey,
  { content, turns, ttl }: { content: MemoryContent; turns: number; ttl: number },
): MemoryDocument {
  const { workspace, conversationId } = lease;
  return { workspace, conversationId, id: 'memory', type: 'memory', turns, ttl, sealed: key.seal(content, 'memory') };
}

/** The memory as it was read; empty at first contact, and where it cannot be opened. */
export function openMemory(document: MemoryDocument | undefined, key: DataKey): MemoryContent {
  const none = { messages: [], summary: '' };
  if (!document) return none;
  try {
    return MemoryContent.parse(key.open(document.sealed, 'memory'));
  } catch (error) {
    log('error', 'memory.unreadable', { conversation: document.conversationId, ...errorFields(error) });
    return none;
  }
}

/** Ends the messages of a turn: no longer due, gone with the transcript. */
export function endMessages(messages: readonly MessageDocument[], turnId: string, ttl: number): Change[] {
  return messages.map(({ id }) => ({ kind: 'patch', id, set: { turnId, ttl }, remove: ['dueAt'] }));
}

/** Moves the messages of a turn to a later time. */
export function parkMessages(
  messages: readonly MessageDocument[],
  parked: { turnId: string; dueAt: number; attempt: number; reason: string; told: boolean },
): Change[] {
  return messages.map(({ id }) => ({ kind: 'patch', id, set: { ...parked } }));
}

/** What an admin finds of a run of a turn that failed for good, for as long as its messages are kept. */
export function createFailure(
  lease: Lease,
  failure: { turnId: string; reason: string; messages: readonly MessageDocument[]; now: number; ttl: number },
): FailureDocument {
  return {
    workspace: lease.workspace,
    conversationId: lease.conversationId,
    id: `failure:${failure.turnId}`,
    type: 'failure',
    turnId: failure.turnId,
    at: failure.now,
    reason: failure.reason,
    messageIds: failure.messages.map(({ id }) => id),
    run: runOf(failure.messages),
    ttl: failure.ttl,
  };
}
