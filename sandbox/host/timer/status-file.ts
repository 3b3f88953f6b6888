import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';

/** What the real host keeps as a blob for each timer; times in milliseconds since 1970, `lastMs` 0 where it never ran. */
export interface TimerStatus {
  readonly lastMs: number;
  readonly nextMs: number;
  readonly updatedMs: number;
}

export interface StatusStore {
  read(name: string): TimerStatus | undefined;
  write(name: string, status: TimerStatus): void;
}

const StatusFile = z.object({ Last: z.iso.datetime(), Next: z.iso.datetime(), LastUpdated: z.iso.datetime() });

/** One JSON file a timer in `directory`; in memory without one. */
export function createStatusStore(directory: string | undefined): StatusStore {
  if (directory === undefined) {
    const statuses = new Map<string, TimerStatus>();
    return { read: (name) => statuses.get(name), write: (name, status) => void statuses.set(name, status) };
  }
  const folder = join(directory, 'timers');
  mkdirSync(folder, { recursive: true });
  const pathOf = (name: string) => join(folder, `${encodeURIComponent(name)}.json`);
  return {
    read(name) {
      const parsed = StatusFile.safeParse(readJson(pathOf(name)));
      if (!parsed.success) return undefined;
      const { Last, Next, LastUpdated } = parsed.data;
      return { lastMs: Date.parse(Last), nextMs: Date.parse(Next), updatedMs: Date.parse(LastUpdated) };
    },
    write(name, status) {
      const written = { Last: iso(status.lastMs), Next: iso(status.nextMs), LastUpdated: iso(status.updatedMs) };
      // A kill in the middle of a write must leave the old file.
      const unfinished = `${pathOf(name)}.${process.pid}`;
      writeFileSync(unfinished, JSON.stringify(written));
      renameSync(unfinished, pathOf(name));
    },
  };
}

function readJson(path: string): unknown {
  try {
    return JSON.parse(readFileSync(path, 'utf8'));
  } catch {
    return undefined;
  }
}

function iso(milliseconds: number): string {
  return new Date(milliseconds).toISOString();
}
