import { createApplications, type Applications } from './applications.ts';
import { createClock, type SandboxClock } from './clock.ts';
import { createFaults, type Faults } from './faults.ts';
import { createJournal, type Journal } from './journal.ts';
import { createWitness, type Witness } from './witness.ts';

/** What every stand-in is given: one clock, one list of faults, one journal, and where to keep its state. */
export interface SandboxContext {
  readonly clock: SandboxClock;
  readonly faults: Faults;
  readonly journal: Journal;
  readonly witness: Witness;
  /** Who can be killed or frozen by a fault. */
  readonly applications: Applications;
  /** The folder for state on disk; `undefined` keeps it in memory (tests). */
  readonly directory: string | undefined;
}

/** `witnessDirectory` is where exchanges are written down for the vendors' documents; a test run names it in WITNESS_DIR. */
export function createSandboxContext(
  options: { directory?: string; clockOffsetMs?: number; witnessDirectory?: string } = {},
): SandboxContext {
  return {
    clock: createClock(options.clockOffsetMs),
    faults: createFaults(),
    journal: createJournal(),
    witness: createWitness(options.witnessDirectory ?? process.env['WITNESS_DIR']),
    applications: createApplications(),
    directory: options.directory,
  };
}
