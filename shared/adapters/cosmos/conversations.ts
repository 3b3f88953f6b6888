import { randomUUID } from 'node:crypto';
import type { Container, JSONObject, OperationInput, PatchOperation, SqlQuerySpec } from '@azure/cosmos';
import { z } from 'zod';
import { AppError } from '../../core/errors.ts';
import type { ConversationRef } from '../../ports/bell.ts';
import type { Change, Conversations, Lease, LeaseAfter, Partition } from '../../ports/conversations.ts';
import { ConversationDocument, FailureDocument, ReplyPart, type MessageDocument } from '../../ports/documents.ts';
import { runBatch } from './batch.ts';
import type { Cosmos } from './client.ts';
import { request, statusOf, toAppError } from './errors.ts';
import { fenceOf, freeAbandoned, newLease, takeLease, wasApplied } from './lease.ts';

// Cosmos takes ten operations in one patch.
const maxPatchOperations = 10;

/** The conversations in Cosmos: one logical partition each, on the message path one request an operation. */
export function createCosmosConversations(cosmos: Cosmos): Conversations {
  const container = cosmos.container('conversations');
  return {
    storeMessage: (message, signal) => storeMessage(container, message, signal),
    takeLease: (ref, wanted) => takeLease(container, ref, wanted),
    freeAbandoned: (lease, notBefore) => freeAbandoned(container, lease, notBefore),
    load: (ref, signal) => load(container, ref, signal),
    commit: (lease, batch, signal) => commit(container, { lease, ...batch }, signal),
    async listOverdue({ workspace, beforeMs, limit }, signal) {
      const query = {
        query: 'SELECT TOP @limit c.conversationId FROM c WHERE c.workspace = @workspace AND c.dueAt < @before ORDER BY c.dueAt',
        parameters: [
          { name: '@limit', value: limit },
          { name: '@workspace', value: workspace },
          { name: '@before', value: beforeMs },
        ],
      };
      const rows = z.array(z.object({ conversationId: z.string() })).parse(await select(container, query, { signal }));
      return [...new Set(rows.map(({ conversationId }) => conversationId))].map((conversationId) => ({
        workspace,
        conversationId,
      }));
    },
    recordAck: (ref, ack, signal) => recordAck(container, { ref, ack }, signal),
    async listFailures(workspace, limit, signal) {
      const query = {
        query: "SELECT TOP @limit * FROM c WHERE c.workspace = @workspace AND c.type = 'failure'",
        parameters: [
          { name: '@limit', value: limit },
          { name: '@workspace', value: workspace },
        ],
      };
      const failures = z.array(FailureDocument).parse(await select(container, query, { signal }));
      // `at` is not indexed, as nothing but dueAt and type is: few as they are, they are sorted here.
      return failures.sort((a, b) => b.at - a.at);
    },
  };
}

/** Message and condition in one batch; at first contact the lease is made in the same one. */
async function storeMessage(
  container: Container,
  message: MessageDocument,
  signal?: AbortSignal,
): Promise<'stored' | 'seen' | 'erased'> {
  const create: OperationInput = { operationType: 'Create', resourceBody: toJson(message) };
  const check: OperationInput = {
    operationType: 'Patch',
    id: 'lease',
    resourceBody: {
      condition: 'FROM c WHERE NOT IS_DEFINED(c.erased)',
      operations: [{ op: 'set', path: '/heardAt', value: message.arrivedAt }],
    },
  };
  const open: OperationInput = { operationType: 'Create', resourceBody: toJson(newLease(message)) };
  for (const first of [check, open, check]) {
    const outcome = await runBatch(container, message.conversationId, {
      operations: [first, create],
      what: 'store message',
      signal,
    });
    if (outcome.applied) return 'stored';
    if (outcome.index === 1 && outcome.status === 409) return 'seen';
    if (outcome.index === 0 && outcome.status === 412) return 'erased';
    // 404: no lease yet, so make it; 409: somebody made it meanwhile, so check again.
    const isRace = outcome.index === 0 && (outcome.status === 404 || outcome.status === 409);
    if (!isRace) throw new AppError('upstream', `cosmos store message answered ${outcome.status}`, { vendor: 'cosmos' });
  }
  throw new AppError('upstream', 'cosmos neither has nor takes the lease of a new conversation', { vendor: 'cosmos' });
}

const partitionQuery =
  "SELECT * FROM c WHERE (IS_DEFINED(c.dueAt) AND c.type IN ('message', 'reply')) OR (c.type = 'calls' AND c.open = true) OR c.type IN ('memory', 'preferences')";

async function load(container: Container, ref: ConversationRef, signal?: AbortSignal): Promise<Partition> {
  const rows = await select(container, partitionQuery, { partitionKey: ref.conversationId, signal });
  const documents = rows.map((row) => ConversationDocument.parse(row));
  const of = <T extends ConversationDocument['type']>(type: T) =>
    documents.filter((document): document is Extract<ConversationDocument, { type: T }> => document.type === type);
  return {
    messages: of('message').sort((a, b) => a.sentAt - b.sentAt || a.arrivedAt - b.arrivedAt || a.id.localeCompare(b.id)),
    calls: of('calls').sort((a, b) => a.n - b.n),
    replies: of('reply').sort((a, b) => a.createdAt - b.createdAt),
    memory: of('memory')[0],
    preferences: of('preferences')[0],
  };
}

async function commit(
  container: Container,
  { lease, after, changes }: { lease: Lease; after: LeaseAfter; changes: readonly Change[] },
  signal?: AbortSignal,
): Promise<void> {
  const batchId = randomUUID().replaceAll('-', '');
  const fence: OperationInput = { operationType: 'Patch', id: 'lease', resourceBody: fenceOf(lease, after, batchId) };
  const operations = [fence, ...changes.flatMap(toOperations)];
  const outcome = await runBatch(container, lease.conversationId, { operations, what: 'commit', signal });
  if (outcome.applied) return;
  if (outcome.index > 0)
    throw toAppError(Object.assign(new Error('batch'), { code: outcome.status }), `commit, operation ${outcome.index}`);
  if (outcome.status === 412 && (await wasApplied(container, lease, { after, batchId }))) return;
  throw new AppError('lease-lost', 'The lease is not ours any more', { vendor: 'cosmos' });
}

function toOperations(change: Change): OperationInput[] {
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

/** Forward only: the condition keeps a late ack from undoing a newer one. */
async function recordAck(
  container: Container,
  { ref, ack }: { ref: ConversationRef; ack: { whatsappId: string; ack: number } },
  signal?: AbortSignal,
): Promise<boolean> {
  const query = {
    query: 'SELECT c.id, c.parts FROM c WHERE c.type = \'reply\' AND ARRAY_CONTAINS(c.parts, { "whatsappId": @id }, true)',
    parameters: [{ name: '@id', value: ack.whatsappId }],
  };
  const rows = await select(container, query, { partitionKey: ref.conversationId, signal });
  const [reply] = z.array(z.object({ id: z.string(), parts: z.array(ReplyPart) })).parse(rows);
  const index = reply?.parts.findIndex(({ whatsappId }) => whatsappId === ack.whatsappId) ?? -1;
  if (!reply || index < 0) return false;
  try {
    await container.item(reply.id, ref.conversationId).patch({
      condition: `FROM c WHERE c.parts[${index}].ack < ${z.int().parse(ack.ack)}`,
      operations: [{ op: 'set', path: `/parts/${index}/ack`, value: ack.ack }],
    });
    return true;
  } catch (error) {
    if (statusOf(error) === 412 || statusOf(error) === 404) return false;
    throw toAppError(error, 'record ack');
  }
}

/** All rows of a query, in one partition or, without a key, across them. */
function select(
  container: Container,
  query: SqlQuerySpec | string,
  options: { partitionKey?: string; signal?: AbortSignal | undefined },
): Promise<unknown[]> {
  const { partitionKey, signal } = options;
  return request('query', async () => {
    const feed = container.items.query(query, {
      ...(partitionKey === undefined ? {} : { partitionKey }),
      ...(signal === undefined ? {} : { abortSignal: signal }),
    });
    const { resources } = await feed.fetchAll();
    return resources as unknown[];
  });
}

function toJson(document: object): JSONObject {
  return structuredClone(document) as JSONObject;
}
