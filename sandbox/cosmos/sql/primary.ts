import { badRequest, notPlayed } from '../errors.ts';
import { propertyOf, type JsonObject, type Value } from '../json.ts';
import { aggregateNames, isAggregate, type AggregateName } from './aggregates.ts';
import { sqlFunctions } from './functions.ts';
import { syntaxError } from './lexer.ts';
import type { Expression, Row, Scope } from './scope.ts';
import { madeOf, originOf } from './served.ts';

/** A primary with the properties after it. */
export function parsePath(scope: Scope): Expression {
  let value = parsePrimary(scope);
  for (;;) {
    if (scope.reader.takes('.')) value = property(value, propertyName(scope));
    else if (scope.reader.takes('[')) {
      value = element(value, scope.parse(scope));
      scope.reader.expect(']');
    } else return value;
  }
}

function propertyName(scope: Scope): string {
  const { kind, text } = scope.reader.next();
  if (kind !== 'name') throw syntaxError(text);
  return text;
}

function property(object: Expression, name: string): Expression {
  const read: Expression = (row) => {
    const value = object(row);
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? propertyOf(value, name) : undefined;
  };
  const origin = originOf(object);
  return origin?.kind === 'path' ? madeOf(read, { kind: 'path', path: `${origin.path}/${name}` }) : read;
}

const element =
  (container: Expression, index: Expression): Expression =>
  (row) => {
    const [value, at] = [container(row), index(row)];
    if (Array.isArray(value)) return typeof at === 'number' ? value[at] : undefined;
    return typeof value === 'object' && value !== null && typeof at === 'string' ? propertyOf(value, at) : undefined;
  };

const constants: ReadonlyMap<string, Value> = new Map<string, Value>([
  ['TRUE', true],
  ['FALSE', false],
  ['NULL', null],
  ['UNDEFINED', undefined],
]);

function parsePrimary(scope: Scope): Expression {
  const token = scope.reader.next();
  switch (token.kind) {
    case 'string':
      return literal(token.text);
    case 'number':
      return literal(Number(token.text));
    case 'parameter':
      return parameter(scope, token.text);
    case 'name':
      return scope.reader.sees('(') ? parseCall(scope, token.text) : reference(scope, token.text);
    case 'keyword':
      return constant(token.text);
    default:
      return parseBracketed(scope, token.text);
  }
}

function constant(text: string): Expression {
  if (['EXISTS', 'ARRAY', 'UDF'].includes(text)) throw notPlayed(`${text} in a query`);
  if (!constants.has(text)) throw syntaxError(text);
  return literal(constants.get(text));
}

const literal = (value: Value) => madeOf(() => value, { kind: 'constant' });

function parameter({ parameters }: Scope, name: string): Expression {
  if (!parameters.has(name)) throw badRequest(`Parameter '${name}' was not supplied.`);
  return literal(parameters.get(name));
}

function reference({ aliases }: Scope, name: string): Expression {
  const slot = aliases.get(name);
  if (slot === undefined) throw badRequest(`Identifier '${name}' could not be resolved.`);
  const read: Expression = (row) => row[slot];
  return slot === 0 ? madeOf(read, { kind: 'path', path: '' }) : read;
}

function parseBracketed(scope: Scope, symbol: string): Expression {
  if (symbol === '(') {
    if (scope.reader.sees('SELECT')) throw notPlayed('a subquery');
    const inner = scope.parse(scope);
    scope.reader.expect(')');
    return inner;
  }
  if (symbol === '[') {
    const items = parseList(scope, ']');
    return (row) => items.map((item) => item(row)).filter((item) => item !== undefined);
  }
  if (symbol === '{') return parseObject(scope);
  throw syntaxError(symbol);
}

function parseObject(scope: Scope): Expression {
  const members: [string, Expression][] = [];
  while (!scope.reader.takes('}')) {
    if (members.length > 0) scope.reader.expect(',');
    const { kind, text } = scope.reader.next();
    if (kind !== 'name' && kind !== 'string') throw syntaxError(text);
    scope.reader.expect(':');
    members.push([text, scope.parse(scope)]);
  }
  return (row) => objectOf(members, row);
}

/** What is not there makes no property. */
export function objectOf(members: readonly (readonly [string, Expression])[], row: Row): JsonObject {
  const made: JsonObject = {};
  for (const [name, expression] of members) {
    const value = expression(row);
    if (value !== undefined) made[name] = value;
  }
  return made;
}

export function parseList(scope: Scope, end: string): Expression[] {
  const items: Expression[] = [];
  while (!scope.reader.takes(end)) {
    if (items.length > 0) scope.reader.expect(',');
    items.push(scope.parse(scope));
  }
  return items;
}

function parseCall(scope: Scope, name: string): Expression {
  scope.reader.expect('(');
  const upper = name.toUpperCase();
  if (isAggregate(upper)) return parseAggregate(scope, upper);
  const called = sqlFunctions.get(upper);
  if (!called) throw notPlayed(`the function '${name}' in a query`);
  const parts = parseList(scope, ')');
  if (parts.length < called.least || parts.length > called.most) {
    throw badRequest(`The ${upper} function requires ${called.least} argument(s).`);
  }
  return madeOf((row) => called.call(...parts.map((part) => part(row))), { kind: 'test', operands: parts });
}

function parseAggregate(scope: Scope, name: AggregateName): Expression {
  const { aggregates, aliases } = scope;
  if (!aggregates) throw badRequest(`Cannot perform an aggregate function (${aggregateNames.join(', ')}) here.`);
  const argument = scope.parse({ ...scope, aggregates: undefined });
  scope.reader.expect(')');
  const slot = aliases.size + aggregates.length;
  aggregates.push({ name, argument });
  return (row) => row[slot];
}
