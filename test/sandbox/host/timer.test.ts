import { afterEach, beforeEach, expect, vi } from 'vitest';
import type { RetryContext, RetryOptions } from '../../../sandbox/host/core/types.ts';
import { createTimerListener } from '../../../sandbox/host/timer/listener.ts';
import { parseSchedule } from '../../../sandbox/host/timer/schedule.ts';
import { createStatusStore } from '../../../sandbox/host/timer/status-file.ts';
import { withRetries } from '../../../sandbox/host/timer/retry.ts';
import { verifies } from '../../verifies.ts';

beforeEach(() => {
  vi.useFakeTimers({ now: Date.parse('2030-01-01T00:00:30Z'), toFake: ['Date', 'setTimeout', 'clearTimeout'] });
});
afterEach(() => {
  vi.useRealTimers();
});

const at = (expression: string, from: string) => new Date(parseSchedule(expression).next(Date.parse(from))).toISOString();

verifies('host:timer-schedule', 'NCRONTAB of six fields, or five', () => {
  expect(at('0 30 9 * * 1-5', '2030-01-04T10:00:00Z')).toBe('2030-01-07T09:30:00.000Z');
  expect(at('*/15 * * * * *', '2030-01-01T00:00:15Z')).toBe('2030-01-01T00:00:30.000Z');
  expect(at('0 0 0 1 Jan,Jul *', '2030-01-01T00:00:00Z')).toBe('2030-07-01T00:00:00.000Z');
  expect(at('5 4 * * *', '2030-01-01T00:00:00Z')).toBe('2030-01-01T04:05:00.000Z');
  expect(at('0 30 1 * * *', '2030-03-31T00:00:00Z')).toBe('2030-03-31T01:30:00.000Z');
  for (const wrong of ['@daily', '* * *', '0 0 0 L * *', '60 * * * * *', 'H * * * * *'])
    expect(() => parseSchedule(wrong), wrong).toThrow();
});

verifies('host:timer-schedule', 'schedules within a minute are not recorded', () => {
  expect(parseSchedule('*/30 * * * * *').frequent).toBe(true);
  expect(parseSchedule('0 * * * * *').frequent).toBe(false);
});

function timerOf(invoke: () => Promise<unknown>) {
  const registered = { metadata: { name: 'timer', bindings: {} }, callback: () => undefined };
  const trigger = { type: 'timer', schedule: '0 * * * * *', runOnStartup: false, useMonitor: true } as const;
  return createTimerListener({
    hosted: { name: 'timer', bindingName: 'b', trigger, registered, disabled: false },
    invoke,
    statuses: createStatusStore(undefined),
    log: () => undefined,
  });
}

verifies('host:timer-schedule', 'runs never overlap; what falls due meanwhile is left out', async () => {
  const started: string[] = [];
  const timer = timerOf(async () => {
    started.push(new Date().toISOString().slice(11, 19));
    await new Promise((resolve) => setTimeout(resolve, 150_000));
  });
  await timer.start();

  await vi.advanceTimersByTimeAsync(5.5 * 60_000);
  await timer.stop();

  expect(started).toEqual(['00:01:00', '00:04:00']);
});

verifies('host:timer-schedule', 'a clock that jumps during a run starts no second one beside it, but one after it', async () => {
  const events: string[] = [];
  const timer = timerOf(async () => {
    events.push('started');
    await new Promise((resolve) => setTimeout(resolve, 10_000));
    events.push('ended');
  });
  await timer.start();
  await vi.advanceTimersByTimeAsync(31_000);

  const fromMs = Date.now();
  vi.setSystemTime(fromMs + 3_600_000);
  timer.clockMoved(fromMs);
  await vi.advanceTimersByTimeAsync(20_000);
  await timer.stop();

  expect(events).toEqual(['started', 'ended', 'started', 'ended']);
});

verifies('host:timer-schedule', 'a run that fails does not stop the schedule', async () => {
  let runs = 0;
  const timer = timerOf(() => Promise.reject(new Error(`run ${(runs += 1)}`)));
  await timer.start();

  await vi.advanceTimersByTimeAsync(3 * 60_000);
  await timer.stop();
  await vi.advanceTimersByTimeAsync(3 * 60_000);

  expect(runs).toBe(3);
});

verifies('host:timer-retries', 'a retry policy of a timer runs it again, and tells so', async () => {
  vi.useRealTimers();
  const contexts: (RetryContext | undefined)[] = [];
  const retry: RetryOptions = { retryStrategy: 'fixedDelay', maxRetryCount: 2, delayInterval: { seconds: 0 } };
  const attempt = (context?: RetryContext) => {
    contexts.push(context);
    return Promise.reject(new Error(`attempt ${contexts.length}`));
  };

  const failed = withRetries({ retry, signal: new AbortController().signal }, attempt);

  await expect(failed).rejects.toThrow('attempt 3');
  expect(contexts.map((context) => [context?.retryCount, context?.exception?.message])).toEqual([
    [undefined, undefined],
    [1, 'attempt 1'],
    [2, 'attempt 2'],
  ]);
});
