import type { BaseCheckpointSaver } from '@langchain/langgraph-checkpoint';
import { PostgresSaver } from '@langchain/langgraph-checkpoint-postgres';
import { AppError } from '../../core/errors.ts';
import { createPool, type PoolOptions } from './pool.ts';
import { SealedSaver, type ThreadKey } from './sealed-saver.ts';
import { translated } from './translate-error.ts';

export type { ThreadKey } from './sealed-saver.ts';

export type CheckpointerOptions = Omit<PoolOptions, 'statementTimeoutMs'> & { readonly statementTimeoutMs?: number };

/** The checkpoints of turns under way; all threads of a process share one pool. Failures are `upstream` or `timeout`. */
export interface Checkpointers {
  /** The saver of one turn, whose values only this key opens: `not-found` with another. */
  checkpointerFor(key: ThreadKey): BaseCheckpointSaver;
  /** Creates or migrates the tables; instances that start together take turns. */
  setup(): Promise<void>;
  deleteThread(threadId: string): Promise<void>;
  /** Deletes threads, at most `limit`, that nothing was stored in since then; answers how many. */
  deleteThreadsBefore(instant: Date, limit: number): Promise<number>;
  ping(signal?: AbortSignal): Promise<void>;
  /** The pool's connections: all of them, those that nobody uses, and how many statements wait for one. */
  connections(): Readonly<Record<'total' | 'idle' | 'waiting', number>>;
  close(): Promise<void>;
}

const defaultStatementTimeoutMs = 10_000;
const setupTimeoutMs = 60_000; // waiting for another instance's set-up included
const setupLock = 738_201_446; // any number, ours alone in this database

export function createCheckpointers(options: CheckpointerOptions): Checkpointers {
  const pool = createPool({ statementTimeoutMs: defaultStatementTimeoutMs, ...options });
  // Deleting and setting up read no value.
  const keyless = new PostgresSaver(pool);

  return {
    checkpointerFor: (key) => new SealedSaver(pool, key),
    setup: () => translated('set up its tables', () => setUp(options)),
    deleteThread: (threadId) => translated('delete a thread', () => keyless.deleteThread(threadId)),
    deleteThreadsBefore: (instant, limit) =>
      translated('delete old threads', async () => {
        const { rows } = await pool.query<{ thread_id: string }>(
          "SELECT thread_id FROM checkpoints GROUP BY thread_id HAVING max(checkpoint->>'ts') < $1 LIMIT $2",
          [instant.toISOString(), limit],
        );
        for (const { thread_id } of rows) await keyless.deleteThread(thread_id);
        return rows.length;
      }),
    ping: (signal) =>
      translated('answer a ping', () => Promise.race([pool.query('SELECT 1'), aborted(signal)]).then(() => undefined)),
    connections: () => ({ total: pool.totalCount, idle: pool.idleCount, waiting: pool.waitingCount }),
    close: () => pool.end(),
  };
}

/**
 * The saver's own set-up takes no lock, and two at once fail in each other's tables. So it runs in one transaction that
 * holds one: a pool of a single connection gives the saver the connection that the transaction was begun on.
 */
async function setUp(options: CheckpointerOptions): Promise<void> {
  const pool = createPool({ ...options, maxConnections: 1, statementTimeoutMs: setupTimeoutMs });
  try {
    await pool.query('BEGIN');
    await pool.query('SELECT pg_advisory_xact_lock($1)', [setupLock]);
    // The saver looks for its version here, and not to find the table would fail the transaction.
    await pool.query('CREATE TABLE IF NOT EXISTS checkpoint_migrations (v INTEGER PRIMARY KEY)');
    await new PostgresSaver(pool).setup();
    await pool.query('COMMIT');
  } finally {
    await pool.end(); // what is not committed is rolled back with its connection
  }
}

function aborted(signal?: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    const stop = () => reject(new AppError('timeout', 'Postgres did not answer a ping in time', { vendor: 'postgres' }));
    if (signal?.aborted) stop();
    else signal?.addEventListener('abort', stop, { once: true });
  });
}
