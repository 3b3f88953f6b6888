import { randomBytes } from 'node:crypto';
import pg from 'pg';
import { createSandboxContext } from '../../sandbox/kit/context.ts';
import { createPostgres } from '../../sandbox/postgres/postgres.ts';

export interface TestPostgres {
  readonly url: string;
  close(): Promise<void>;
}

/**
 * A database of one's own: on the server of `DATABASE_URL` where that is set (its user must have the right CREATEDB),
 * else a stand-in. The stand-in takes 3 s to start and half a gigabyte: share one in a file, from `beforeAll`.
 */
export async function postgresForTests(databaseUrl = process.env.DATABASE_URL): Promise<TestPostgres> {
  if (databaseUrl !== undefined && databaseUrl !== '') return createDatabase(databaseUrl);
  const context = createSandboxContext();
  const { url, close } = await createPostgres(context);
  return { url, close };
}

async function createDatabase(serverUrl: string): Promise<TestPostgres> {
  const name = `adjutant_test_${randomBytes(8).toString('hex')}`;
  // template0: nobody can be connected to it, so that files that start together do not meet in a 55006
  await onServer(serverUrl, `CREATE DATABASE ${name} TEMPLATE template0`);
  const url = new URL(serverUrl);
  url.pathname = `/${name}`;
  // Without FORCE the server waits 5 s for connections that are closing; a test that leaves one open fails here.
  return { url: url.href, close: () => onServer(serverUrl, `DROP DATABASE ${name}`) };
}

async function onServer(serverUrl: string, sql: string): Promise<void> {
  const client = new pg.Client({ connectionString: serverUrl });
  await client.connect();
  try {
    await client.query(sql);
  } finally {
    await client.end();
  }
}
