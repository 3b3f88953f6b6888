import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { afterAll, beforeAll, expect, onTestFinished } from 'vitest';
import { createSandboxContext } from '../../../sandbox/kit/context.ts';
import { createPostgres } from '../../../sandbox/postgres/postgres.ts';
import { verifies } from '../../verifies.ts';

// Shared, since to create a database anew takes 3 s.
let directory: string;

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'adjutant-postgres-'));
});
afterAll(() => rm(directory, { recursive: true, force: true }));

async function start() {
  const postgres = await createPostgres(createSandboxContext({ directory }));
  onTestFinished(() => postgres.close());
  const query = async (sql: string) => {
    const client = new pg.Client({ connectionString: postgres.url });
    await client.connect();
    const { rows } = await client.query<{ text: string }>(sql);
    await client.end();
    return rows.map(({ text }) => text);
  };
  return { ...postgres, query };
}

async function serverPid(): Promise<number> {
  return Number(await readFile(join(directory, 'postgres.pid'), 'utf8'));
}

const isAlive = (pid: number): boolean => {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
};

verifies('postgres:durable', 'what was committed outlives a stop and a kill; a second process is refused', async () => {
  const first = await start();
  await first.query('CREATE TABLE kept (text text)');
  await first.query("INSERT INTO kept VALUES ('stopped')");

  const refused = await createPostgres(createSandboxContext({ directory })).catch((error: unknown) => String(error));
  await first.close();
  const second = await start();
  await second.query("INSERT INTO kept VALUES ('killed')");
  process.kill(await serverPid(), 'SIGKILL');
  const third = await start();
  const kept = await third.query('SELECT text FROM kept ORDER BY text');

  expect(refused).toContain(`the folder ${directory} is in use by process`);
  expect(kept).toEqual(['killed', 'stopped']);
});

/** A process that starts the stand-in and then only waits. */
function startParent(): ChildProcess {
  const child = fork(join(import.meta.dirname, 'parent-process.ts'), [directory], { execArgv: [] });
  onTestFinished(() => void child.kill('SIGKILL'));
  return child;
}

verifies('postgres:durable', 'the child ends with the process that started it', async () => {
  const parent = startParent();
  await once(parent, 'message');
  const pid = await serverPid();
  const wasAlive = isAlive(pid);

  parent.kill('SIGKILL');

  expect(wasAlive).toBe(true);
  await expect.poll(() => isAlive(pid), { timeout: 5_000, interval: 20 }).toBe(false);
});
