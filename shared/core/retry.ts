/** Waits for `delayMs`, or rejects with the signal's reason as soon as it is aborted. */
export function sleep(delayMs: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    if (signal?.aborted) {
      reject(asError(signal.reason));
      return;
    }
    const onAbort = () => {
      clearTimeout(timer);
      reject(asError(signal?.reason));
    };
    const timer = setTimeout(() => {
      signal?.removeEventListener('abort', onAbort);
      resolve();
    }, delayMs);
    signal?.addEventListener('abort', onAbort, { once: true });
  });
}

/** `baseMs` doubled for each attempt before, at most `maxMs`, less up to half of it by `random` (0 to 1). */
export function backoffMs(attempt: number, options: { baseMs: number; maxMs: number; random: number }): number {
  const full = Math.min(options.maxMs, options.baseMs * 2 ** attempt);
  return Math.round(full * (1 - options.random / 2));
}

function asError(reason: unknown): Error {
  return reason instanceof Error ? reason : new Error('aborted', { cause: reason });
}
