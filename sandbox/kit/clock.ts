/**
 * The one clock of the sandbox: real time plus what somebody advanced it by. Stand-ins read time and set their timers
 * here, so that `POST /sandbox/clock` moves locks, schedules, expiries and acks at once.
 */
export interface SandboxClock {
  /** Milliseconds since 1970, as `Date.now()`. */
  now(): number;
  /** Runs `task` once when the clock has moved on by `delayMs`; advancing the clock past it runs it at once. */
  after(delayMs: number, task: () => void): { cancel(): void };
  advance(milliseconds: number): void;
  /** How far the clock is ahead of real time, in milliseconds. */
  offsetMs(): number;
  /** Drops all that was set with `after`. */
  stop(): void;
}

interface Alarm {
  readonly dueAt: number;
  readonly task: () => void;
}

// setTimeout takes at most 2^31-1 ms; a longer wait is looked at again then.
const longestTimeoutMs = 2 ** 31 - 1;

export function createClock(initialOffsetMs = 0): SandboxClock {
  let offset = initialOffsetMs;
  const alarms = new Set<Alarm>();
  let timer: NodeJS.Timeout | undefined;

  const now = () => Date.now() + offset;

  const ring = () => {
    for (const alarm of [...alarms].filter(({ dueAt }) => dueAt <= now()).sort((a, b) => a.dueAt - b.dueAt)) {
      if (alarms.delete(alarm)) alarm.task();
    }
    arm();
  };

  const arm = () => {
    clearTimeout(timer);
    if (alarms.size === 0) return;
    const next = Math.min(...[...alarms].map(({ dueAt }) => dueAt));
    timer = setTimeout(ring, Math.min(Math.max(0, next - now()), longestTimeoutMs));
  };

  return {
    now,
    after(delayMs, task) {
      const alarm = { dueAt: now() + delayMs, task };
      alarms.add(alarm);
      arm();
      return { cancel: () => void alarms.delete(alarm) };
    },
    advance(milliseconds) {
      offset += milliseconds;
      ring();
    },
    offsetMs: () => offset,
    stop() {
      alarms.clear();
      clearTimeout(timer);
    },
  };
}
