import type { Container, JSONObject, OperationInput, PatchOperation } from '@azure/cosmos';
import { AppError } from '../../core/errors.ts';
import type { ConversationRef } from '../../ports/bell.ts';
import { maxWaiting } from '../../ports/conversations.ts';
import type { ConversationDocument, MessageDocument, PreferencesDocument } from '../../ports/documents.ts';
import { runBatch } from './batch.ts';
import { request } from './errors.ts';
import { newLease, readLease } from './lease.ts';
import { abortedBy } from './select.ts';

/** A document as the SDK takes it. */
export function toJson(document: object): JSONObject {
  return structuredClone(document) as JSONObject;
}

const hasRoom = `(NOT IS_DEFINED(c.waiting) OR c.waiting < ${maxWaiting})`;
const notErased = 'NOT IS_DEFINED(c.erased)';

/** Message and condition in one batch; at first contact the lease is made in the same one. */
export async function storeMessage(
  container: Container,
  message: MessageDocument,
  signal?: AbortSignal,
): Promise<'stored' | 'seen' | 'erased' | 'full'> {
  const create: OperationInput = { operationType: 'Create', resourceBody: toJson(message) };
  const check = patchWhere('lease', message.command === undefined ? `${notErased} AND ${hasRoom}` : notErased, [
    { op: 'set', path: '/heardAt', value: message.arrivedAt },
    { op: 'incr', path: '/waiting', value: 1 },
  ]);
  const open: OperationInput = { operationType: 'Create', resourceBody: toJson({ ...newLease(message), waiting: 1 }) };
  for (const first of [check, open, check]) {
    const outcome = await runBatch(container, message.conversationId, {
      operations: [first, create],
      what: 'store message',
      signal,
    });
    if (outcome.applied) return 'stored';
    if (outcome.index === 1 && outcome.status === 409) return 'seen';
    if (outcome.index === 0 && outcome.status === 412) return whyRefused(container, message, signal);
    // 404: no lease yet, so make it; 409: somebody made it meanwhile, so check again.
    const isRace = outcome.index === 0 && (outcome.status === 404 || outcome.status === 409);
    if (!isRace) throw new AppError('upstream', `cosmos store message answered ${outcome.status}`, { vendor: 'cosmos' });
  }
  throw new AppError('upstream', 'cosmos neither has nor takes the lease of a new conversation', { vendor: 'cosmos' });
}

/** The condition names two reasons: which of them it was, and whether the message was there before. */
async function whyRefused(
  container: Container,
  message: MessageDocument,
  signal: AbortSignal | undefined,
): Promise<'seen' | 'erased' | 'full'> {
  const lease = await readLease(container, message, signal);
  if (lease?.erased !== undefined) return 'erased';
  const item = container.item(message.id, message.conversationId);
  const { statusCode } = await request('read message', () => item.read(abortedBy(signal)));
  return statusCode === 200 ? 'seen' : 'full';
}

/** In one batch: the lease is not erased, STOP was not said, and the documents are new. */
export async function createUnasked(
  container: Container,
  { ref, documents }: { ref: ConversationRef; documents: readonly ConversationDocument[] },
  signal?: AbortSignal,
): Promise<'created' | 'seen' | 'stopped' | 'erased'> {
  const creates = documents.map((document): OperationInput => ({ operationType: 'Create', resourceBody: toJson(document) }));
  const lease = patchWhere('lease', notErased, [{ op: 'incr', path: '/unasked', value: 1 }]);
  const willing = patchWhere('preferences', 'c.stopped = false', [{ op: 'incr', path: '/unasked', value: 1 }]);
  const preferences: PreferencesDocument = { ...ref, id: 'preferences', type: 'preferences', stopped: false };
  const open: OperationInput = { operationType: 'Create', resourceBody: toJson(preferences) };
  for (const second of [willing, open, willing]) {
    const outcome = await runBatch(container, ref.conversationId, {
      operations: [lease, second, ...creates],
      what: 'create unasked',
      signal,
    });
    if (outcome.applied) return 'created';
    if (outcome.index >= 2 && outcome.status === 409) return 'seen';
    if (outcome.index === 0 && (outcome.status === 412 || outcome.status === 404)) return 'erased';
    if (outcome.index === 1 && outcome.status === 412) return 'stopped';
    const isRace = outcome.index === 1 && (outcome.status === 404 || outcome.status === 409);
    if (!isRace) throw new AppError('upstream', `cosmos create unasked answered ${outcome.status}`, { vendor: 'cosmos' });
  }
  throw new AppError('upstream', 'cosmos neither has nor takes the preferences of a conversation', { vendor: 'cosmos' });
}

/** A patch of a batch that refuses the whole of it where the condition does not hold. */
export function patchWhere(id: string, condition: string, operations: PatchOperation[]): OperationInput {
  return { operationType: 'Patch', id, resourceBody: { condition: `FROM c WHERE ${condition}`, operations } };
}
