import { compare, passes, type Resolve } from './filter.ts';
import type { Query } from './query.ts';

export interface Page<T> {
  readonly items: T[];
  /** How many there are in all, where the query asked for it. */
  readonly count: number | undefined;
  /** Where the next page begins; undefined on the last one. */
  readonly nextSkip: number | undefined;
}

/** Filters, orders and cuts a list as the query says. */
export function pageOf<T>(
  all: readonly T[],
  query: Query,
  { resolve, pageSize }: { resolve: Resolve<T>; pageSize: number },
): Page<T> {
  const { filter } = query;
  const found = filter === undefined ? [...all] : all.filter((item) => passes(item, filter, resolve));
  found.sort((left, right) => {
    for (const { path, descending } of query.orderby) {
      const order = compare(resolve(left, path), resolve(right, path)) ?? 0;
      if (order !== 0) return descending ? -order : order;
    }
    return 0;
  });
  const end = query.skip + (query.top ?? pageSize);
  return {
    items: found.slice(query.skip, end),
    count: query.count ? found.length : undefined,
    nextSkip: end < found.length && end > query.skip ? end : undefined,
  };
}

/** The link to the next page: absolute on the service's own origin, with every other parameter kept. */
export function nextLink(
  url: URL,
  publicOrigin: string,
  { name, value }: { name: '$skip' | '$skiptoken'; value: string },
): string {
  const parameters = new URLSearchParams([...url.searchParams].filter(([key]) => key.toLowerCase() !== name));
  parameters.set(name, value);
  return `${publicOrigin}${url.pathname}?${parameters.toString().replaceAll('+', '%20')}`;
}

/** The members that $select leaves; annotations and the id stay. */
export function selected(value: Record<string, unknown>, select: readonly string[] | undefined): Record<string, unknown> {
  if (select === undefined) return value;
  const names = new Set(select.map((name) => name.split('/')[0]));
  return Object.fromEntries(Object.entries(value).filter(([name]) => name.startsWith('@') || name === 'id' || names.has(name)));
}
