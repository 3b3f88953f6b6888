import { badRequest } from '../errors.ts';
import { parsePath } from './primary.ts';
import type { Expression, Scope } from './scope.ts';

export interface OrderKey {
  readonly expression: Expression;
  readonly descending: boolean;
  /** As it stands in the query: `c . dueAt`. */
  readonly text: string;
}

/** Paths alone: Cosmos sorts by its indexes. */
export function parseOrderBy(scope: Scope): OrderKey[] {
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
