import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Fault } from './faults.ts';

/** The connection that a request came over, by its two ports. */
export interface Asker {
  readonly clientPort: number | undefined;
  readonly serverPort: number | undefined;
}

/** The running applications, as faults strike them from outside: nothing in an application knows of it. */
export interface Applications {
  /** One more; `pid` is asked anew each time, for it is started again. */
  add(pid: () => number | undefined): void;
  /**
   * Plays what a `kill-…` or `freeze-…` fault does to whoever asked: `delayMs` later it is killed, or frozen for
   * `freezeMs`. Those caught meanwhile are struck by the same blow. Resolves when it is dead, or goes on.
   * @returns false where no application asked, or another one is under a blow: there is always one that goes on.
   */
  strike(fault: Fault, asker: Asker): Promise<boolean>;
  /** Whether the application of that number, counted from 1, asked. */
  isOf(application: number, asker: Asker): boolean;
  /** The faults that struck so far. */
  struck(): readonly Fault[];
}

export const strikes = ({ effect }: Fault): boolean => effect.startsWith('kill-') || effect.startsWith('freeze-');

const usualFreezeMs = 10_000;

export function createApplications(): Applications {
  const known: (() => number | undefined)[] = [];
  const blows = new Map<number, Promise<void>>();
  const struck: Fault[] = [];
  return {
    add: (pid) => void known.push(pid),
    async strike(fault, asker) {
      const pids = known.map((pid) => pid()).filter((pid) => pid !== undefined);
      const [only, ...more] = pids;
      const pid = more.length === 0 ? only : ownerOf(asker, pids);
      if (pid === undefined || (blows.size > 0 && !blows.has(pid))) return false;
      struck.push(fault);
      const blow = blows.get(pid) ?? strikeOnce(fault, pid).finally(() => blows.delete(pid));
      blows.set(pid, blow);
      await blow;
      return true;
    },
    isOf(application, asker) {
      const pid = known[application - 1]?.();
      return pid !== undefined && (known.length === 1 || ownerOf(asker, [pid]) === pid);
    },
    struck: () => [...struck],
  };
}

async function strikeOnce({ effect, delayMs = 0, freezeMs = usualFreezeMs }: Fault, pid: number): Promise<void> {
  if (delayMs > 0) await sleep(delayMs);
  if (effect.startsWith('kill-')) {
    signal(pid, 'SIGKILL');
    return;
  }
  if (!signal(pid, 'SIGSTOP')) return;
  await sleep(freezeMs);
  signal(pid, 'SIGCONT');
}

function signal(pid: number, name: NodeJS.Signals): boolean {
  try {
    return process.kill(pid, name);
  } catch {
    return false; // it is gone already
  }
}

/** Which of the processes holds the client's end: told by Linux alone; elsewhere only one application can be struck. */
function ownerOf({ clientPort, serverPort }: Asker, pids: readonly number[]): number | undefined {
  if (clientPort === undefined || serverPort === undefined) return undefined;
  const link = inodesOf(clientPort, serverPort).map((inode) => `socket:[${inode}]`);
  return pids.find((pid) => openFiles(pid).some((file) => link.includes(file)));
}

function inodesOf(clientPort: number, serverPort: number): string[] {
  const hex = (port: number) => port.toString(16).toUpperCase().padStart(4, '0');
  return ['/proc/net/tcp', '/proc/net/tcp6'].flatMap((table) =>
    linesOf(table).flatMap((line) => {
      const [, local = '', remote = '', , , , , , , inode = '0'] = line.trim().split(/\s+/);
      const isIt = local.endsWith(`:${hex(clientPort)}`) && remote.endsWith(`:${hex(serverPort)}`);
      return isIt && inode !== '0' ? [inode] : [];
    }),
  );
}

function linesOf(path: string): string[] {
  try {
    return readFileSync(path, 'utf8').split('\n');
  } catch {
    return [];
  }
}

function openFiles(pid: number): string[] {
  try {
    return readdirSync(`/proc/${pid}/fd`).map((name) => linkOf(`/proc/${pid}/fd/${name}`));
  } catch {
    return [];
  }
}

function linkOf(path: string): string {
  try {
    return readlinkSync(path);
  } catch {
    return ''; // closed meanwhile
  }
}
