import { badRequest } from '../errors.ts';
import { parseExpression } from './expressions.ts';
import type { Expression, Scope } from './scope.ts';
import type { Selection } from './select.ts';

export function parseGroupBy(scope: Scope): { expression: Expression; text: string }[] {
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

/** Beside a group or an aggregate, what is selected must be grouped by. */
export function assertGrouping(query: {
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
