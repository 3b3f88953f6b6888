import { randomUUID } from 'node:crypto';
import type { Container, OperationInput, PatchOperation } from '@azure/cosmos';
import { z } from 'zod';
import { AppError } from '../../core/errors.ts';
import { replyIdStart } from '../../core/ids.ts';
import type { ConversationRef } from '../../ports/bell.ts';
import type { Change, Conversations, Lease, LeaseAfter, LeaseChange } from '../../ports/conversations.ts';
import { PreferencesDocument, ReplyPart } from '../../ports/documents.ts';
import { runBatch } from './batch.ts';
import type { Cosmos } from './client.ts';
import { request, statusOf, toAppError } from './errors.ts';
import { findApproval } from './find-approval.ts';
import { fenceOf, freeAbandoned, readLease, takeLease, wasApplied } from './lease.ts';
import { listFailures } from './list-failures.ts';
import { countDue } from './count-due.ts';
import { listOverdue } from './list-overdue.ts';
import { loadPartition } from './load-partition.ts';
import { replayFailure } from './replay-failure.ts';
import { abortedBy, select } from './select.ts';
import { createUnasked, storeMessage, toJson } from './store.ts';

// Cosmos takes ten operations in one patch.
const maxPatchOperations = 10;

/** The conversations in Cosmos: one logical partition each, on the message path one request an operation. */
export function createCosmosConversations(cosmos: Cosmos): Conversations {
  const container = cosmos.container('conversations');
  return {
    storeMessage: (message, signal) => storeMessage(container, message, signal),
    createUnasked: (ref, documents, signal) => createUnasked(container, { ref, documents }, signal),
    async isStopped(ref, signal) {
      const item = container.item('preferences', ref.conversationId);
      const { resource } = await request('read preferences', () => item.read<PreferencesDocument>(abortedBy(signal)));
      return resource !== undefined && PreferencesDocument.parse(resource).stopped;
    },
    takeLease: (ref, wanted, signal) => takeLease(container, ref, { ...wanted, signal }),
    async findErasure(ref, signal) {
      const { erased, erasedAt = 0 } = (await readLease(container, ref, signal)) ?? {};
      return erased && { state: erased, at: erasedAt };
    },
    findApproval: (ref, approvalId, signal) => findApproval(container, { ref, approvalId }, signal),
    async listIds(ref, limit, signal) {
      const query = `SELECT TOP ${z.int().parse(limit)} c.id FROM c WHERE c.id != 'lease'`;
      const rows = await select(container, query, { partitionKey: ref.conversationId, signal });
      return z
        .array(z.object({ id: z.string() }))
        .parse(rows)
        .map(({ id }) => id);
    },
    freeAbandoned: (lease, notBefore, signal) => freeAbandoned(container, lease, { notBefore, signal }),
    load: (ref, signal) => loadPartition(container, ref, signal),
    commit: (lease, batch, signal) => commit(container, { lease, ...batch }, signal),
    listOverdue: (query, signal) => listOverdue(container, query, signal),
    countDue: (query, signal) => countDue(container, query, signal),
    recordAck: (ref, ack, signal) => recordAck(container, { ref, ack }, signal),
    listFailures: (workspace, limit, signal) => listFailures(container, { workspace, limit }, signal),
    replayFailure: (ref, replay, signal) => replayFailure(container, { ref, replay }, signal),
  };
}

async function commit(
  container: Container,
  {
    lease,
    after,
    changes,
    onLease,
  }: { lease: Lease; after: LeaseAfter; changes: readonly Change[]; onLease?: LeaseChange | undefined },
  signal?: AbortSignal,
): Promise<void> {
  const batchId = randomUUID().replaceAll('-', '');
  const fence: OperationInput = {
    operationType: 'Patch',
    id: 'lease',
    resourceBody: fenceOf(lease, { after, onLease, batchId }),
  };
  const operations = [fence, ...changes.flatMap(toOperations)];
  const outcome = await runBatch(container, lease.conversationId, { operations, what: 'commit', signal });
  if (outcome.applied) return;
  if (outcome.index > 0)
    throw toAppError(Object.assign(new Error('batch'), { code: outcome.status }), `commit, operation ${outcome.index}`);
  if (outcome.status === 412 && (await wasApplied(container, lease, { after, batchId, signal }))) return;
  throw new AppError('lease-lost', 'The lease is not ours any more', { vendor: 'cosmos' });
}

function toOperations(change: Change): OperationInput[] {
  if (change.kind === 'delete') return [{ operationType: 'Delete', id: change.id }];
  if (change.kind !== 'patch') {
    return [{ operationType: change.kind === 'create' ? 'Create' : 'Upsert', resourceBody: toJson(change.document) }];
  }
  const all: PatchOperation[] = [
    ...Object.entries(change.set).map(([path, value]): PatchOperation => ({ op: 'set', path: `/${path}`, value })),
    ...(change.remove ?? []).map((path): PatchOperation => ({ op: 'remove', path: `/${path}` })),
  ];
  const count = Math.ceil(all.length / maxPatchOperations);
  return Array.from({ length: count }, (_, index) => ({
    operationType: 'Patch',
    id: change.id,
    resourceBody: { operations: all.slice(index * maxPatchOperations, (index + 1) * maxPatchOperations) },
  }));
}

/**
 * Forward only: the condition keeps a late ack from undoing a newer one. Its reply is found by how its id begins, which is
 * indexed: by what stands in the parts, every ack would load all replies that are kept.
 */
async function recordAck(
  container: Container,
  { ref, ack }: { ref: ConversationRef; ack: { whatsappId: string; ack: number } },
  signal?: AbortSignal,
): Promise<boolean> {
  const start = replyIdStart(ack.whatsappId);
  if (start === undefined) return false;
  const query = {
    query: "SELECT c.id, c.parts FROM c WHERE STARTSWITH(c.id, @start) AND c.type = 'reply'",
    parameters: [{ name: '@start', value: start }],
  };
  const rows = await select(container, query, { partitionKey: ref.conversationId, signal });
  const replies = z.array(z.object({ id: z.string(), parts: z.array(ReplyPart) })).parse(rows);
  const indexIn = ({ parts }: { parts: readonly ReplyPart[] }) =>
    parts.findIndex(({ whatsappId }) => whatsappId === ack.whatsappId);
  const reply = replies.find((one) => indexIn(one) >= 0);
  if (!reply) return false;
  const index = indexIn(reply);
  try {
    await container.item(reply.id, ref.conversationId).patch(
      {
        condition: `FROM c WHERE ${comesBefore(`c.parts[${index}].ack`, z.int().parse(ack.ack))}`,
        operations: [{ op: 'set', path: `/parts/${index}/ack`, value: ack.ack }],
      },
      abortedBy(signal),
    );
    return true;
  } catch (error) {
    if (statusOf(error) === 412 || statusOf(error) === 404) return false;
    throw toAppError(error, 'record ack');
  }
}

/** An error (−1) comes after the server's ack and before the phone's: what was delivered did not fail. */
function comesBefore(path: string, ack: number): string {
  if (ack < 0) return `${path} >= 0 AND ${path} <= 1`;
  return ack <= 1 ? `${path} >= 0 AND ${path} < ${ack}` : `${path} < ${ack}`;
}
