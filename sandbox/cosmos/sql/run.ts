import { badRequest } from '../errors.ts';
import type { Json, JsonObject, Value } from '../json.ts';
import { aggregate } from './aggregates.ts';
import type { Query } from './parse-query.ts';
import type { Expression, Row } from './scope.ts';
import { isLoaded } from './served.ts';
import { canonical, compareForOrder } from './values.ts';

export interface QueryInput {
  readonly body: JsonObject;
  /** The order of documents without ORDER BY. */
  readonly sequence: number;
  readonly bytes: number;
}

export interface PageRequest {
  readonly maxItems: number;
  readonly maxBytes: number;
  readonly continuation: string | undefined;
  readonly isIndexed: (path: string) => boolean;
}

export interface Page {
  readonly items: Json[];
  readonly continuation: string | undefined;
  /** What the query had to load: the documents that its indexes alone did not rule out. */
  readonly loaded: { documents: number; bytes: number };
}

/** A place in the sorted rows; a value that is not there is `[]`. */
interface Place {
  readonly keys: readonly (readonly Json[])[];
  readonly sequence: number;
  readonly ordinal: number;
}

/** Where the next page begins: after a row, or, where rows were folded into others, after so many results. */
type Continuation = { readonly after: Place; readonly taken: number } | { readonly offset: number };

interface Match {
  readonly row: Row;
  readonly keys: readonly Value[];
  readonly sequence: number;
  readonly ordinal: number;
}

export function runQuery(query: Query, inputs: Iterable<QueryInput>, request: PageRequest): Page {
  const continuation = request.continuation === undefined ? undefined : parseContinuation(request.continuation);
  const { matches, loaded } = findMatches(query, inputs, request.isIndexed);
  const folds = query.aggregates.length > 0 || query.groupBy.length > 0 || query.distinct;
  const page = folds
    ? pageOfFolded(query, matches, { request, continuation })
    : pageOfRows(query, matches, { request, continuation });
  return { ...page, loaded };
}

interface Paging {
  readonly request: PageRequest;
  readonly continuation: Continuation | undefined;
}

function findMatches(
  query: Query,
  inputs: Iterable<QueryInput>,
  isIndexed: PageRequest['isIndexed'],
): { matches: Match[]; loaded: Page['loaded'] } {
  const matches: Match[] = [];
  const loaded = { documents: 0, bytes: 0 };
  for (const { body, sequence, bytes } of inputs) {
    let ordinal = 0;
    for (const row of rowsOf(body, query.joins)) {
      if (query.where && query.where(row) !== true) continue;
      matches.push({ row, keys: query.orderBy.map(({ expression }) => expression(row)), sequence, ordinal: ordinal++ });
    }
    if (ordinal > 0 || (query.where && isLoaded(query.where, [body], isIndexed))) {
      loaded.documents += 1;
      loaded.bytes += bytes;
    }
  }
  return { matches: matches.sort((left, right) => compareMatches(query, left, right)), loaded };
}

function rowsOf(body: JsonObject, joins: readonly Expression[]): Row[] {
  return joins.reduce<Row[]>(
    (rows, join) =>
      rows.flatMap((row) => {
        const items = join(row);
        return Array.isArray(items) ? items.map((item) => [...row, item]) : [];
      }),
    [[body]],
  );
}

type Ordered = Pick<Match, 'keys' | 'sequence' | 'ordinal'>;

function compareMatches({ orderBy }: Query, left: Ordered, right: Ordered): number {
  for (const [index, { descending }] of orderBy.entries()) {
    const order = compareForOrder(left.keys[index], right.keys[index]);
    if (order !== 0) return descending ? -order : order;
  }
  return left.sequence - right.sequence || left.ordinal - right.ordinal;
}

function pageOfRows(query: Query, matches: readonly Match[], { request, continuation }: Paging): Omit<Page, 'loaded'> {
  if (continuation && !('after' in continuation)) throw invalidContinuation();
  const after = continuation && { ...continuation.after, keys: continuation.after.keys.map(([key]) => key) };
  const rest = after ? matches.filter((match) => compareMatches(query, match, after) > 0) : matches.slice(query.offset);
  const taken = continuation?.taken ?? 0;
  const allowed = rest.slice(0, Math.max(0, query.limit - taken));
  const { items, looked } = fillPage(query, allowed, request);
  const last = allowed[looked - 1];
  const more = looked < allowed.length && last;
  const place = more && {
    keys: last.keys.map((key) => (key === undefined ? [] : [key])),
    sequence: last.sequence,
    ordinal: last.ordinal,
  };
  return { items, continuation: place ? continuationOf({ after: place, taken: taken + looked }) : undefined };
}

/** As many rows as a page holds; the first in any case. */
function fillPage({ project }: Query, rows: readonly Match[], { maxItems, maxBytes }: PageRequest) {
  const items: Json[] = [];
  let [bytes, looked] = [0, 0];
  for (const { row } of rows) {
    const item = project(row);
    const size = item === undefined ? 0 : sizeOf(item);
    if (items.length >= maxItems || (items.length > 0 && bytes + size > maxBytes)) break;
    looked += 1;
    bytes += size;
    if (item !== undefined) items.push(item);
  }
  return { items, looked };
}

function pageOfFolded(query: Query, matches: readonly Match[], { request, continuation }: Paging): Omit<Page, 'loaded'> {
  if (continuation && !('offset' in continuation)) throw invalidContinuation();
  const rows =
    query.aggregates.length > 0 || query.groupBy.length > 0 ? groupRows(query, matches) : matches.map(({ row }) => row);
  const projected = rows.map((row) => query.project(row)).filter((item) => item !== undefined);
  const results = query.distinct ? distinctOf(projected) : projected;
  const wanted = results.slice(query.offset, query.offset + query.limit);
  const start = continuation?.offset ?? 0;
  const end = start + request.maxItems;
  return {
    items: wanted.slice(start, end),
    continuation: end < wanted.length ? continuationOf({ offset: end }) : undefined,
  };
}

function distinctOf(items: readonly Json[]): Json[] {
  const byText = new Map<string, Json>();
  for (const item of items) if (!byText.has(canonical(item))) byText.set(canonical(item), item);
  return [...byText.values()];
}

/** One row a group: the first of its rows, with the results of the aggregates after it. */
function groupRows({ groupBy, aggregates, joins }: Query, matches: readonly Match[]): Row[] {
  const groups = new Map<string, Row[]>();
  if (groupBy.length === 0) groups.set('', []);
  for (const { row } of matches) {
    const key = groupBy.map((expression) => canonical(expression(row))).join('\n');
    const group = groups.get(key);
    if (group) group.push(row);
    else groups.set(key, [row]);
  }
  const nothing: Row = Array.from({ length: joins.length + 1 }, () => undefined);
  return [...groups.values()].map((rows) => [
    ...(rows[0] ?? nothing),
    ...aggregates.map(({ name, argument }) => aggregate(name, rows.map(argument))),
  ]);
}

const sizeOf = (item: Json) => (typeof item === 'object' && item !== null ? JSON.stringify(item).length : 8);

const continuationOf = (continuation: Continuation) => Buffer.from(JSON.stringify(continuation)).toString('base64');

function parseContinuation(token: string): Continuation {
  try {
    return JSON.parse(Buffer.from(token, 'base64').toString('utf8')) as Continuation;
  } catch {
    throw invalidContinuation();
  }
}

const invalidContinuation = () => badRequest('Invalid Continuation Token');
