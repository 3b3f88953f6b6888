import { createBulkhead, type BulkheadOptions } from '../core/bulkhead.ts';
import { AppError, type Vendor } from '../core/errors.ts';
import { readBounded } from '../core/read-bounded.ts';

type Fetch = typeof globalThis.fetch;

const hasNoBody = [101, 103, 204, 205, 304];

// Far beyond what a vendor tells us: a page of events or an answer of the model has a few hundred kilobytes.
const maxAnswerBytes = 16 * 1024 * 1024;

/**
 * A `fetch` with so many requests to its vendor at once. A slot is held until the whole answer was read, so that one
 * that hangs in the middle of its body takes no second one. It follows nobody elsewhere, with our keys in hand.
 * @throws {AppError} `busy` as `Bulkhead`; `upstream` where an answer is longer than anything we ask for.
 */
export function limitFetch(fetch: Fetch, options: BulkheadOptions): Fetch {
  const bulkhead = createBulkhead(options);
  return (input, init) =>
    bulkhead.run(async () => {
      const response = await fetch(input, { ...init, redirect: 'error' });
      const body = await readWhole(response, options.vendor);
      const { status, statusText, headers } = response;
      return new Response(hasNoBody.includes(status) ? null : body, { status, statusText, headers });
    }, init?.signal);
}

async function readWhole(response: Response, vendor: Vendor): Promise<Uint8Array<ArrayBuffer>> {
  const body = await readBounded(response, maxAnswerBytes);
  if (body) return body;
  await response.body?.cancel();
  throw new AppError('upstream', `${vendor} answers with more than can be read`, { vendor, maybeDone: true });
}
