import { z } from 'zod';
import type { Answer, Exchange } from './answer.ts';
import { parseBody } from './body.ts';
import { queryCharge } from './charges.ts';
import type { ContainerView } from './history.ts';
import { badRequest } from './errors.ts';
import type { JsonObject } from './json.ts';
import { parsePartitionHeader } from './partition-key.ts';
import type { Container } from './container.ts';
import { assertServedByIndex, isIndexedBy } from './indexing.ts';
import { runQuery } from './sql/run.ts';
import { parseQuery, type Query } from './sql/parse-query.ts';

const QueryBody = z.object({
  query: z.string(),
  parameters: z.array(z.object({ name: z.string().regex(/^@\w+$/), value: z.json().optional() })).default([]),
});

const defaultPageItems = 100;
const mostPageItems = 1_000;
const maxPageBytes = 4 * 1024 * 1024;

export function parseQueryBody(body: string): Query {
  const parsed = QueryBody.safeParse(parseBody(body));
  if (!parsed.success) throw badRequest(`The query is invalid: ${z.prettifyError(parsed.error)}`);
  const { query, parameters } = parsed.data;
  // An undefined parameter does not survive JSON: the service refuses its use as not supplied.
  const supplied = parameters.flatMap(({ name, value }) => (value === undefined ? [] : [[name, value] as const]));
  return parseQuery(query, new Map(supplied));
}

/** One page of a query, of the partition that the header names or, without one, of all. */
export function answerQuery(
  container: Container,
  view: ContainerView,
  { exchange, query }: { exchange: Exchange; query: Query },
): Answer {
  const { headers } = exchange;
  const partition = parsePartitionHeader(headers.get('x-ms-documentdb-partitionkey'));
  if (partition === undefined) assertCrossPartition(query, headers);
  const definition = container.definition();
  assertServedByIndex(query, definition);
  const page = runQuery(query, view.scan(partition), {
    maxItems: pageItems(headers.get('x-ms-max-item-count')),
    maxBytes: maxPageBytes,
    continuation: headers.get('x-ms-continuation') ?? undefined,
    isIndexed: isIndexedBy(definition),
  });
  return {
    status: 200,
    body: { _rid: container.rid, Documents: page.items, _count: page.items.length },
    headers: {
      'x-ms-item-count': String(page.items.length),
      ...(page.continuation !== undefined && { 'x-ms-continuation': page.continuation }),
    },
    charge: queryCharge(page.loaded),
  };
}

/** What the client reads of a query plan where its query was refused for crossing partitions. */
export function queryPlan(query: Query): JsonObject {
  return {
    partitionedQueryExecutionInfoVersion: 2,
    queryInfo: {
      distinctType: query.distinct ? 'Unordered' : 'None',
      groupByExpressions: [],
      groupByAliases: [],
      orderBy: query.orderBy.map(({ descending }) => (descending ? 'Descending' : 'Ascending')),
      orderByExpressions: [],
      aggregates: query.aggregates.map(({ name }) => name.charAt(0) + name.slice(1).toLowerCase()),
      groupByAliasToAggregateType: {},
      rewrittenQuery: '',
      hasSelectValue: query.isValue,
    },
    queryRanges: [{ min: '', max: 'FF', isMinInclusive: true, isMaxInclusive: false }],
  };
}

function assertCrossPartition(query: Query, headers: Headers): void {
  if (headers.get('x-ms-documentdb-query-enablecrosspartition')?.toLowerCase() !== 'true') {
    throw badRequest(
      'Cross partition query is required but disabled. Please set x-ms-documentdb-query-enablecrosspartition to true, specify x-ms-documentdb-partitionkey, or revise your query to avoid this exception.',
    );
  }
  if (query.aggregates.length > 0 && query.groupBy.length === 0 && !query.isValue) {
    throw badRequest("Cross partition query only supports 'VALUE <AggregateFunc>' for aggregates.");
  }
}

function pageItems(header: string | null): number {
  const count = header === null ? defaultPageItems : Number(header);
  if (!Number.isInteger(count) || count === 0 || count < -1)
    throw badRequest(`x-ms-max-item-count '${header ?? ''}' is invalid.`);
  return count === -1 ? mostPageItems : count;
}
