import pg from 'pg';

export interface PoolOptions {
  /** `postgresql://user@host/database`, with `?sslmode=verify-full` on Azure. */
  readonly databaseUrl: string;
  readonly maxConnections: number;
  readonly statementTimeoutMs: number;
  /** Asked for each new connection, in place of the password in the URL: an Entra token lives an hour. */
  readonly password?: () => Promise<string>;
}

// The server ends a statement first; the client's own limit is for a server that has gone silent.
const silenceMs = 1_000;

export function createPool({ databaseUrl, maxConnections, statementTimeoutMs, password }: PoolOptions): pg.Pool {
  const pool = new pg.Pool({
    ...(password ? { ...parseUrl(databaseUrl), password } : { connectionString: databaseUrl }),
    max: maxConnections,
    application_name: 'adjutant',
    connectionTimeoutMillis: statementTimeoutMs,
    statement_timeout: statementTimeoutMs,
    query_timeout: statementTimeoutMs + silenceMs,
    keepAlive: true,
    allowExitOnIdle: true,
  });
  pool.on('error', () => undefined); // an idle connection was lost; the pool makes a new one when it needs it
  pool.on('connect', discardWhenBroken);
  return pool;
}

/** pg lets the password of a `connectionString`, even an empty one, win over a function. */
function parseUrl(databaseUrl: string) {
  const { user, host, port, database, ssl } = new pg.Client({ connectionString: databaseUrl });
  return { user, host, port, database, ssl };
}

/**
 * Makes a connection fit for those who take it from the pool, work, and give it back whatever happened (the saver): one
 * that breaks while it is taken must not end the process, and one whose query timed out still waits for that answer and
 * would let everybody after it wait too.
 */
function discardWhenBroken(client: pg.PoolClient): void {
  client.on('error', () => undefined); // its query is rejected too, and the pool drops it when it comes back
  const query = client.query.bind(client) as (...parameters: unknown[]) => unknown;
  let silence: Error | undefined;
  const watched = (...parameters: unknown[]) => {
    if (silence) return Promise.reject(silence); // the ROLLBACK of a caller that was told
    const result = query(...parameters);
    if (result instanceof Promise) result.catch(giveUpOnSilence);
    return result;
  };
  const giveUpOnSilence = (error: unknown) => {
    if (!isSilence(error)) return;
    silence = error;
    void client.end();
  };
  client.query = watched as typeof client.query; // the same calls and answers
}

const isSilence = (error: unknown): error is Error => error instanceof Error && error.message === 'Query read timeout';
