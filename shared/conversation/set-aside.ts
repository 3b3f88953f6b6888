import type { Change } from '../ports/conversations.ts';
import { log } from '../telemetry/index.ts';
import type { HeldLease } from './lease.ts';

/**
 * Sets aside documents that cannot be read as what they should be, in one fenced batch with the failure that names them:
 * neither read nor rung for any more, and kept as they are until their time is over.
 */
export async function setAside(held: HeldLease, broken: readonly string[], times: { now: number; ttl: number }): Promise<void> {
  if (broken.length === 0) return;
  const { workspace, conversationId } = held.lease;
  log('error', 'conversation.unreadable', { conversation: conversationId, documents: broken.length });
  const aside: Change[] = broken.map((id) => ({ kind: 'patch', id, set: { type: 'unreadable', dueAt: null, ttl: times.ttl } }));
  const turnId = `unreadable:${broken[0] ?? ''}`;
  const failure = { workspace, conversationId, id: `failure:${turnId}`, type: 'failure', turnId } as const;
  await held.commit([
    ...aside,
    { kind: 'upsert', document: { ...failure, at: times.now, reason: 'unreadable', messageIds: [...broken], ttl: times.ttl } },
  ]);
}
