import type { HostLog } from '../core/core.ts';
import type { RetryContext, TypedData } from '../core/types.ts';
import type { HostedFunction, Trigger } from '../functions.ts';
import type { Listener } from '../listener.ts';
import { withRetries } from './retry.ts';
import { parseSchedule } from './schedule.ts';
import type { StatusStore } from './status-file.ts';
import { isPastDue, toTimerData } from './timer-data.ts';

export type TimerTrigger = Extract<Trigger, { type: 'timer' }>;

export interface TimerOptions {
  readonly hosted: HostedFunction<TimerTrigger>;
  readonly invoke: (data: TypedData, retryContext?: RetryContext) => Promise<unknown>;
  readonly statuses: StatusStore;
  readonly log: HostLog;
}

const longestTimeoutMs = 2 ** 31 - 1;

/**
 * Runs a function by its schedule. Runs never overlap; what falls due meanwhile is left out. A run missed while the host
 * was down, or jumped over by the clock, is made up for once, as past due.
 */
export function createTimerListener(options: TimerOptions): Listener {
  const { hosted, statuses, log } = options;
  const { name, trigger } = hosted;
  const schedule = parseSchedule(trigger.schedule);
  const monitored = trigger.useMonitor && !schedule.frequent;
  const stopping = new AbortController();
  let nextMs = Infinity;
  let timer: NodeJS.Timeout | undefined;
  let running = false;
  let jumpedOver = false;

  const arm = () => {
    clearTimeout(timer);
    if (stopping.signal.aborted) return;
    nextMs = schedule.next(Date.now());
    wait();
  };
  const wait = () => {
    // Timers of Node may ring a little early, and take no more than 24 days.
    const ring = () => (Date.now() < nextMs ? wait() : void run(false));
    timer = setTimeout(ring, Math.min(Math.max(0, nextMs - Date.now()), longestTimeoutMs));
  };
  const run = async (pastDue: boolean): Promise<void> => {
    clearTimeout(timer);
    running = true;
    const lastMs = pastDue || nextMs === Infinity ? Date.now() : nextMs;
    const data = toTimerData(pastDue, monitored ? statuses.read(name) : undefined);
    await callWithRetries(options, data, stopping.signal);
    if (monitored) statuses.write(name, { lastMs, nextMs: schedule.next(lastMs), updatedMs: Date.now() });
    running = false;
    const again = jumpedOver && !stopping.signal.aborted;
    jumpedOver = false;
    if (again) await run(true);
    else arm();
  };

  return {
    start() {
      const pastDue = monitored && isPastDue({ name, schedule, statuses });
      if (pastDue || trigger.runOnStartup) {
        log('information', `${name} runs now: ${pastDue ? 'its last run was missed' : 'runOnStartup'}`);
        void run(pastDue);
      } else arm();
      return Promise.resolve();
    },
    stop() {
      stopping.abort();
      clearTimeout(timer);
      return Promise.resolve();
    },
    close: () => Promise.resolve(),
    clockMoved(fromMs) {
      if (stopping.signal.aborted) return;
      if (running) jumpedOver ||= schedule.next(fromMs) <= Date.now();
      else if (nextMs <= Date.now()) void run(true);
      else arm(); // It may have gone back, too.
    },
    busy: () => running,
  };
}

async function callWithRetries({ hosted, invoke }: TimerOptions, data: TypedData, signal: AbortSignal): Promise<void> {
  try {
    await withRetries({ retry: hosted.registered.metadata.retryOptions, signal }, (context) => invoke(data, context));
  } catch {
    // The invocation has logged it; the schedule goes on.
  }
}
