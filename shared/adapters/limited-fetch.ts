import { createBulkhead, type BulkheadOptions } from '../core/bulkhead.ts';

type Fetch = typeof globalThis.fetch;

const hasNoBody = [101, 103, 204, 205, 304];

/**
 * A `fetch` with so many requests to its vendor at once. A slot is held until the whole answer was read, so that one
 * that hangs in the middle of its body takes no second one.
 */
export function limitFetch(fetch: Fetch, options: BulkheadOptions): Fetch {
  const bulkhead = createBulkhead(options);
  return (input, init) =>
    bulkhead.run(async () => {
      const response = await fetch(input, init);
      const body = await response.arrayBuffer();
      const { status, statusText, headers } = response;
      return new Response(hasNoBody.includes(status) ? null : body, { status, statusText, headers });
    }, init?.signal);
}
