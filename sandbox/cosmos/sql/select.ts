import { badRequest } from '../errors.ts';
import { parseExpression } from './expressions.ts';
import { syntaxError } from './lexer.ts';
import { parseCount } from './limit.ts';
import { objectOf } from './primary.ts';
import type { Expression, Scope } from './scope.ts';

/** What is selected, and how it is given. */
export interface Selection {
  readonly project: Expression;
  readonly isValue: boolean;
  readonly distinct: boolean;
  readonly top: number | undefined;
  /** The items without an aggregate, spelled one way. */
  readonly plain: readonly string[];
}

/** All between SELECT and FROM. */
export function parseSelection(scope: Scope): Selection {
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
