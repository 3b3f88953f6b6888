import type { SandboxClock } from '../kit/clock.ts';

/** What is set to happen later on the sandbox's clock; it can be asked about and dropped as a whole. */
export interface Tasks {
  after(delayMs: number, task: () => void): { cancel(): void };
  sleep(delayMs: number): Promise<void>;
  /** Whether something is due within that time. */
  dueWithin(milliseconds: number): boolean;
  stop(): void;
}

export function createTasks(clock: SandboxClock): Tasks {
  const pending = new Map<{ cancel(): void }, number>();
  const after: Tasks['after'] = (delayMs, task) => {
    const alarm = clock.after(delayMs, () => {
      pending.delete(handle);
      task();
    });
    const handle = {
      cancel() {
        pending.delete(handle);
        alarm.cancel();
      },
    };
    pending.set(handle, clock.now() + delayMs);
    return handle;
  };
  return {
    after,
    sleep: (delayMs) =>
      delayMs <= 0
        ? Promise.resolve()
        : new Promise((resolve) => {
            after(delayMs, resolve);
          }),
    dueWithin: (milliseconds) => [...pending.values()].some((dueAt) => dueAt <= clock.now() + milliseconds),
    stop() {
      for (const handle of [...pending.keys()]) handle.cancel();
    },
  };
}
