import type { Pause, PauseState } from '../../../shared/ports/pause.ts';

export interface FakePause extends Pause {
  /** How often it was read. */
  reads(): number;
  /** The next reads fail with this; undefined lets them through again. */
  failWith(error: Error | undefined): void;
}

/** The pause in memory: each key changes it once. */
export function createFakePause(): FakePause {
  const known = new Map<string, boolean>();
  let state: PauseState = { paused: false, by: undefined, at: undefined };
  let failure: Error | undefined;
  let reads = 0;
  return {
    reads: () => reads,
    failWith(error) {
      failure = error;
    },
    load() {
      reads += 1;
      return failure ? Promise.reject(failure) : Promise.resolve(state);
    },
    async change({ paused, by, at, key }) {
      await Promise.resolve();
      const earlier = known.get(key);
      if (earlier !== undefined) return { state, changed: earlier };
      const changed = state.paused !== paused;
      if (changed) state = { paused, by, at };
      known.set(key, changed);
      return { state, changed };
    },
  };
}
