import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';

/**
 * Takes `<directory>/postgres.lock` for this process, or throws. PGlite takes no lock of its own, and two processes on
 * one folder corrupt it. The lock is the operating system's, held through an SQLite transaction: it goes with the
 * process, however that dies, and no process id of a dead one can be mistaken for a living one.
 */
export function lockFolder(directory: string): void {
  mkdirSync(directory, { recursive: true });
  const holderFile = join(directory, 'postgres.pid');
  // The wait is for a process that is just shutting down.
  const lock = new DatabaseSync(join(directory, 'postgres.lock'), { timeout: 1_500 });
  try {
    lock.exec('BEGIN EXCLUSIVE');
  } catch (cause) {
    lock.close();
    throw new Error(`the folder ${directory} is in use by process ${readHolder(holderFile)}`, { cause });
  }
  writeFileSync(holderFile, String(process.pid));
  heldForLife.push(lock); // a collected handle would let go of it
}

const heldForLife: DatabaseSync[] = [];

function readHolder(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '(unknown)';
  }
}
