import type { Ids } from '../../../shared/ports/clock.ts';

/** Ids that count, and chance that is always the least. */
export function createFakeIds(): Ids {
  let count = 0;
  const next = () => (count += 1);
  return {
    random: () => next().toString(16).padStart(32, '0'),
    secret: (bytes) => Buffer.alloc(bytes, next()).toString('base64url'),
    number: () => 0,
  };
}
