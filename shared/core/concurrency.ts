import { AppError } from './errors.ts';

/** Lets at most `max` pieces of work run at once under each name; further ones are refused, not queued. */
export function createConcurrencyLimit(max: number): <T>(name: string, run: () => Promise<T>) => Promise<T> {
  const running = new Map<string, number>();
  return async (name, run) => {
    const count = running.get(name) ?? 0;
    if (count >= max) {
      throw new AppError('rate-limited', `Only ${max} calls may be under way at once: try again`, { retryAfterMs: 1_000 });
    }
    running.set(name, count + 1);
    try {
      return await run();
    } finally {
      const left = (running.get(name) ?? 1) - 1;
      if (left > 0) running.set(name, left);
      else running.delete(name);
    }
  };
}
