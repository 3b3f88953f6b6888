import type { DatabaseSync } from 'node:sqlite';
import type { SandboxContext } from '../kit/context.ts';
import { openDatabase } from '../kit/database.ts';
import type { JsonObject } from './json.ts';

export interface DatabaseRow {
  readonly number: number;
  readonly id: string;
  readonly createdAt: number;
}

export interface ContainerRow {
  readonly number: number;
  readonly databaseNumber: number;
  readonly id: string;
  readonly createdAt: number;
  /** As it was posted: partition key, TTL, indexing policy. */
  readonly definition: JsonObject;
  readonly lsn: number;
}

export interface StoredDocument {
  /** JSON text of the partition key's components. */
  readonly partition: string;
  readonly id: string;
  /** Grows with each creation in a container: the order of documents without ORDER BY. */
  readonly sequence: number;
  readonly writtenAt: number;
  /** With its system properties; never changed in place. */
  readonly body: JsonObject;
  readonly bytes: number;
}

export interface Change {
  readonly partition: string;
  readonly id: string;
  /** Undefined: deleted. */
  readonly document: StoredDocument | undefined;
}

/** The durable copy. Reads are served from memory; a write is here before it is answered. */
export interface Store {
  databases(): DatabaseRow[];
  addDatabase(id: string, createdAt: number): DatabaseRow;
  removeDatabase(number: number): void;
  containers(): ContainerRow[];
  addContainer(row: Omit<ContainerRow, 'number' | 'lsn'>): ContainerRow;
  redefineContainer(number: number, definition: JsonObject): void;
  removeContainer(number: number): void;
  documents(container: number): StoredDocument[];
  /** One transaction: all of it or nothing. */
  commit(container: number, lsn: number, changes: readonly Change[]): void;
  close(): void;
}

const schema = `
  CREATE TABLE IF NOT EXISTS databases (number INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT NOT NULL UNIQUE, created_at INTEGER NOT NULL);
  CREATE TABLE IF NOT EXISTS containers (number INTEGER PRIMARY KEY AUTOINCREMENT, database_number INTEGER NOT NULL, id TEXT NOT NULL,
    created_at INTEGER NOT NULL, definition TEXT NOT NULL, lsn INTEGER NOT NULL DEFAULT 0, UNIQUE (database_number, id));
  CREATE TABLE IF NOT EXISTS documents (container INTEGER NOT NULL, partition TEXT NOT NULL, id TEXT NOT NULL,
    sequence INTEGER NOT NULL, written_at INTEGER NOT NULL, body TEXT NOT NULL, PRIMARY KEY (container, partition, id)) WITHOUT ROWID;
`;

export function openStore(context: SandboxContext): Store {
  const database = openDatabase(context, 'cosmos');
  database.exec(schema);
  return { ...definitions(database), ...contents(database), close: () => database.close() };
}

function definitions(database: DatabaseSync) {
  const all = (sql: string) => database.prepare(sql).all();
  const run = (sql: string, ...values: (string | number)[]) => database.prepare(sql).run(...values);
  const databases = () =>
    all('SELECT number, id, created_at AS createdAt FROM databases ORDER BY number') as unknown as DatabaseRow[];
  const containers = () =>
    all(
      'SELECT number, database_number AS databaseNumber, id, created_at AS createdAt, definition, lsn FROM containers ORDER BY number',
    ).map((row) => ({ ...row, definition: JSON.parse(row.definition as string) as JsonObject }) as unknown as ContainerRow);
  const removeContainer = (number: number) => {
    run('DELETE FROM documents WHERE container = ?', number);
    run('DELETE FROM containers WHERE number = ?', number);
  };
  return {
    databases,
    addDatabase(id: string, createdAt: number): DatabaseRow {
      const { lastInsertRowid } = run('INSERT INTO databases (id, created_at) VALUES (?, ?)', id, createdAt);
      return { number: Number(lastInsertRowid), id, createdAt };
    },
    removeDatabase(number: number) {
      for (const container of containers()) if (container.databaseNumber === number) removeContainer(container.number);
      run('DELETE FROM databases WHERE number = ?', number);
    },
    containers,
    addContainer(row: Omit<ContainerRow, 'number' | 'lsn'>): ContainerRow {
      const sql = 'INSERT INTO containers (database_number, id, created_at, definition) VALUES (?, ?, ?, ?)';
      const { lastInsertRowid } = run(sql, row.databaseNumber, row.id, row.createdAt, JSON.stringify(row.definition));
      return { ...row, number: Number(lastInsertRowid), lsn: 0 };
    },
    redefineContainer: (number: number, definition: JsonObject) =>
      void run('UPDATE containers SET definition = ? WHERE number = ?', JSON.stringify(definition), number),
    removeContainer,
  };
}

function contents(database: DatabaseSync) {
  const begin = database.prepare('BEGIN');
  const commit = database.prepare('COMMIT');
  const rollback = database.prepare('ROLLBACK');
  const count = database.prepare('UPDATE containers SET lsn = ? WHERE number = ?');
  const put = database.prepare('INSERT OR REPLACE INTO documents VALUES (?, ?, ?, ?, ?, ?)');
  const remove = database.prepare('DELETE FROM documents WHERE container = ? AND partition = ? AND id = ?');
  const select = database.prepare(
    'SELECT partition, id, sequence, written_at AS writtenAt, body FROM documents WHERE container = ? ORDER BY sequence',
  );

  const write = (container: number, { partition, id, document }: Change) => {
    if (!document) remove.run(container, partition, id);
    else put.run(container, partition, id, document.sequence, document.writtenAt, JSON.stringify(document.body));
  };

  return {
    documents: (container: number): StoredDocument[] =>
      select.all(container).map((row) => {
        const text = row.body as string;
        return { ...row, body: JSON.parse(text) as JsonObject, bytes: Buffer.byteLength(text) } as unknown as StoredDocument;
      }),
    commit(container: number, lsn: number, changes: readonly Change[]) {
      begin.run();
      try {
        for (const change of changes) write(container, change);
        count.run(lsn, container);
        commit.run();
      } catch (error) {
        rollback.run();
        throw error;
      }
    },
  };
}
