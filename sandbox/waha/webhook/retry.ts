import type { Settings } from '../options.ts';

/** How long until the `attempt`th repeat (from 1): the policy's delay, or Retry-After where that is longer. */
export function retryDelayMs(
  retries: Settings['webhook']['retries'],
  attempt: number,
  after: { retryAfter: string | undefined; now: number },
): number {
  const delayMs = retries.delaySeconds * 1_000;
  const asked = parseRetryAfter(after.retryAfter, after.now);
  switch (retries.policy) {
    case 'constant':
      return Math.max(delayMs, asked);
    case 'linear':
      return Math.max(attempt * delayMs, asked);
    case 'exponential': {
      const longest = Math.max(2 ** attempt * delayMs, asked);
      return longest + longest * 0.2 * Math.random();
    }
  }
}

/** Seconds or a date, in milliseconds from now. */
function parseRetryAfter(header: string | undefined, now: number): number {
  if (header === undefined) return 0;
  const seconds = Number(header);
  const milliseconds = Number.isNaN(seconds) ? Date.parse(header) - now : seconds * 1_000;
  return Number.isNaN(milliseconds) ? 0 : Math.max(0, milliseconds);
}
