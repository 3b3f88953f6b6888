import type { Container, FeedOptions, RequestOptions, SqlQuerySpec } from '@azure/cosmos';
import { request } from './errors.ts';

/** The part of the options of a request that lets a caller give up on it. */
export function abortedBy(signal: AbortSignal | undefined): Pick<RequestOptions & FeedOptions, 'abortSignal'> {
  return signal === undefined ? {} : { abortSignal: signal };
}

/** All rows of a query, in one partition or, without a key, across them. */
export function select(
  container: Container,
  query: SqlQuerySpec | string,
  { partitionKey, signal }: { partitionKey?: string; signal?: AbortSignal | undefined },
): Promise<unknown[]> {
  return request('query', async () => {
    const feed = container.items.query(query, { ...(partitionKey === undefined ? {} : { partitionKey }), ...abortedBy(signal) });
    const { resources } = await feed.fetchAll();
    return resources as unknown[];
  });
}
