import type { Expression, Row } from './scope.ts';

/** What a closure was made of, as far as an index can serve it. */
type Origin =
  | { readonly kind: 'constant' }
  /** A property of the document: `/parts`, `/a/b`; the empty text is the document itself. */
  | { readonly kind: 'path'; readonly path: string }
  /** A comparison, or a function of a property. */
  | { readonly kind: 'test'; readonly operands: readonly Expression[] }
  | { readonly kind: 'and' | 'or'; readonly operands: readonly [Expression, Expression] }
  | { readonly kind: 'not'; readonly operands: readonly [Expression] };

const origins = new WeakMap<Expression, Origin>();

/** Notes what an expression was made of; one without a note is served by no index. */
export function madeOf(expression: Expression, origin: Origin): Expression {
  origins.set(expression, origin);
  return expression;
}

export const originOf = (expression: Expression): Origin | undefined => origins.get(expression);

/**
 * Whether a document has to be loaded to tell whether it matches: all that the indexed paths alone do not rule out. What
 * is asked of a path without an index is looked up in the documents, which is what a query is charged for.
 */
export function isLoaded(where: Expression, row: Row, isIndexed: (path: string) => boolean): boolean {
  const origin = origins.get(where);
  if (origin?.kind === 'and') return origin.operands.every((operand) => isLoaded(operand, row, isIndexed));
  if (origin?.kind === 'or') return origin.operands.some((operand) => isLoaded(operand, row, isIndexed));
  return !isServed(where, isIndexed) || where(row) === true;
}

function isServed(expression: Expression, isIndexed: (path: string) => boolean): boolean {
  const origin = origins.get(expression);
  if (origin === undefined) return false;
  if (origin.kind === 'constant') return true;
  if (origin.kind === 'path') return isIndexed(origin.path);
  return origin.operands.every((operand) => isServed(operand, isIndexed));
}
