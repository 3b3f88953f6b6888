import type { Container, OperationInput, PatchOperation } from '@azure/cosmos';
import { z } from 'zod';
import { AppError } from '../../core/errors.ts';
import type { ConversationRef } from '../../ports/bell.ts';
import type { Replay } from '../../ports/conversations.ts';
import { ConversationDocument, type CallsDocument, type FailureDocument, type MessageDocument } from '../../ports/documents.ts';
import { runBatch } from './batch.ts';
import { select } from './select.ts';
import { patchWhere } from './store.ts';

type Outcome = 'replayed' | 'already' | 'gone';

// What was read may be a moment old: refused for that, it is read again.
const tries = 3;

// The batch begins with the lease and ends with the calls: its refusals are told apart by that.
const leaseAt = 0;

/** A turn that failed, with what of it is still kept. */
interface FailedTurn {
  readonly failure: FailureDocument;
  /** Undefined where one of them is gone: another turn than the one that failed is not worked. */
  readonly messages: readonly MessageDocument[] | undefined;
  readonly calls: readonly CallsDocument[];
}

/** Makes the turn due again in one batch, which is refused as a whole where it was applied before. */
export async function replayFailure(
  container: Container,
  { ref, replay }: { ref: ConversationRef; replay: Replay },
  signal?: AbortSignal,
): Promise<Outcome> {
  for (let attempt = 1; attempt <= tries; attempt += 1) {
    const turn = await loadTurn(container, { ref, turnId: replay.turnId }, signal);
    if (!turn) return 'gone';
    const known = judge(turn, replay);
    if (known !== undefined) return known;
    const { operations, callsFrom } = replayOperations(turn, replay);
    const outcome = await runBatch(container, ref.conversationId, { operations, what: 'replay', signal });
    if (outcome.applied) return 'replayed';
    if (outcome.index === leaseAt || outcome.status === 404) return 'gone';
    if (outcome.index >= callsFrom)
      throw new AppError('upstream', 'What the turn did is not written down yet', { vendor: 'cosmos', retryAfterMs: 15_000 });
  }
  throw new AppError('upstream', 'cosmos refused a replay of what it had just told', { vendor: 'cosmos' });
}

/** What is clear without writing anything; undefined where the turn is to be made due again. */
function judge({ failure, messages }: FailedTurn, { run, key }: Replay): Outcome | undefined {
  if (failure.replayKey === key) return 'replayed';
  if ((failure.run ?? 0) !== run || failure.replayedAt !== undefined) return 'already';
  return messages ? undefined : 'gone';
}

async function loadTurn(
  container: Container,
  { ref, turnId }: { ref: ConversationRef; turnId: string },
  signal: AbortSignal | undefined,
): Promise<FailedTurn | undefined> {
  const query = {
    query: "SELECT * FROM c WHERE c.type IN ('failure', 'message', 'calls') AND c.turnId = @turnId",
    parameters: [{ name: '@turnId', value: turnId }],
  };
  const rows = await select(container, query, { partitionKey: ref.conversationId, signal });
  const documents = rows.flatMap((row) => ConversationDocument.safeParse(row).data ?? []);
  const failure = documents.find((document) => document.type === 'failure');
  if (!failure) return undefined;
  const found = documents.filter((document) => document.type === 'message');
  const messages = failure.messageIds.flatMap((id) => found.find((message) => message.id === id) ?? []);
  return {
    failure,
    messages: messages.length > 0 && messages.length === failure.messageIds.length ? messages : undefined,
    calls: documents.filter((document) => document.type === 'calls'),
  };
}

function replayOperations(turn: FailedTurn, { run, key, now }: Replay): { operations: OperationInput[]; callsFrom: number } {
  const { failure, messages = [], calls } = turn;
  const again = run + 1;
  const first = [
    patchWhere('lease', 'NOT IS_DEFINED(c.erased)', [{ op: 'incr', path: '/waiting', value: messages.length }]),
    patchWhere(failure.id, notReplayed(run), [set('replayedAt', now), set('replayKey', key)]),
    ...messages.map((message) =>
      patchWhere(message.id, 'NOT IS_DEFINED(c.dueAt)', [
        ...[set('dueAt', now), set('run', again), set('replayedAt', now)],
        ...removals(message, ['ttl', 'attempt', 'reason']),
      ]),
    ),
  ];
  // Open ones are not in the audit trail yet, and whoever writes them down there would close them under the new run.
  const reopened = calls.map((document) =>
    patchWhere(document.id, 'c.open = false', [
      ...[set('open', true), set('run', again)],
      ...removals(document, ['ttl', 'ended', 'dueAt']),
    ]),
  );
  return { operations: [...first, ...reopened], callsFrom: first.length };
}

/** Documents of before runs were counted are of the first. */
function notReplayed(run: number): string {
  const sameRun = run === 0 ? '(NOT IS_DEFINED(c.run) OR c.run = 0)' : `c.run = ${z.int().parse(run)}`;
  return `${sameRun} AND NOT IS_DEFINED(c.replayedAt)`;
}

function set(field: string, value: unknown): PatchOperation {
  return { op: 'set', path: `/${field}`, value };
}

/** Cosmos refuses to remove what is not there. */
function removals<T extends object>(document: T, fields: readonly (keyof T & string)[]): PatchOperation[] {
  return fields.filter((field) => document[field] !== undefined).map((field) => ({ op: 'remove', path: `/${field}` }));
}
