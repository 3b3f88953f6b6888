import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import type { SandboxContext } from './context.ts';

/**
 * The SQLite file of one stand-in (`<directory>/<name>.sqlite`), in memory where the context has no directory. What was
 * written survives a kill of the process: the operating system holds it; only a power cut could lose the last moments.
 */
export function openDatabase({ directory }: Pick<SandboxContext, 'directory'>, name: string): DatabaseSync {
  if (directory === undefined) return new DatabaseSync(':memory:');
  mkdirSync(directory, { recursive: true });
  const database = new DatabaseSync(join(directory, `${name}.sqlite`));
  database.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = OFF;');
  return database;
}

/** A persistent map of JSON values by key, in the order of first insertion. */
export interface Collection<T> {
  get(key: string): T | undefined;
  set(key: string, value: T): void;
  delete(key: string): boolean;
  values(): T[];
  entries(): [string, T][];
}

/** The table `name` of a database as a map; enough for a stand-in with thousands of small documents. */
export function openCollection<T>(database: DatabaseSync, name: string): Collection<T> {
  if (!/^[a-z_]+$/.test(name)) throw new TypeError(`'${name}' is no name for a collection: use a-z and _`);
  database.exec(`CREATE TABLE IF NOT EXISTS ${name} (key TEXT PRIMARY KEY, value TEXT NOT NULL)`);
  const select = database.prepare(`SELECT value FROM ${name} WHERE key = ?`);
  const upsert = database.prepare(`INSERT INTO ${name} VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value`);
  const remove = database.prepare(`DELETE FROM ${name} WHERE key = ?`);
  const all = database.prepare(`SELECT key, value FROM ${name} ORDER BY rowid`);
  const parse = (row: unknown) => JSON.parse((row as { value: string }).value) as T;
  const entries = () => all.all().map((row): [string, T] => [(row as { key: string }).key, parse(row)]);
  return {
    get(key) {
      const row = select.get(key);
      return row === undefined ? undefined : parse(row);
    },
    set: (key, value) => void upsert.run(key, JSON.stringify(value)),
    delete: (key) => remove.run(key).changes > 0,
    values: () => entries().map(([, value]) => value),
    entries,
  };
}
