/** A limit that is let go with the work it limits. */
export interface TimeLimit {
  readonly signal: AbortSignal;
  end(): void;
}

/**
 * Aborts with any of the signals, or with a `TimeoutError` once the time is over. `AbortSignal.timeout` would keep all that
 * listens to it until its time is over, however soon the work is done: minutes of turns, at the pace of a crowd.
 */
export function limitTime(timeoutMs: number, ...signals: readonly (AbortSignal | undefined)[]): TimeLimit {
  const limit = new AbortController();
  const timer = setTimeout(() => limit.abort(new DOMException('The time was up', 'TimeoutError')), timeoutMs).unref();
  const given = signals.filter((signal) => signal !== undefined);
  const abort = ({ target }: Pick<Event, 'target'>) => limit.abort((target as AbortSignal).reason);
  for (const signal of given) {
    if (signal.aborted) abort({ target: signal });
    else signal.addEventListener('abort', abort, { once: true });
  }
  return {
    signal: limit.signal,
    end() {
      clearTimeout(timer);
      for (const signal of given) signal.removeEventListener('abort', abort);
    },
  };
}

/** Does the work under a limit of its own, and lets go of it when the work is done. */
export async function withTimeLimit<T>(
  [timeoutMs, ...signals]: readonly [number, ...(AbortSignal | undefined)[]],
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const limit = limitTime(timeoutMs, ...signals);
  try {
    return await work(limit.signal);
  } finally {
    limit.end();
  }
}
