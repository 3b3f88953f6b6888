import { notAllowed } from './account-api.ts';
import type { Answer, Exchange } from './answer.ts';
import { parseBatch, performBatch, performBulk, type OperationResult } from './batch.ts';
import { parseBody } from './body.ts';
import type { Container } from './container.ts';
import { failureCharge } from './charges.ts';
import { badRequest, errorBody, notPlayed, resourceNotFound } from './errors.ts';
import { answerRead, performItem, type ItemAnswer, type ItemRequest } from './items.ts';
import { parsePartitionHeader, requirePartition } from './partition-key.ts';
import { answerQuery, parseQueryBody, queryPlan } from './query.ts';
import { lsnOfToken } from './session.ts';
import { parseQuery } from './sql/parse-query.ts';

/** An answer about documents, and how much of the container's log it has seen. */
export interface DocumentsAnswer extends Answer {
  readonly lsn: number;
}

const isSet = (headers: Headers, name: string) => headers.get(name)?.toLowerCase() === 'true';

/** The client asks for a plan beside each query; it costs nothing and reads no document. */
export const isPlanRequest = ({ headers }: Exchange) => isSet(headers, 'x-ms-cosmos-is-query-plan-request');

/** `…/docs` and `…/docs/{id}`. */
export function answerDocuments(container: Container, exchange: Exchange): DocumentsAnswer {
  const id = exchange.segments[5];
  const { method, headers } = exchange;
  if (id !== undefined)
    return method === 'GET' ? read(container, exchange, id) : write(container, exchange, requestFor(exchange, id));
  if (method === 'GET') return readFeed(container, exchange);
  if (method !== 'POST') throw notAllowed(method);
  if (isPlanRequest(exchange)) {
    return { status: 200, body: queryPlan(parseQueryBody(exchange.body)), charge: 0, lsn: container.lsn() };
  }
  if (isSet(headers, 'x-ms-documentdb-isquery') || (headers.get('content-type') ?? '').startsWith('application/query+json')) {
    return query(container, exchange);
  }
  if (isSet(headers, 'x-ms-cosmos-is-batch-request')) return batch(container, exchange);
  const operation = isSet(headers, 'x-ms-documentdb-is-upsert') ? 'Upsert' : 'Create';
  return write(container, exchange, { operation, body: parseBody(exchange.body), ...conditions(headers) });
}

const conditions = (headers: Headers) => ({
  ifMatch: headers.get('if-match') ?? undefined,
  ifNoneMatch: headers.get('if-none-match') ?? undefined,
});

/** What the session token of a read covers it sees; of the rest perhaps not the newest. */
const viewFor = (container: Container, headers: Headers) =>
  container.viewAt(lsnOfToken(headers.get('x-ms-session-token'), container.lsn()));

function read(container: Container, { headers }: Exchange, id: string): DocumentsAnswer {
  const partition = requirePartition(headers.get('x-ms-documentdb-partitionkey'));
  const view = viewFor(container, headers);
  const document = view.find(partition, id);
  // Not `throw`: what is not there in an old state must not bring the token of the newest.
  if (!document)
    return { status: 404, body: errorBody(404, resourceNotFound().message), charge: failureCharge(404), lsn: view.lsn };
  return { ...toAnswer(answerRead(document, { operation: 'Read', ...conditions(headers) })), lsn: view.lsn };
}

const operations = { PUT: 'Replace', DELETE: 'Delete', PATCH: 'Patch' } as const;

function requestFor({ method, headers, body }: Exchange, id: string): ItemRequest {
  const operation = Object.entries(operations).find(([verb]) => verb === method)?.[1];
  if (!operation) throw notAllowed(method);
  return { operation, id, body: operation === 'Delete' ? undefined : parseBody(body), ...conditions(headers) };
}

function write(container: Container, { headers }: Exchange, request: ItemRequest): DocumentsAnswer {
  const transaction = container.begin(requirePartition(headers.get('x-ms-documentdb-partitionkey')));
  const answer = performItem(container, transaction, request);
  transaction.commit();
  return { ...toAnswer(answer), lsn: container.lsn() };
}

function toAnswer({ status, document, charge }: ItemAnswer): Answer {
  return { status, charge, ...(document && { body: document.body, headers: { etag: document.body._etag as string } }) };
}

function readFeed(container: Container, exchange: Exchange): DocumentsAnswer {
  if (exchange.headers.get('a-im') !== null) throw notPlayed('the change feed');
  const view = viewFor(container, exchange.headers);
  return { ...answerQuery(container, view, { exchange, query: parseQuery('SELECT * FROM c', new Map()) }), lsn: view.lsn };
}

function query(container: Container, exchange: Exchange): DocumentsAnswer {
  const view = viewFor(container, exchange.headers);
  return { ...answerQuery(container, view, { exchange, query: parseQueryBody(exchange.body) }), lsn: view.lsn };
}

function batch(container: Container, { headers, body }: Exchange): DocumentsAnswer {
  const atomic = isSet(headers, 'x-ms-cosmos-batch-atomic');
  const requested = parseBatch(body);
  const partition = parsePartitionHeader(headers.get('x-ms-documentdb-partitionkey'));
  if (atomic && partition === undefined) throw badRequest('PartitionKey value must be supplied for this operation.');
  const results = atomic ? performBatch(container, partition ?? '', requested) : performBulk(container, requested);
  const minimal = headers.get('prefer')?.toLowerCase() === 'return=minimal';
  return {
    status: results.some(({ statusCode }) => statusCode >= 400) ? 207 : 200,
    body: minimal ? results.map(withoutBody) : results,
    charge: results.reduce((total, { requestCharge }) => total + requestCharge, 0),
    lsn: container.lsn(),
  };
}

const withoutBody = ({ resourceBody: _, ...result }: OperationResult) => result;
