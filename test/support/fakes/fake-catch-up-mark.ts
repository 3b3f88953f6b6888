import type { CatchUpMark } from '../../../shared/ports/catch-up-mark.ts';

export interface FakeCatchUpMark extends CatchUpMark {
  readonly at: () => number | undefined;
}

export function createFakeCatchUpMark(initial?: number): FakeCatchUpMark {
  let at = initial;
  return {
    at: () => at,
    load: () => Promise.resolve(at),
    save(next) {
      at = next;
      return Promise.resolve();
    },
  };
}
