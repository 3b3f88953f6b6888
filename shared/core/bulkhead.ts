import { AppError, type Vendor } from './errors.ts';

/** So many calls at once to one vendor, and no more: where it hangs, the others have their workers left. */
export interface Bulkhead {
  /**
   * Runs once a slot is free.
   * @throws {AppError} `busy` where none was free in time, or the signal's reason where the caller gave up first; `run`
   * was not called then, so nothing was done. A process that stood still meanwhile is no excuse: whoever looked at the
   * clock before the call begins at most `waitMs` after that look, or not at all.
   */
  run<T>(run: () => Promise<T>, signal?: AbortSignal | null): Promise<T>;
}

export interface BulkheadOptions {
  readonly vendor: Vendor;
  readonly slots: number;
  /** How long a call waits for a slot, in milliseconds: briefly, because whoever waits is a worker that others need. */
  readonly waitMs: number;
}

// Who found no slot comes back after about this.
const againMs = 3_000;

export function createBulkhead({ vendor, slots, waitMs }: BulkheadOptions): Bulkhead {
  let taken = 0;
  /** Each takes the slot it is handed, and answers whether it could still use it. */
  const waiting: (() => boolean)[] = [];
  const leave = () => {
    // A slot is handed on, so that nobody who comes later takes it from who waits.
    for (let next = waiting.shift(); next; next = waiting.shift()) if (next()) return;
    taken -= 1;
  };
  const busy = () => new AppError('busy', `${vendor} has no slot free`, { vendor, retryAfterMs: againMs });
  const enter = (signal: AbortSignal | null | undefined) => {
    signal?.throwIfAborted();
    if (taken < slots) {
      taken += 1;
      return Promise.resolve();
    }
    const since = Date.now();
    return new Promise<void>((resolve, reject) => {
      const stopWaiting = () => {
        clearTimeout(timer);
        signal?.removeEventListener('abort', giveUp);
      };
      const give = () => {
        stopWaiting();
        // After a standstill what came over the network is heard before the timer is.
        const isInTime = Date.now() - since <= waitMs;
        if (isInTime) resolve();
        else reject(busy());
        return isInTime;
      };
      const leaveQueue = (reason: Error) => {
        stopWaiting();
        waiting.splice(waiting.indexOf(give), 1);
        reject(reason);
      };
      const giveUp = () => leaveQueue(signal?.reason as Error);
      const timer = setTimeout(() => leaveQueue(busy()), waitMs);
      waiting.push(give);
      signal?.addEventListener('abort', giveUp, { once: true });
    });
  };
  return {
    async run(run, signal) {
      await enter(signal);
      try {
        return await run();
      } finally {
        leave();
      }
    },
  };
}
