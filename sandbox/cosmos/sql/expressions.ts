import { likePattern } from './functions.ts';
import { syntaxError } from './lexer.ts';
import { additive, combine, comparisons, inequality, multiplicative, type Binary } from './operators.ts';
import { parseList, parsePath } from './primary.ts';
import type { Expression, Scope } from './scope.ts';
import { madeOf } from './served.ts';
import { and, equals, not, or } from './values.ts';

export function parseExpression(scope: Scope): Expression {
  const condition = parseCoalesce(scope);
  if (!scope.reader.takes('?')) return condition;
  const then = parseExpression(scope);
  scope.reader.expect(':');
  const otherwise = parseExpression(scope);
  return (row) => (condition(row) === true ? then(row) : otherwise(row));
}

function parseCoalesce(scope: Scope): Expression {
  const left = parseOr(scope);
  if (!scope.reader.takes('??')) return left;
  const right = parseCoalesce(scope);
  return (row) => {
    const value = left(row);
    return value === undefined ? right(row) : value;
  };
}

function parseOr(scope: Scope): Expression {
  let left = parseAnd(scope);
  while (scope.reader.takes('OR')) {
    const operands = [left, parseAnd(scope)] as const;
    left = madeOf(combine(or, ...operands), { kind: 'or', operands });
  }
  return left;
}

function parseAnd(scope: Scope): Expression {
  let left = parseNot(scope);
  while (scope.reader.takes('AND')) {
    const operands = [left, parseNot(scope)] as const;
    left = madeOf(combine(and, ...operands), { kind: 'and', operands });
  }
  return left;
}

function parseNot(scope: Scope): Expression {
  if (!scope.reader.takes('NOT')) return parsePredicate(scope);
  return negation(parseNot(scope));
}

const negation = (operand: Expression) => madeOf((row) => not(operand(row)), { kind: 'not', operands: [operand] });

/** A comparison, or IN, BETWEEN, LIKE with a NOT before them. */
function parsePredicate(scope: Scope): Expression {
  const left = parseOperand(scope);
  const operate = scope.reader.peek().kind === 'symbol' ? comparisons.get(scope.reader.peek().text) : undefined;
  if (operate) {
    scope.reader.next();
    const operands = [left, parseOperand(scope)] as const;
    return madeOf(combine(operate, ...operands), { kind: 'test', operands });
  }
  const negated = scope.reader.takes('NOT');
  const test = parseTest(scope, left);
  if (!test) {
    if (negated) throw syntaxError(scope.reader.peek().text);
    return left;
  }
  return negated ? negation(test) : test;
}

function parseTest(scope: Scope, left: Expression): Expression | undefined {
  if (scope.reader.takes('IN')) return parseIn(scope, left);
  if (scope.reader.takes('BETWEEN')) return parseBetween(scope, left);
  if (scope.reader.takes('LIKE')) return parseLike(scope, left);
  return undefined;
}

function parseIn(scope: Scope, left: Expression): Expression {
  scope.reader.expect('(');
  const members = parseList(scope, ')');
  if (members.length === 0) throw syntaxError(')');
  const isIn: Expression = (row) => {
    const value = left(row);
    return value === undefined ? undefined : members.some((member) => equals(value, member(row)) === true);
  };
  return madeOf(isIn, { kind: 'test', operands: [left, ...members] });
}

function parseBetween(scope: Scope, left: Expression): Expression {
  const least = parseOperand(scope);
  scope.reader.expect('AND');
  const most = parseOperand(scope);
  const atLeast = inequality((order) => order >= 0);
  const atMost = inequality((order) => order <= 0);
  const isBetween: Expression = (row) => and(atLeast(left(row), least(row)), atMost(left(row), most(row)));
  return madeOf(isBetween, { kind: 'test', operands: [left, least, most] });
}

function parseLike(scope: Scope, left: Expression): Expression {
  const pattern = parseOperand(scope);
  const escape = scope.reader.takes('ESCAPE') ? scope.reader.next() : undefined;
  if (escape && (escape.kind !== 'string' || escape.text.length !== 1)) throw syntaxError(escape.text);
  const compiled = new Map<string, RegExp>();
  const isLike: Expression = (row) => {
    const [text, like] = [left(row), pattern(row)];
    if (typeof text !== 'string' || typeof like !== 'string') return undefined;
    const expression = compiled.get(like) ?? likePattern(like, escape?.text);
    compiled.set(like, expression);
    return expression.test(text);
  };
  return madeOf(isLike, { kind: 'test', operands: [left, pattern] });
}

function parseChain(
  scope: Scope,
  level: { readonly operators: ReadonlyMap<string, Binary>; readonly operand: (scope: Scope) => Expression },
): Expression {
  let left = level.operand(scope);
  for (;;) {
    const { kind, text } = scope.reader.peek();
    const operate = kind === 'symbol' ? level.operators.get(text) : undefined;
    if (!operate) return left;
    scope.reader.next();
    left = combine(operate, left, level.operand(scope));
  }
}

const parseOperand = (scope: Scope): Expression => parseChain(scope, { operators: additive, operand: parseTerm });

const parseTerm = (scope: Scope): Expression => parseChain(scope, { operators: multiplicative, operand: parseUnary });

function parseUnary(scope: Scope): Expression {
  if (scope.reader.takes('+')) return parseUnary(scope);
  if (!scope.reader.takes('-')) return parsePath(scope);
  const operand = parseUnary(scope);
  return (row) => {
    const value = operand(row);
    return typeof value === 'number' ? -value : undefined;
  };
}
