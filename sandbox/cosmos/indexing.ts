import { badRequest } from './errors.ts';
import { isObject, type Json, type JsonObject, type Value } from './json.ts';
import type { OrderKey } from './sql/order-by.ts';
import type { Query } from './sql/parse-query.ts';

/**
 * ORDER BY is served from an index or refused; a filter without one only costs more. A container without an indexing
 * policy indexes every path, but has no composite index.
 * @see https://learn.microsoft.com/azure/cosmos-db/index-policy
 */
export function assertServedByIndex({ orderBy }: Query, { indexingPolicy }: JsonObject): void {
  if (orderBy.length === 0) return;
  const policy = isObject(indexingPolicy) ? indexingPolicy : {};
  const paths = orderBy.map(({ text }) => pathOf(text));
  if (orderBy.length === 1) {
    const path = paths[0] ?? '';
    if (!isIncluded(path, policy))
      throw badRequest(`The index path corresponding to the specified order-by item is excluded. (${path})`);
    return;
  }
  const composites = listOf(policy.compositeIndexes).filter((index) => Array.isArray(index));
  if (!composites.some((index) => serves(index, { orderBy, paths }))) {
    throw badRequest('The order by query does not have a corresponding composite index that it can be served from.');
  }
}

/** Whether what is asked of a path is looked up in an index. The service keeps `id` and `_ts` in it whatever the policy says. */
export function isIndexedBy({ indexingPolicy }: JsonObject): (path: string) => boolean {
  const policy = isObject(indexingPolicy) ? indexingPolicy : {};
  return (path) => path === '/id' || path === '/_ts' || isIncluded(path, policy);
}

/** `c . a . b`, `c [ "b" ]` as `/a/b`, `/b`. */
const pathOf = (text: string) =>
  [...text.matchAll(/\. (\w+)|\[ "([^"]*)" \]/g)].map(([, name, quoted]) => `/${name ?? quoted ?? ''}`).join('');

const listOf = (value: Value): Json[] => (Array.isArray(value) ? value : []);

const textAt = (entry: Json, name: 'path' | 'order') => {
  const value = isObject(entry) ? entry[name] : undefined;
  return typeof value === 'string' ? value : '';
};

/** The longest rule that covers a path decides. */
function isIncluded(path: string, policy: JsonObject): boolean {
  if (policy.indexingMode === 'none') return false;
  const included = listOf(policy.includedPaths ?? [{ path: '/*' }]);
  const longest = (rules: readonly Json[]) => Math.max(-1, ...rules.map((rule) => coverage(textAt(rule, 'path'), path)));
  return longest(included) > longest(listOf(policy.excludedPaths));
}

/** How much of a path a rule (`/*`, `/a/?`, `/a/*`) spells; −1 where it does not cover it. */
function coverage(rule: string, path: string): number {
  const stem = rule.replaceAll('"', '').replace(/\/[*?]$/, '');
  const covers = rule.endsWith('/?') ? path === stem : path === stem || path.startsWith(`${stem}/`);
  return covers ? stem.length * 2 + (rule.endsWith('/?') ? 1 : 0) : -1;
}

/** The same paths in the same order, all directions as declared or all reversed. */
function serves(index: readonly Json[], { orderBy, paths }: { orderBy: readonly OrderKey[]; paths: readonly string[] }): boolean {
  if (
    index.length !== paths.length ||
    paths.some((path, at) => textAt(index[at] ?? null, 'path').replace(/\/\?$/, '') !== path)
  ) {
    return false;
  }
  const reversed = orderBy.map(({ descending }, at) => descending !== (textAt(index[at] ?? null, 'order') === 'descending'));
  return reversed.every((differs) => differs === reversed[0]);
}
