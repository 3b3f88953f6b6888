import { AppError } from '../../../shared/core/errors.ts';
import type { Replay } from '../../../shared/ports/conversations.ts';
import type { ConversationDocument, FailureDocument, LeaseDocument, MessageDocument } from '../../../shared/ports/documents.ts';

/** Makes a turn that failed due again in place, by the rules of the port. */
export function replayIn(
  partition: Map<string, ConversationDocument>,
  { turnId, run, key, now }: Replay,
): 'replayed' | 'already' | 'gone' {
  const lease = partition.get('lease') as LeaseDocument | undefined;
  const failure = partition.get(`failure:${turnId}`) as FailureDocument | undefined;
  if (!failure || !lease) return 'gone';
  if (failure.replayKey === key) return 'replayed';
  if ((failure.run ?? 0) !== run || failure.replayedAt !== undefined) return 'already';
  const messages = failure.messageIds.flatMap((id) => (partition.get(id) as MessageDocument | undefined) ?? []);
  if (messages.length === 0 || messages.length < failure.messageIds.length || lease.erased !== undefined) return 'gone';
  const calls = [...partition.values()].filter((document) => document.type === 'calls' && document.turnId === turnId);
  if (calls.some((document) => document.type === 'calls' && document.open))
    throw new AppError('upstream', 'What the turn did is not written down yet', { retryAfterMs: 15_000 });
  lease.waiting = (lease.waiting ?? 0) + messages.length;
  Object.assign(failure, { replayedAt: now, replayKey: key });
  for (const message of messages) again(message, { dueAt: now, run: run + 1, replayedAt: now }, ['ttl', 'attempt', 'reason']);
  for (const document of calls) again(document, { open: true, run: run + 1 }, ['ttl', 'ended', 'dueAt']);
  return 'replayed';
}

function again(document: object, set: object, without: readonly string[]): void {
  Object.assign(document, set);
  for (const field of without) Reflect.deleteProperty(document, field);
}
