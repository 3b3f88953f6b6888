import type { Clock } from '../../../shared/ports/clock.ts';

export interface FakeClock extends Clock {
  /** Moves time on and lets everything that slept until then go on. */
  advance(milliseconds: number): void;
  set(now: number): void;
}

/** Time that stands still until it is told to move. */
export function createFakeClock(startMs = Date.UTC(2026, 10, 21, 9, 30)): FakeClock {
  let now = startMs;
  const sleepers = new Set<{ at: number; wake: () => void }>();
  const wakeUp = () => {
    for (const sleeper of [...sleepers].filter(({ at }) => at <= now).sort((a, b) => a.at - b.at)) {
      sleepers.delete(sleeper);
      sleeper.wake();
    }
  };
  return {
    now: () => now,
    sleep: (delayMs, signal) =>
      new Promise((resolve, reject) => {
        if (signal?.aborted) {
          reject(signal.reason as Error);
          return;
        }
        const sleeper = { at: now + delayMs, wake: resolve };
        sleepers.add(sleeper);
        signal?.addEventListener('abort', () => {
          sleepers.delete(sleeper);
          reject(signal.reason as Error);
        });
        if (delayMs <= 0) wakeUp();
      }),
    advance(milliseconds) {
      now += milliseconds;
      wakeUp();
    },
    set(to) {
      now = to;
      wakeUp();
    },
  };
}

/** The same time, whose sleepers do not wait. */
export function impatient(clock: Clock): Clock {
  return { now: clock.now, sleep: () => Promise.resolve() };
}
