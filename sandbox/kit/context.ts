import { createClock, type SandboxClock } from './clock.ts';
import { createFaults, type Faults } from './faults.ts';
import { createJournal, type Journal } from './journal.ts';

/** What every stand-in is given: one clock, one list of faults, one journal, and where to keep its state. */
export interface SandboxContext {
  readonly clock: SandboxClock;
  readonly faults: Faults;
  readonly journal: Journal;
  /** The folder for state on disk; `undefined` keeps it in memory (tests). */
  readonly directory: string | undefined;
}

export function createSandboxContext(options: { directory?: string; clockOffsetMs?: number } = {}): SandboxContext {
  return {
    clock: createClock(options.clockOffsetMs),
    faults: createFaults(),
    journal: createJournal(),
    directory: options.directory,
  };
}
