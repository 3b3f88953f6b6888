import { expect, vi } from 'vitest';
import { limitTime, withTimeLimit } from '../../shared/core/time-limit.ts';
import { verifies } from '../verifies.ts';

verifies('limits:time', 'a limit aborts once its time is over, or with any of its signals and for their reason', () => {
  vi.useFakeTimers();
  const lost = new AbortController();
  const [slow, stopped] = [limitTime(1_000), limitTime(1_000, undefined, lost.signal)];

  lost.abort(new Error('the lease is lost'));
  vi.advanceTimersByTime(1_000);
  vi.useRealTimers();

  expect(slow.signal.reason).toMatchObject({ name: 'TimeoutError' });
  expect(stopped.signal.reason).toMatchObject({ message: 'the lease is lost' });
  expect(limitTime(1_000, lost.signal).signal.aborted).toBe(true);
});

verifies('limits:time', 'work that is done keeps neither a timer nor a listener', async () => {
  vi.useFakeTimers();
  const lease = new AbortController();
  const removed = vi.spyOn(lease.signal, 'removeEventListener');

  const done = await withTimeLimit([240_000, lease.signal], () => Promise.resolve('done'));
  const failed = withTimeLimit([240_000, lease.signal], () => Promise.reject(new Error('failed')));

  await expect(failed).rejects.toThrow('failed');
  expect(done).toBe('done');
  expect(vi.getTimerCount()).toBe(0);
  expect(removed).toHaveBeenCalledTimes(2);
  vi.useRealTimers();
});
