import { z } from 'zod';
import { failureCharge } from './charges.ts';
import { parseBody } from './body.ts';
import type { Container } from './container.ts';
import { badRequest, CosmosError, tooLarge } from './errors.ts';
import { itemOperations, performItem, type ItemAnswer, type ItemRequest } from './items.ts';
import type { Json } from './json.ts';
import { requirePartition } from './partition-key.ts';
import type { Transaction } from './transaction.ts';

const BatchOperation = z.object({
  operationType: z.enum(itemOperations),
  id: z.string().optional(),
  resourceBody: z.json().optional(),
  ifMatch: z.string().optional(),
  ifNoneMatch: z.string().optional(),
  /** Of bulk alone, as JSON text. */
  partitionKey: z.string().optional(),
});
type BatchOperation = z.infer<typeof BatchOperation>;

export interface OperationResult {
  readonly statusCode: number;
  readonly requestCharge: number;
  readonly eTag?: string;
  readonly resourceBody?: Json;
  readonly substatusCode?: number;
}

const maxOperations = 100;
const maxBytes = 2 * 1024 * 1024;

export function parseBatch(body: string): BatchOperation[] {
  if (Buffer.byteLength(body) > maxBytes) throw tooLarge();
  const parsed = z.array(BatchOperation).safeParse(parseBody(body));
  if (!parsed.success) throw badRequest(`Invalid batch request: ${z.prettifyError(parsed.error)}`);
  if (parsed.data.length === 0) throw badRequest('Batch request has no operations.');
  if (parsed.data.length > maxOperations) throw badRequest('Batch request has more operations than what is supported.');
  return parsed.data;
}

/** All or nothing: where one fails, it has its own status and the others 424. */
export function performBatch(container: Container, partition: string, operations: readonly BatchOperation[]): OperationResult[] {
  const transaction = container.begin(partition);
  const results: OperationResult[] = [];
  for (const operation of operations) {
    const result = attempt(container, transaction, operation);
    if (result.statusCode >= 400) {
      return operations.map((_, index) => (index === results.length ? result : { statusCode: 424, requestCharge: 0 }));
    }
    results.push(result);
  }
  transaction.commit();
  return results;
}

/** Each for itself, in its own partition. */
export function performBulk(container: Container, operations: readonly BatchOperation[]): OperationResult[] {
  return operations.map((operation) => {
    const transaction = container.begin(requirePartition(operation.partitionKey ?? null));
    const result = attempt(container, transaction, operation);
    if (result.statusCode < 400) transaction.commit();
    return result;
  });
}

function attempt(container: Container, transaction: Transaction, operation: BatchOperation): OperationResult {
  const request: ItemRequest = { ...operation, operation: operation.operationType, body: operation.resourceBody };
  try {
    return resultOf(performItem(container, transaction, request));
  } catch (error) {
    if (!(error instanceof CosmosError)) throw error;
    const substatus = error.substatus === 0 ? {} : { substatusCode: error.substatus };
    return { statusCode: error.status, requestCharge: failureCharge(error.status), ...substatus };
  }
}

const resultOf = ({ status, document, charge }: ItemAnswer): OperationResult => ({
  statusCode: status,
  requestCharge: Math.round(charge * 100) / 100,
  ...(document && { eTag: document.body._etag as string, resourceBody: document.body }),
});
