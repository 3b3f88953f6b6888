import { badRequest, notPlayed } from '../errors.ts';
import type { Json, JsonObject } from '../json.ts';
import { parseExpression } from './expressions.ts';
import { parseFrom, type Join } from './from.ts';
import { syntaxError, tokenise } from './lexer.ts';
import { objectOf, parsePath } from './primary.ts';
import { createReader } from './reader.ts';
import type { Aggregate, Expression, Scope } from './scope.ts';

export interface OrderKey {
  readonly expression: Expression;
  readonly descending: boolean;
  /** As it stands in the query: `c . dueAt`. */
  readonly text: string;
}

export interface Query {
  readonly joins: readonly Join[];
  readonly where: Expression | undefined;
  readonly groupBy: readonly Expression[];
  readonly aggregates: readonly Aggregate[];
  readonly orderBy: readonly OrderKey[];
  readonly project: Expression;
  readonly isValue: boolean;
  readonly distinct: boolean;
  readonly offset: number;
  readonly limit: number;
}

export type Parameters = ReadonlyMap<string, Json>;

interface Selection {
  readonly project: Expression;
  readonly isValue: boolean;
  readonly distinct: boolean;
  readonly top: number | undefined;
  /** The items without an aggregate, spelled one way. */
  readonly plain: readonly string[];
}

/** Reads a query once into closures. */
export function parseQuery(text: string, parameters: Parameters): Query {
  const reader = createReader(tokenise(text));
  reader.expect('SELECT');
  const select = reader.position();
  skipToFrom(reader);
  const { aliases, joins } = parseFrom({ reader, parameters, parse: parseExpression });
  const tail = reader.position();

  const aggregates: Aggregate[] = [];
  const scope: Scope = { reader, parameters, aliases, aggregates: undefined, parse: parseExpression };
  reader.goTo(select);
  const selection = parseSelection({ ...scope, aggregates });
  if (!reader.sees('FROM')) throw syntaxError(reader.peek().text);

  reader.goTo(tail);
  const where = reader.takes('WHERE') ? parseExpression(scope) : undefined;
  const groupBy = parseGroupBy(scope);
  const orderBy = parseOrderBy(scope);
  const { offset, limit } = parseOffsetLimit(scope);
  if (reader.peek().kind !== 'end') throw syntaxError(reader.peek().text);

  assertGrouping({
    selection,
    grouped: groupBy.map((key) => key.text),
    aggregated: aggregates.length > 0,
    ordered: orderBy.length > 0,
  });
  if (selection.top !== undefined && limit !== undefined) throw badRequest('TOP cannot be used with OFFSET and LIMIT.');
  return {
    joins,
    where,
    groupBy: groupBy.map(({ expression }) => expression),
    aggregates,
    orderBy,
    ...selection,
    offset,
    limit: selection.top ?? limit ?? Infinity,
  };
}

/** The condition of a patch, `FROM c WHERE …`: whether it holds for a document. */
export function parseCondition(text: string): (document: JsonObject) => boolean {
  const reader = createReader(tokenise(text));
  const parameters = new Map<string, Json>();
  const { aliases, joins } = parseFrom({ reader, parameters, parse: parseExpression });
  if (joins.length > 0) throw badRequest('The condition of a patch cannot have a JOIN.');
  reader.expect('WHERE');
  const condition = parseExpression({ reader, parameters, aliases, aggregates: undefined, parse: parseExpression });
  if (reader.peek().kind !== 'end') throw syntaxError(reader.peek().text);
  return (document) => condition([document]) === true;
}

function skipToFrom(reader: Scope['reader']): void {
  let depth = 0;
  while (depth > 0 || !reader.sees('FROM')) {
    const { kind, text } = reader.next();
    if (kind === 'end') throw notPlayed('a query without FROM');
    if (kind === 'symbol' && (text === '(' || text === '[' || text === '{')) depth += 1;
    if (kind === 'symbol' && (text === ')' || text === ']' || text === '}')) depth -= 1;
  }
}

function parseSelection(scope: Scope): Selection {
  const { reader, aliases } = scope;
  const distinct = reader.takes('DISTINCT');
  const top = reader.takes('TOP') ? parseCount(scope) : undefined;
  if (reader.takes('*')) {
    if (aliases.size > 1) throw badRequest("'SELECT *' is only valid with a single input set.");
    return { project: (row) => row[0], isValue: false, distinct, top, plain: ['*'] };
  }
  const isValue = reader.takes('VALUE');
  const items = parseItems(scope);
  const plain = items.filter(({ aggregated }) => !aggregated).map(({ text }) => text);
  if (!isValue) {
    const members = items.map(({ name, expression }) => [name, expression] as const);
    return { project: (row) => objectOf(members, row), isValue, distinct, top, plain };
  }
  const [only] = items;
  if (!only || items.length > 1) throw syntaxError(',');
  return { project: only.expression, isValue, distinct, top, plain };
}

interface Item {
  readonly name: string;
  readonly expression: Expression;
  readonly text: string;
  readonly aggregated: boolean;
}

function parseItems(scope: Scope): Item[] {
  const { reader, aggregates, aliases } = scope;
  const items: Item[] = [];
  let unnamed = 0;
  do {
    const from = reader.position();
    const before = aggregates?.length ?? 0;
    const expression = parseExpression(scope);
    const text = reader.textBetween(from, reader.position());
    const name = parseAlias(scope) ?? nameOfPath(text) ?? (aliases.has(text) ? text : `$${++unnamed}`);
    items.push({ name, expression, text, aggregated: (aggregates?.length ?? 0) > before });
  } while (reader.takes(','));
  return items;
}

/** `c . a . b` and `c [ "b" ]` are called b. */
function nameOfPath(text: string): string | undefined {
  const [, afterDot, quoted] = /^\w+ .*(?:\. (\w+)|\[ "([^"]*)" \])$/.exec(text) ?? [];
  return afterDot ?? quoted;
}

function parseAlias({ reader }: Scope): string | undefined {
  const explicit = reader.takes('AS');
  if (reader.peek().kind === 'name') return reader.next().text;
  if (explicit) throw syntaxError(reader.peek().text);
  return undefined;
}

function parseGroupBy(scope: Scope): { expression: Expression; text: string }[] {
  const { reader } = scope;
  if (!reader.takes('GROUP')) return [];
  reader.expect('BY');
  const keys: { expression: Expression; text: string }[] = [];
  do {
    const from = reader.position();
    const expression = parseExpression(scope);
    keys.push({ expression, text: reader.textBetween(from, reader.position()) });
  } while (reader.takes(','));
  return keys;
}

function parseOrderBy(scope: Scope): OrderKey[] {
  const { reader } = scope;
  if (!reader.takes('ORDER')) return [];
  reader.expect('BY');
  const keys: OrderKey[] = [];
  do {
    const from = reader.position();
    const expression = parsePath(scope);
    const text = reader.textBetween(from, reader.position());
    if (!/^\w+ [.[]/.test(text))
      throw badRequest(
        `Unsupported ORDER BY clause. ORDER BY item expression could not be mapped to a document path: '${text}'.`,
      );
    const descending = reader.takes('DESC');
    if (!descending) reader.takes('ASC');
    keys.push({ expression, descending, text });
  } while (reader.takes(','));
  return keys;
}

function parseOffsetLimit(scope: Scope): { offset: number; limit: number | undefined } {
  if (!scope.reader.takes('OFFSET')) return { offset: 0, limit: undefined };
  const offset = parseCount(scope);
  scope.reader.expect('LIMIT');
  return { offset, limit: parseCount(scope) };
}

function parseCount({ reader, parameters }: Scope): number {
  const { kind, text } = reader.next();
  const count = kind === 'number' ? Number(text) : kind === 'parameter' ? parameters.get(text) : undefined;
  if (typeof count !== 'number' || !Number.isInteger(count) || count < 0) {
    throw badRequest(`'${text}' is not a valid count: a non-negative integer is expected.`);
  }
  return count;
}

function assertGrouping(query: {
  readonly selection: Selection;
  readonly grouped: readonly string[];
  readonly aggregated: boolean;
  readonly ordered: boolean;
}): void {
  if (query.grouped.length === 0 && !query.aggregated) return;
  if (query.ordered) throw badRequest('ORDER BY is not supported with GROUP BY or aggregates.');
  const outside = query.selection.plain.find(
    (text) => !query.grouped.includes(text) && !/^(?:"[^"]*"|[\d.]+|@\w+|TRUE|FALSE|NULL)$/.test(text),
  );
  if (outside !== undefined) {
    throw badRequest(
      `Property reference '${outside.replaceAll(' ', '')}' is invalid in the select list because it is not contained in an aggregate function or the GROUP BY clause.`,
    );
  }
}
