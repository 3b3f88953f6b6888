import { createCharge, failureCharge, patchCharge, readCharge, replaceCharge } from './charges.ts';
import type { Container } from './container.ts';
import { alreadyExists, badRequest, preconditionFailed, resourceNotFound, tooLarge } from './errors.ts';
import { isObject, type JsonObject, type Value } from './json.ts';
import { partitionOf } from './partition-key.ts';
import { applyPatch, parsePatch } from './patch.ts';
import { parsePatchCondition } from './sql/patch-condition.ts';
import type { StoredDocument } from './store.ts';
import type { Transaction } from './transaction.ts';
import { assertTtl } from './ttl.ts';

export const itemOperations = ['Create', 'Upsert', 'Read', 'Replace', 'Delete', 'Patch'] as const;

/** One operation on one document: a request of its own, or one of a batch. */
export interface ItemRequest {
  readonly operation: (typeof itemOperations)[number];
  /** Of all but Create and Upsert. */
  readonly id?: string | undefined;
  readonly body?: Value;
  readonly ifMatch?: string | undefined;
  readonly ifNoneMatch?: string | undefined;
}

export interface ItemAnswer {
  readonly status: number;
  readonly document: StoredDocument | undefined;
  readonly charge: number;
}

const maxDocumentBytes = 2 * 1024 * 1024;

/** Does it within the transaction, or throws what Cosmos answers. */
export function performItem(container: Container, transaction: Transaction, request: ItemRequest): ItemAnswer {
  switch (request.operation) {
    case 'Create':
    case 'Upsert':
      return createOrUpsert(container, transaction, request);
    case 'Read':
      return answerRead(transaction.find(idOf(request)), request);
    case 'Replace':
      return replace(container, transaction, request);
    case 'Delete': {
      const existing = found(transaction, request);
      transaction.remove(existing.id);
      return { status: 204, document: undefined, charge: createCharge(existing.bytes) };
    }
    case 'Patch':
      return patch(container, transaction, request);
  }
}

export function answerRead(document: StoredDocument | undefined, { ifNoneMatch }: ItemRequest): ItemAnswer {
  if (!document) throw resourceNotFound();
  if (ifNoneMatch !== undefined && (ifNoneMatch === '*' || ifNoneMatch === document.body._etag)) {
    return { status: 304, document: undefined, charge: failureCharge(304) };
  }
  return { status: 200, document, charge: readCharge(document.bytes) };
}

function createOrUpsert(container: Container, transaction: Transaction, request: ItemRequest): ItemAnswer {
  const { id, body } = documentOf(container, transaction, request);
  const existing = transaction.find(id);
  if (existing && request.operation === 'Create') throw alreadyExists();
  if (existing) assertMatches(existing, request);
  const document = transaction.put(id, body);
  return existing
    ? { status: 200, document, charge: replaceCharge(document.bytes) }
    : { status: 201, document, charge: createCharge(document.bytes) };
}

function replace(container: Container, transaction: Transaction, request: ItemRequest): ItemAnswer {
  const { id, body } = documentOf(container, transaction, request);
  const existing = found(transaction, request);
  if (existing.id !== id) throw badRequest('Replacing the id of a document is not supported.');
  const document = transaction.put(id, body);
  return { status: 200, document, charge: replaceCharge(document.bytes) };
}

function patch(container: Container, transaction: Transaction, request: ItemRequest): ItemAnswer {
  const { operations, condition } = parsePatch(request.body, container.partitionKeyPath);
  const holds = condition === undefined ? () => true : parsePatchCondition(condition);
  const existing = found(transaction, request);
  if (!holds(existing.body)) throw preconditionFailed();
  const body = applyPatch(existing.body, operations);
  assertTtl(body.ttl);
  const document = transaction.put(existing.id, body);
  if (document.bytes > maxDocumentBytes) throw tooLarge();
  return { status: 200, document, charge: patchCharge(document.bytes) };
}

function idOf({ id }: ItemRequest): string {
  if (id === undefined || id === '') throw badRequest('The operation names no document: its id is missing.');
  return id;
}

function found(transaction: Transaction, request: ItemRequest): StoredDocument {
  const existing = transaction.find(idOf(request));
  if (!existing) throw resourceNotFound();
  assertMatches(existing, request);
  return existing;
}

function assertMatches({ body }: StoredDocument, { ifMatch }: ItemRequest): void {
  if (ifMatch !== undefined && ifMatch !== '*' && ifMatch !== body._etag) throw preconditionFailed();
}

function documentOf(container: Container, { partition }: Transaction, { body }: ItemRequest): { id: string; body: JsonObject } {
  if (!isObject(body)) throw badRequest('The request body must be a JSON object.');
  const { id } = body;
  if (typeof id !== 'string' || id === '') {
    throw badRequest("The input content is invalid because the required properties - 'id; ' - are missing");
  }
  if (/[/\\?#]/.test(id) || id.endsWith(' ') || Buffer.byteLength(id) > 1_023) {
    throw badRequest(`The id '${id}' is invalid: at most 1023 bytes, no '/', '\\', '?' or '#', no space at its end.`);
  }
  if (partitionOf(body, container.partitionKeyPath) !== partition) {
    throw badRequest("PartitionKey extracted from document doesn't match the one specified in the header.", 1001);
  }
  assertTtl(body.ttl);
  if (Buffer.byteLength(JSON.stringify(body)) > maxDocumentBytes) throw tooLarge();
  return { id, body };
}
