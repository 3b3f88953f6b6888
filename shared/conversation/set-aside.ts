import type { BrokenDocument, Change } from '../ports/conversations.ts';
import { log } from '../telemetry/index.ts';
import type { HeldLease } from './lease.ts';

/**
 * Sets aside documents that cannot be read as what they should be, in one fenced batch with the failure that names them:
 * neither read, counted nor rung for any more, and kept as they are until their time is over.
 */
export async function setAside(
  held: HeldLease,
  broken: readonly BrokenDocument[],
  times: { now: number; ttl: number },
): Promise<void> {
  if (broken.length === 0) return;
  const { workspace, conversationId } = held.lease;
  log('error', 'conversation.unreadable', { conversation: conversationId, documents: broken.length });
  const aside: Change[] = broken.map(({ id }) => ({
    kind: 'patch',
    id,
    set: { type: 'unreadable', dueAt: null, ttl: times.ttl },
  }));
  const turnId = `unreadable:${broken[0]?.id ?? ''}`;
  const failure = { workspace, conversationId, id: `failure:${turnId}`, type: 'failure', turnId } as const;
  const messageIds = broken.map(({ id }) => id);
  const document = { ...failure, at: times.now, reason: 'unreadable', messageIds, ttl: times.ttl };
  const ended = broken.filter(({ isMessage }) => isMessage).length;
  await held.commit([...aside, { kind: 'upsert', document }], { ended });
}
