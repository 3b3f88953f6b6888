import { badRequest } from '../errors.ts';

/** The filterable value of a property path; throws what Graph answers for a path it cannot filter by. */
export type Resolve<T> = (item: T, path: string) => Literal;
export type Literal = string | number | boolean | null;
export type Comparison = 'eq' | 'ne' | 'gt' | 'ge' | 'lt' | 'le';

export type Filter =
  | { readonly kind: 'and'; readonly left: Filter; readonly right: Filter }
  | { readonly kind: 'or'; readonly left: Filter; readonly right: Filter }
  | { readonly kind: 'not'; readonly filter: Filter }
  | { readonly kind: 'compare'; readonly path: string; readonly operator: Comparison; readonly value: Literal }
  | { readonly kind: 'in'; readonly path: string; readonly values: readonly Literal[] }
  | { readonly kind: TextFunction; readonly path: string; readonly value: string };
type TextFunction = 'startswith' | 'contains' | 'endswith';

const tokenPattern = /\s*(?:('(?:[^']|'')*')|([(),])|([^\s(),']+))/gy;
const comparisons = new Set<string>(['eq', 'ne', 'gt', 'ge', 'lt', 'le']);
const textFunctions = new Set<string>(['startswith', 'contains', 'endswith']);

interface Tokens {
  peek(): string | undefined;
  next(): string;
  expect(token: string): void;
}

/** Parses the part of OData's $filter that Outlook and the directory take: comparisons, in, text functions, and/or/not. */
export function parseFilter(source: string): Filter {
  const tokens = tokenize(source);
  const filter = parseOr(tokens);
  if (tokens.peek() !== undefined) throw syntaxError(source);
  return filter;
}

const syntaxError = (source: string) => badRequest(`Invalid filter clause: Syntax error in '${source}'.`);

function tokenize(source: string): Tokens {
  const tokens = [...source.trim().matchAll(tokenPattern)].map(([text]) => text.trim());
  const total = tokens.join('').length;
  if (total !== source.replace(/'(?:[^']|'')*'|\s+/g, (part) => (part.startsWith("'") ? part : '')).length) {
    throw syntaxError(source);
  }
  let position = 0;
  const next = () => {
    const token = tokens[position];
    if (token === undefined) throw syntaxError(source);
    position += 1;
    return token;
  };
  return {
    peek: () => tokens[position],
    next,
    expect(token) {
      if (next() !== token) throw syntaxError(source);
    },
  };
}

function parseOr(tokens: Tokens): Filter {
  let left = parseAnd(tokens);
  while (tokens.peek() === 'or') {
    tokens.next();
    left = { kind: 'or', left, right: parseAnd(tokens) };
  }
  return left;
}

function parseAnd(tokens: Tokens): Filter {
  let left = parseTerm(tokens);
  while (tokens.peek() === 'and') {
    tokens.next();
    left = { kind: 'and', left, right: parseTerm(tokens) };
  }
  return left;
}

function parseTerm(tokens: Tokens): Filter {
  const token = tokens.next();
  if (token === '(') {
    const filter = parseOr(tokens);
    tokens.expect(')');
    return filter;
  }
  if (token === 'not') return { kind: 'not', filter: parseTerm(tokens) };
  if (textFunctions.has(token.toLowerCase())) return parseTextFunction(token.toLowerCase() as TextFunction, tokens);
  if (token.startsWith("'") || tokens.peek() === '(') throw badRequest(`Invalid filter clause: '${token}' is not supported.`);
  return parseComparison(token, tokens);
}

function parseTextFunction(kind: TextFunction, tokens: Tokens): Filter {
  tokens.expect('(');
  const path = tokens.next();
  tokens.expect(',');
  const value = parseLiteral(tokens.next());
  tokens.expect(')');
  if (typeof value !== 'string') throw badRequest(`Invalid filter clause: the second argument of ${kind} must be a string.`);
  return { kind, path, value };
}

function parseComparison(path: string, tokens: Tokens): Filter {
  const operator = tokens.next();
  if (operator === 'in') {
    const values: Literal[] = [];
    tokens.expect('(');
    do values.push(parseLiteral(tokens.next()));
    while (tokens.peek() === ',' && tokens.next());
    tokens.expect(')');
    return { kind: 'in', path, values };
  }
  if (!comparisons.has(operator)) throw badRequest(`Invalid filter clause: '${operator}' is no operator.`);
  return { kind: 'compare', path, operator: operator as Comparison, value: parseLiteral(tokens.next()) };
}

function parseLiteral(token: string): Literal {
  if (token.startsWith("'")) return token.slice(1, -1).replaceAll("''", "'");
  if (token === 'true' || token === 'false') return token === 'true';
  if (token === 'null') return null;
  if (/^-?\d+(\.\d+)?$/.test(token)) return Number(token);
  if (/^\d{4}-\d{2}-\d{2}(T[\d:.]+(Z|[+-]\d{2}:\d{2})?)?$/.test(token)) return token;
  throw badRequest(`Invalid filter clause: Could not find a property named '${token}'.`);
}

/** Every condition in a filter, so that a caller may refuse what its service does not support. */
export function conditionsOf(filter: Filter): Exclude<Filter, { kind: 'and' | 'or' | 'not' }>[] {
  if (filter.kind === 'not') return conditionsOf(filter.filter);
  if (filter.kind === 'and' || filter.kind === 'or') return [...conditionsOf(filter.left), ...conditionsOf(filter.right)];
  return [filter];
}

/** The same filter with its values as the caller compares them, as times turned into UTC. */
export function withValues(filter: Filter, convert: (path: string, value: Literal) => Literal): Filter {
  switch (filter.kind) {
    case 'and':
    case 'or':
      return { ...filter, left: withValues(filter.left, convert), right: withValues(filter.right, convert) };
    case 'not':
      return { ...filter, filter: withValues(filter.filter, convert) };
    case 'compare':
      return { ...filter, value: convert(filter.path, filter.value) };
    case 'in':
      return { ...filter, values: filter.values.map((value) => convert(filter.path, value)) };
    default:
      return filter;
  }
}

/** Whether an item passes; text is compared without case, as Exchange and the directory do. */
export function passes<T>(item: T, filter: Filter, resolve: Resolve<T>): boolean {
  switch (filter.kind) {
    case 'and':
      return passes(item, filter.left, resolve) && passes(item, filter.right, resolve);
    case 'or':
      return passes(item, filter.left, resolve) || passes(item, filter.right, resolve);
    case 'not':
      return !passes(item, filter.filter, resolve);
    case 'in':
      return filter.values.some((value) => compare(resolve(item, filter.path), value) === 0);
    case 'compare':
      return holds(compare(resolve(item, filter.path), filter.value), filter.operator);
    default:
      return hasText(filter.kind, fold(resolve(item, filter.path)), fold(filter.value));
  }
}

const fold = (value: Literal) => (typeof value === 'string' ? value.toLowerCase() : value);

function hasText(kind: TextFunction, text: Literal, part: Literal): boolean {
  if (typeof text !== 'string' || typeof part !== 'string') return false;
  if (kind === 'startswith') return text.startsWith(part);
  return kind === 'contains' ? text.includes(part) : text.endsWith(part);
}

/** Order of two values; undefined where they cannot be compared. */
export function compare(left: Literal, right: Literal): number | undefined {
  const [a, b] = [fold(left), fold(right)];
  if (a === b) return 0;
  if (a === null || b === null || typeof a !== typeof b) return undefined;
  return a < b ? -1 : 1;
}

function holds(order: number | undefined, operator: Comparison): boolean {
  if (order === undefined) return operator === 'ne';
  switch (operator) {
    case 'eq':
      return order === 0;
    case 'ne':
      return order !== 0;
    case 'gt':
      return order > 0;
    case 'ge':
      return order >= 0;
    case 'lt':
      return order < 0;
    case 'le':
      return order <= 0;
  }
}
