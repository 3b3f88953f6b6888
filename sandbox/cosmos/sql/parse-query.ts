import { badRequest, notPlayed } from '../errors.ts';
import type { Json } from '../json.ts';
import { parseExpression } from './expressions.ts';
import { parseFrom, type Join } from './from.ts';
import { assertGrouping, parseGroupBy } from './group-by.ts';
import { syntaxError, tokenise } from './lexer.ts';
import { parseOffsetLimit } from './limit.ts';
import { parseOrderBy, type OrderKey } from './order-by.ts';
import { createReader } from './reader.ts';
import type { Aggregate, Expression, Scope } from './scope.ts';
import { parseSelection } from './select.ts';

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

function skipToFrom(reader: Scope['reader']): void {
  let depth = 0;
  while (depth > 0 || !reader.sees('FROM')) {
    const { kind, text } = reader.next();
    if (kind === 'end') throw notPlayed('a query without FROM');
    if (kind === 'symbol' && (text === '(' || text === '[' || text === '{')) depth += 1;
    if (kind === 'symbol' && (text === ')' || text === ']' || text === '}')) depth -= 1;
  }
}
