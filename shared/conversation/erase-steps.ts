import { AppError, asAppError } from '../core/errors.ts';
import { deriveId } from '../core/ids.ts';
import { leaveErased } from '../domain/identity/index.ts';
import type { Partition } from '../ports/conversations.ts';
import type { ErasureDocument } from '../ports/documents.ts';
import { log } from '../telemetry/index.ts';
import { appendAudit } from './audit-trail.ts';
import type { HeldLease } from './lease.ts';
import { sendDue } from './send-due.ts';
import type { TurnWork } from './turn/turn-work.ts';

// A batch takes a hundred operations.
const maxDeletes = 90;

// An erasure ends: what cannot be said or written down for so long is not.
const patienceMs = 3_600_000;

/** An erasure under way in one conversation. */
export interface Erasing {
  readonly work: TurnWork;
  readonly held: HeldLease;
  readonly erasure: ErasureDocument;
  readonly partition: Partition;
}

/** What was done in somebody's name stays in the audit trail, by ids and codes alone. */
export async function writeDownCalls({ work, held, erasure, partition }: Erasing): Promise<void> {
  const { calls } = partition;
  if (calls.length === 0) return;
  const key = await work.ports.dataKeys.keyFor(held.lease.conversationId, held.signal);
  const now = work.ports.clock.now();
  const written = await appendAudit(work.ports, calls, { key, now, ttl: 0, signal: held.signal });
  if (written.length < calls.length && now - erasure.at < patienceMs)
    throw new AppError('upstream', 'What was done is not written down yet');
}

/** In fenced batches, whatever it is: the store deletes by itself too, and a batch that names what is gone is refused. */
export async function deleteDocuments({ work: { ports }, held, erasure }: Erasing): Promise<void> {
  const kept = ['erasure', erasure.replyId];
  for (;;) {
    const ids = (await ports.conversations.listIds(held.lease, maxDeletes, held.signal)).filter((id) => !kept.includes(id));
    if (ids.length === 0) return;
    await held.commit(ids.map((id) => ({ kind: 'delete', id }))).catch((error: unknown) => {
      if (!asAppError(error, 'not-found')) throw error;
    });
  }
}

/** The last reply, once; answers when to try again, where it could not be sent. */
export async function sayLast({ work, held, erasure, partition }: Erasing): Promise<number | undefined> {
  const { clock, dataKeys } = work.ports;
  const reply = partition.replies.find(({ id }) => id === erasure.replyId);
  if (!reply) return undefined;
  if (clock.now() - erasure.at > patienceMs) {
    log('error', 'erasure.not-told', { conversation: held.lease.conversationId });
    return undefined;
  }
  if ((reply.dueAt ?? 0) > clock.now()) return reply.dueAt;
  // WhatsApp dates by whole seconds: what is written by who has read this must not be dated before it.
  const nextSecond = (Math.floor(erasure.at / 1_000) + 1) * 1_000;
  if (nextSecond > clock.now()) await clock.sleep(nextSecond - clock.now(), held.signal);
  const key = await dataKeys.keyFor(held.lease.conversationId, held.signal);
  const change = await sendDue(work, held, { reply, key });
  await held.commit([change]);
  const again = change.kind === 'patch' ? change.set['dueAt'] : undefined;
  return typeof again === 'number' ? again : undefined;
}

/** The note, the key, the names, and with what is left the mark that it is done. */
export async function endErasure({ work, held, erasure }: Erasing): Promise<void> {
  const { audit, conversations, dataKeys } = work.ports;
  const { workspace, conversationId } = held.lease;
  const { at, names, others, people } = erasure;
  const stream = `${workspace}:privacy:${new Date(at).toISOString().slice(0, 10)}`;
  const detail = { conversation: conversationId, others: others.length, people: people.length };
  const line = { stream, workspace, at, what: 'conversation.erased', detail };
  const [person] = people;
  await audit.append(deriveId('erased', conversationId, at), { ...line, ...(person && { who: person.id }) }, held.signal);
  await dataKeys.drop(conversationId, held.signal);
  const erased = { workspace, conversationIds: [conversationId, ...others], erasedAt: at } as const;
  await leaveErased(work.ports, erased, { names, signal: held.signal });
  const left = await conversations.listIds(held.lease, maxDeletes, held.signal);
  await held.release(
    left.map((id) => ({ kind: 'delete', id })),
    { onLease: { erased: { state: 'done', at } } },
  );
  log('info', 'erasure.done', { conversation: conversationId });
}
