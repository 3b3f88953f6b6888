import { setTimeout as sleep } from 'node:timers/promises';
import type { RetryContext, RetryOptions } from '../core/types.ts';

/**
 * Runs `attempt` until it succeeds or the function's retry policy is used up (-1 is for ever); of the triggers played,
 * timers alone have such policies. The last error is thrown.
 */
export async function withRetries<T>(
  { retry, signal }: { retry: RetryOptions | undefined; signal: AbortSignal },
  attempt: (context?: RetryContext) => Promise<T>,
): Promise<T> {
  const maxRetryCount = retry?.maxRetryCount ?? 0;
  let exception: RetryContext['exception'];
  for (let retryCount = 0; ; retryCount += 1) {
    try {
      return await attempt(retryCount === 0 || !exception ? undefined : { retryCount, maxRetryCount, exception });
    } catch (error) {
      if (!retry || (maxRetryCount !== -1 && retryCount >= maxRetryCount) || signal.aborted) throw error;
      exception = toException(error);
      await sleep(delayMs(retry, retryCount), undefined, { signal });
    }
  }
}

function delayMs(retry: RetryOptions, retryCount: number): number {
  if (retry.retryStrategy === 'fixedDelay') return (retry.delayInterval?.seconds ?? 0) * 1_000;
  const minimum = retry.minimumInterval?.seconds ?? 0;
  const maximum = retry.maximumInterval?.seconds ?? minimum;
  return Math.min(minimum * 2 ** retryCount, maximum) * 1_000;
}

function toException(error: unknown): NonNullable<RetryContext['exception']> {
  const { message, stack = '' } = error instanceof Error ? error : new Error(String(error));
  return { message, source: '', stackTrace: stack };
}
