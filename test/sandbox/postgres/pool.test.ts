import { Annotation, StateGraph, START, END, interrupt, Command } from '@langchain/langgraph';
import { PostgresSaver } from '@langchain/langgraph-checkpoint-postgres';
import type { Socket } from 'node:net';
import pg from 'pg';
import { afterAll, beforeAll, expect } from 'vitest';
import { postgresForTests, type TestPostgres } from '../../support/postgres.ts';
import { verifies } from '../../verifies.ts';

let postgres: TestPostgres;
let pool: pg.Pool;

beforeAll(async () => {
  postgres = await postgresForTests();
  pool = new pg.Pool({ connectionString: postgres.url, max: 5 });
  await pool.query('CREATE TABLE accounts (id int PRIMARY KEY, balance int NOT NULL CHECK (balance >= 0))');
  await new PostgresSaver(pool).setup();
});

afterAll(async () => {
  await pool.end();
  await postgres.close();
});

async function inTransaction<T>(run: (client: pg.PoolClient) => Promise<T>): Promise<T> {
  const client = await pool.connect();
  try {
    await client.query('BEGIN');
    const result = await run(client);
    await client.query('COMMIT');
    return result;
  } catch (error) {
    await client.query('ROLLBACK');
    throw error;
  } finally {
    client.release();
  }
}

const sqlState = (error: unknown) => (error as { code?: string }).code;

verifies('postgres:pool', 'parallel transactions move money and lose none', async () => {
  await pool.query('INSERT INTO accounts SELECT n, 100 FROM generate_series(1, 10) n');
  const move = (from: number, to: number, amount: number) =>
    inTransaction(async (client) => {
      const rows = await client.query<{ id: number; balance: number }>(
        'SELECT id, balance FROM accounts WHERE id = ANY($1) ORDER BY id FOR UPDATE',
        [[from, to]],
      );
      const balanceOf = (id: number) => rows.rows.find((row) => row.id === id)?.balance ?? 0;
      await client.query('UPDATE accounts SET balance = $2 WHERE id = $1', [to, balanceOf(to) + amount]);
      await client.query('UPDATE accounts SET balance = $2 WHERE id = $1', [from, balanceOf(from) - amount]);
    });

  const moves = Array.from({ length: 60 }, (_, n) => move((n % 10) + 1, ((n * 7 + 3) % 10) + 1, n % 6 === 0 ? 1_000 : 5));
  const outcomes = await Promise.allSettled(moves);

  const total = await pool.query<{ sum: string }>('SELECT sum(balance) FROM accounts');
  const failures = outcomes.filter((outcome) => outcome.status === 'rejected');
  expect(total.rows[0]?.sum).toBe('1000');
  expect(failures.length).toBeGreaterThan(0);
  expect(failures.map(({ reason }) => sqlState(reason)).filter((code) => code !== '23514')).toEqual([]); // CHECK
});

verifies('postgres:pool', 'failing parameterised queries leave their connections in step', async () => {
  const answers = await Promise.all(
    Array.from({ length: 100 }, (_, n) =>
      pool.query<{ n: number }>(n % 2 === 0 ? 'SELECT $1::int AS n' : 'SELECT 1 / ($1::int - $1::int) AS n', [n]).then(
        ({ rows }) => rows[0]?.n,
        (error: unknown) => sqlState(error),
      ),
    ),
  );

  expect(answers).toEqual(Array.from({ length: 100 }, (_, n) => (n % 2 === 0 ? n : '22012')));
});

verifies('postgres:pool', 'an error fails its transaction alone, until it is rolled back', async () => {
  const client = await pool.connect();

  await client.query('BEGIN');
  const failed = await client.query('SELECT 1 / $1::int', [0]).catch(sqlState);
  const aborted = await client.query('SELECT $1::int', [1]).catch(sqlState);
  await client.query('ROLLBACK');
  const { rows } = await client.query('SELECT $1::int AS n', [1]);
  client.release();

  expect([failed, aborted, rows]).toEqual(['22012', '25P02', [{ n: 1 }]]);
});

verifies('postgres:pool', 'connections prepare statements of one name', async () => {
  const named = (n: number) => pool.query<{ n: number }>({ name: 'twice', text: 'SELECT 2 * $1::int AS n', values: [n] });

  const answers = await Promise.all(Array.from({ length: 30 }, (_, n) => named(n)));

  expect(answers.map(({ rows }) => rows[0]?.n)).toEqual(Array.from({ length: 30 }, (_, n) => 2 * n));
});

verifies('postgres:pool', 'large values pass', async () => {
  const text = 'ä'.repeat(3_000_000);

  const { rows } = await pool.query<{ text: string }>('SELECT $1::text AS text', [text]);

  expect(rows[0]?.text === text).toBe(true);
});

const State = Annotation.Root({
  asked: Annotation<string>,
  answer: Annotation<string>,
  log: Annotation<string[]>({ reducer: (before, more) => [...before, ...more], default: () => [] }),
});

function createGraph(checkpointer: PostgresSaver) {
  return new StateGraph(State)
    .addNode('ask', () => ({ log: ['ask'] }))
    .addNode('wait', ({ asked }) => ({ answer: interrupt<string, { said: string }>(`sure, ${asked}?`).said, log: ['wait'] }))
    .addEdge(START, 'ask')
    .addEdge('ask', 'wait')
    .addEdge('wait', END)
    .compile({ checkpointer });
}

verifies('postgres:checkpointer', 'twenty threads are interrupted and resumed in parallel', async () => {
  const threads = Array.from({ length: 20 }, (_, n) => ({ configurable: { thread_id: `parallel-${n}` } }));
  const start = (thread: (typeof threads)[0]) =>
    createGraph(new PostgresSaver(pool)).invoke({ asked: thread.configurable.thread_id }, thread);
  const resume = (thread: (typeof threads)[0]) =>
    createGraph(new PostgresSaver(pool)).invoke(new Command({ resume: { said: 'yes' } }), thread);

  await Promise.all(threads.map(start));
  const ended = await Promise.all(threads.map(resume));

  expect(ended.map(({ asked, answer, log }) => ({ asked, answer, log }))).toEqual(
    threads.map(({ configurable }) => ({ asked: configurable.thread_id, answer: 'yes', log: ['ask', 'wait'] })),
  );
});

verifies('postgres:checkpointer', 'checkpoints are got, listed newest first, and deleted by thread', async () => {
  const saver = new PostgresSaver(pool);
  const thread = { configurable: { thread_id: 'listed' } };
  await createGraph(saver).invoke({ asked: 'x' }, thread);

  const latest = await saver.getTuple(thread);
  const listed = [];
  for await (const tuple of saver.list(thread)) listed.push(tuple);
  await saver.deleteThread('listed');
  const left = await pool.query(
    `SELECT 1 FROM checkpoints WHERE thread_id = $1 UNION ALL SELECT 1 FROM checkpoint_blobs WHERE thread_id = $1
     UNION ALL SELECT 1 FROM checkpoint_writes WHERE thread_id = $1`,
    ['listed'],
  );

  expect(latest?.checkpoint.channel_values).toMatchObject({ asked: 'x', log: ['ask'] });
  expect(listed.length).toBeGreaterThan(1);
  expect(listed[0]?.checkpoint.id).toBe(latest?.checkpoint.id);
  expect([left.rowCount, await saver.getTuple(thread)]).toEqual([0, undefined]);
});

verifies('postgres:killed-client', 'its transaction is rolled back and the others go on', async () => {
  await pool.query('INSERT INTO accounts VALUES (50, 1)');
  const client = new pg.Client({ connectionString: postgres.url });
  client.on('error', () => undefined);
  await client.connect();
  await client.query('BEGIN');
  await client.query('UPDATE accounts SET balance = $1 WHERE id = 50', [999]);
  const waiting = pool.query('UPDATE accounts SET balance = balance + 1 WHERE id = 50 RETURNING balance');

  // Its socket, cut as by a kill: `end` would say goodbye.
  (client as unknown as { connection: { stream: Socket } }).connection.stream.destroy();
  const { rows } = await waiting;

  expect(rows).toEqual([{ balance: 2 }]);
});

verifies('postgres:killed-client', 'its settings, temporary tables and prepared statements go with it', async () => {
  const client = new pg.Client({ connectionString: postgres.url });
  await client.connect();
  await client.query("SET application_name = 'gone'");
  await client.query('CREATE TEMP TABLE scratch (id int)');
  await client.query({ name: 'mine', text: 'SELECT $1::int', values: [1] });

  await client.end();
  const { rows } = await pool.query(
    `SELECT current_setting('application_name') AS name, to_regclass('scratch') AS scratch,
            (SELECT count(*)::int FROM pg_prepared_statements WHERE name LIKE '%mine') AS prepared`,
  );

  expect(rows).toEqual([{ name: '', scratch: null, prepared: 0 }]);
});
