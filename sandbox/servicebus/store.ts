import type { DatabaseSync, SQLOutputValue } from 'node:sqlite';
import type { SandboxContext } from '../kit/context.ts';
import { openDatabase } from '../kit/database.ts';
import type { StoredMessage } from './message.ts';

/** A queue, or its dead-letter sub-queue. */
export interface Entity {
  /** The queue's name, lower case: names do not tell cases apart. */
  readonly queue: string;
  readonly dead: boolean;
}

export const messageState = { active: 0, deferred: 1, scheduled: 2 } as const;

export interface StoredRow extends StoredMessage, Entity {
  readonly sequence: number;
  readonly state: number;
  readonly deliveryCount: number;
  readonly enqueuedAt: number;
  /** When a scheduled message becomes active. */
  readonly dueAt: number | null;
}

export interface NewRow extends StoredMessage {
  readonly queue: string;
  readonly now: number;
  readonly dueAt: number | undefined;
}

export type Store = ReturnType<typeof openStore>;

const schema = `
  CREATE TABLE IF NOT EXISTS messages (
    sequence INTEGER PRIMARY KEY AUTOINCREMENT,
    queue TEXT NOT NULL, dead INTEGER NOT NULL DEFAULT 0, state INTEGER NOT NULL, locked INTEGER NOT NULL DEFAULT 0,
    delivery_count INTEGER NOT NULL DEFAULT 0, enqueued_at INTEGER NOT NULL, due_at INTEGER, expires_at INTEGER, ttl INTEGER,
    annotations BLOB, content BLOB NOT NULL
  );
  CREATE INDEX IF NOT EXISTS ready ON messages (queue, dead, state, locked, sequence);
  CREATE INDEX IF NOT EXISTS due ON messages (due_at) WHERE state = 2;
  CREATE INDEX IF NOT EXISTS expiring ON messages (expires_at) WHERE expires_at IS NOT NULL;`;

const columns = 'sequence, queue, dead, state, delivery_count, enqueued_at, due_at, ttl, annotations, content';

/** The messages on disk. What is locked is marked there too, so that a restart counts the deliveries it broke off. */
export function openStore(context: Pick<SandboxContext, 'directory'>) {
  const database = openDatabase(context, 'servicebus');
  database.exec(schema);
  return {
    ...openQueueing(database),
    ...openLooking(database),
    /** Runs `work` in one transaction: all of a batch, or nothing. */
    atomically<T>(work: () => T): T {
      database.exec('BEGIN');
      try {
        const result = work();
        database.exec('COMMIT');
        return result;
      } catch (error) {
        database.exec('ROLLBACK');
        throw error;
      }
    },
    close: () => database.close(),
  };
}

/** What moves a message on. */
function openQueueing(database: DatabaseSync) {
  const insert = database.prepare(
    'INSERT INTO messages (queue, state, enqueued_at, due_at, expires_at, ttl, annotations, content) VALUES (?, ?, ?, ?, ?, ?, ?, ?)',
  );
  const next =
    'SELECT sequence FROM messages WHERE queue = ? AND dead = ? AND state = 0 AND locked = 0 ORDER BY sequence LIMIT ?';
  const lock = database.prepare(`UPDATE messages SET locked = 1 WHERE sequence IN (${next}) RETURNING ${columns}`);
  const take = database.prepare(`DELETE FROM messages WHERE sequence IN (${next}) RETURNING ${columns}`);
  const lockOne = database.prepare(
    `UPDATE messages SET locked = 1 WHERE sequence = ? AND queue = ? AND dead = ? AND state = 1 AND locked = 0 RETURNING ${columns}`,
  );
  const unlock = database.prepare(
    'UPDATE messages SET locked = 0, state = ?, dead = ?, delivery_count = ?, content = ? WHERE sequence = ?',
  );
  const remove = database.prepare('DELETE FROM messages WHERE sequence = ?');
  const cancel = database.prepare('DELETE FROM messages WHERE sequence = ? AND queue = ? AND state = 2');
  const expire = database.prepare(
    'DELETE FROM messages WHERE expires_at <= ? AND dead = 0 AND locked = 0 AND state <> 2 RETURNING sequence',
  );
  // A scheduled message joins the queue's end at its time, under a new number.
  const activate = database.prepare(
    `INSERT INTO messages (queue, state, delivery_count, enqueued_at, expires_at, ttl, annotations, content)
     SELECT queue, 0, delivery_count, ?1, CASE WHEN ttl IS NULL THEN NULL ELSE ?1 + ttl END, ttl, annotations, content
     FROM messages WHERE state = 2 AND due_at <= ?1 ORDER BY due_at, sequence`,
  );
  const removeDue = database.prepare('DELETE FROM messages WHERE state = 2 AND due_at <= ?');
  const rows = (found: Record<string, SQLOutputValue>[]) => found.map(toRow).sort((a, b) => a.sequence - b.sequence);

  return {
    /** @returns its sequence number. */
    insert({ queue, now, dueAt, timeToLiveMs, annotations, content }: NewRow): number {
      const scheduled = dueAt !== undefined;
      const expiresAt = timeToLiveMs === null || scheduled ? null : now + timeToLiveMs;
      const state = scheduled ? messageState.scheduled : messageState.active;
      const result = insert.run(queue, state, now, dueAt ?? null, expiresAt, timeToLiveMs, annotations, content);
      return Number(result.lastInsertRowid);
    },
    lockNext: ({ queue, dead }: Entity, count: number) => rows(lock.all(queue, Number(dead), count)),
    takeNext: ({ queue, dead }: Entity, count: number) => rows(take.all(queue, Number(dead), count)),
    lockDeferred: ({ queue, dead }: Entity, sequence: number) => rows(lockOne.all(sequence, queue, Number(dead)))[0],
    unlock: (row: StoredRow) => void unlock.run(row.state, Number(row.dead), row.deliveryCount, row.content, row.sequence),
    remove: (sequence: number) => void remove.run(sequence),
    cancel: (queue: string, sequence: number) => cancel.run(sequence, queue).changes > 0,
    removeExpired: (now: number) => void expire.all(now),
    /** @returns whether any message became active; to be run atomically. */
    activateDue: (now: number) => activate.run(now).changes > 0 && removeDue.run(now).changes > 0,
  };
}

/** What only looks. */
function openLooking(database: DatabaseSync) {
  const locked = database.prepare(`SELECT ${columns} FROM messages WHERE locked = 1 ORDER BY sequence`);
  const get = database.prepare(`SELECT ${columns} FROM messages WHERE sequence = ?`);
  const peek = database.prepare(
    `SELECT ${columns} FROM messages WHERE queue = ? AND dead = ? AND sequence >= ? ORDER BY sequence LIMIT ?`,
  );
  const nextDue = database.prepare('SELECT min(due_at) AS due_at FROM messages WHERE state = 2');
  const count = database.prepare(
    'SELECT queue, dead, state, count(*) AS count FROM messages WHERE state <> 1 GROUP BY queue, dead, state',
  );
  const active = database.prepare('SELECT 1 FROM messages WHERE queue = ? AND dead = 0 AND state = 0 LIMIT 1');
  return {
    locked: () => locked.all().map(toRow),
    get(sequence: number) {
      const row = get.get(sequence);
      return row && toRow(row);
    },
    peek: ({ queue, dead }: Entity, from: number, limit: number) => peek.all(queue, Number(dead), from, limit).map(toRow),
    nextDueAt: () => nextDue.get()?.['due_at'] as number | null,
    counts: () =>
      count.all().map((row) => ({
        queue: String(row['queue']),
        dead: row['dead'] === 1,
        state: Number(row['state']),
        count: Number(row['count']),
      })),
    hasActive: (queue: string) => active.get(queue) !== undefined,
  };
}

function toRow(row: Record<string, SQLOutputValue>): StoredRow {
  const annotations = row['annotations'];
  return {
    sequence: Number(row['sequence']),
    queue: String(row['queue']),
    dead: row['dead'] === 1,
    state: Number(row['state']),
    deliveryCount: Number(row['delivery_count']),
    enqueuedAt: Number(row['enqueued_at']),
    dueAt: row['due_at'] as number | null,
    timeToLiveMs: row['ttl'] as number | null,
    annotations: annotations instanceof Uint8Array ? asBuffer(annotations) : null,
    content: asBuffer(row['content'] as Uint8Array),
  };
}

const asBuffer = (bytes: Uint8Array) => Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
