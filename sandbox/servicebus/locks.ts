import { randomBytes } from 'node:crypto';
import type { SandboxClock } from '../kit/clock.ts';
import { nothingDescribed, type Described } from './message.ts';
import type { StoredRow } from './store.ts';

/** A message in somebody's hands, under its token (16 bytes as hex, in the order of a delivery tag). */
export interface Lock {
  readonly token: string;
  readonly row: StoredRow;
  readonly described: Described;
  until: number;
}

export interface Locks {
  add(lock: Omit<Lock, 'token'>): Lock;
  /** The lock, if it still holds. */
  find(token: string): Lock | undefined;
  remove(token: string): Lock | undefined;
  extend(lock: Lock, until: number): void;
  /** What was in the message of this token, even if the lock is lost: for the journal. */
  describe(token: string): Described;
  stop(): void;
}

const maxLostKept = 1_000;

/** Locks live in memory only: no lock survives a restart. `onLost` is called when one runs out. */
export function createLocks(clock: SandboxClock, onLost: (lock: Lock) => void): Locks {
  const held = new Map<string, Lock>();
  const gone = new Map<string, Described>();
  let alarm: { at: number; cancel(): void } | undefined;

  const remove = (token: string) => {
    const lock = held.get(token);
    if (!lock) return undefined;
    held.delete(token);
    gone.set(token, lock.described);
    if (gone.size > maxLostKept) gone.delete(gone.keys().next().value ?? '');
    return lock;
  };

  // One alarm for all: most locks are gone long before they would run out.
  const arm = (at: number) => {
    if (alarm && alarm.at <= at) return;
    alarm?.cancel();
    alarm = { at, ...clock.after(Math.max(0, at - clock.now()), expire) };
  };

  const expire = () => {
    alarm = undefined;
    const now = clock.now();
    let earliest = Infinity;
    for (const lock of held.values()) {
      if (lock.until > now) earliest = Math.min(earliest, lock.until);
      else if (remove(lock.token)) onLost(lock);
    }
    if (earliest !== Infinity) arm(earliest);
  };

  return {
    add(details) {
      const lock: Lock = { ...details, token: randomToken() };
      held.set(lock.token, lock);
      arm(lock.until);
      return lock;
    },
    find(token) {
      const lock = held.get(token);
      return lock && lock.until > clock.now() ? lock : undefined;
    },
    remove,
    extend(lock, until) {
      lock.until = until;
    },
    describe: (token) => held.get(token)?.described ?? gone.get(token) ?? nothingDescribed,
    stop: () => alarm?.cancel(),
  };
}

/** A random UUID (version 4) as the bytes of a .NET Guid, which is how a delivery tag carries it. */
function randomToken(): string {
  const bytes = randomBytes(16);
  bytes[7] = ((bytes[7] ?? 0) & 0x0f) | 0x40;
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80;
  return bytes.toString('hex');
}

const guidOrder = [3, 2, 1, 0, 5, 4, 7, 6, 8, 9, 10, 11, 12, 13, 14, 15];

/** Turns the bytes of a .NET Guid into those of the UUID as written, and back. */
export const swapGuid = (bytes: Buffer): Buffer => Buffer.from(guidOrder.map((index) => bytes[index] ?? 0));
