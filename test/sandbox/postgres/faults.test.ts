import { once } from 'node:events';
import { connect } from 'node:net';
import pg from 'pg';
import { afterAll, afterEach, beforeAll, beforeEach, expect } from 'vitest';
import { createSandboxContext } from '../../../sandbox/kit/context.ts';
import { createPostgres, type Postgres } from '../../../sandbox/postgres/postgres.ts';
import { verifies } from '../../verifies.ts';

const context = createSandboxContext();
let postgres: Postgres;
let client: pg.Client;

beforeAll(async () => {
  postgres = await createPostgres(context);
});
afterAll(() => postgres.close());

beforeEach(async () => {
  client = new pg.Client({ connectionString: postgres.url });
  client.on('error', () => undefined);
  await client.connect();
  await client.query('DROP TABLE IF EXISTS notes; CREATE TABLE notes (text text)');
});
afterEach(async () => {
  context.faults.clear();
  await client.end();
});

const sqlState = (error: unknown) => (error as { code?: string }).code ?? String(error);
const connectWith = async (change: (url: URL) => void) => {
  const url = new URL(postgres.url);
  change(url);
  const other = new pg.Client({ connectionString: url.href });
  await other.connect().finally(() => void other.end());
};

verifies('postgres:faults', 'a batch is answered with the error asked for, once, and fails its transaction', async () => {
  context.faults.add({
    vendor: 'postgres',
    effect: 'answer',
    match: { body: 'INSERT' },
    body: { code: '40001', message: 'again' },
  });
  await client.query('BEGIN');

  const failed = await client.query("INSERT INTO notes VALUES ('x')").catch(sqlState);
  const aborted = await client.query('SELECT 1').catch(sqlState);
  await client.query('ROLLBACK');
  await client.query("INSERT INTO notes VALUES ('y')");

  expect([failed, aborted]).toEqual(['40001', '25P02']);
  expect((await client.query('SELECT text FROM notes')).rows).toEqual([{ text: 'y' }]);
});

verifies('postgres:faults', 'a connection is dropped before or after the work', async () => {
  const after = new pg.Client({ connectionString: postgres.url });
  after.on('error', () => undefined);
  await after.connect();
  context.faults.add({ vendor: 'postgres', effect: 'drop', match: { body: "'before'" } });
  context.faults.add({ vendor: 'postgres', effect: 'answer-after-doing', match: { body: "'after'" } });

  const outcomes = await Promise.allSettled([
    client.query("INSERT INTO notes VALUES ('before')"),
    after.query("INSERT INTO notes VALUES ('after')"),
  ]);

  client = new pg.Client({ connectionString: postgres.url });
  await client.connect();
  expect(outcomes.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
  expect((await client.query('SELECT text FROM notes')).rows).toEqual([{ text: 'after' }]);
});

verifies('postgres:faults', 'a hang ends in a dropped connection, a delay in an answer', async () => {
  context.faults.add({ vendor: 'postgres', effect: 'delay', match: { method: 'SELECT' }, delayMs: 150 });
  const startedAt = performance.now();
  const delayed = await client.query('SELECT 1 AS n');
  const tookMs = performance.now() - startedAt;
  context.faults.add({ vendor: 'postgres', effect: 'hang', match: { method: 'SELECT' }, delayMs: 50 });

  const hung = await client.query('SELECT 2').then(String, () => 'rejected');

  expect([delayed.rows, tookMs >= 149, hung]).toEqual([[{ n: 1 }], true, 'rejected']);
});

verifies('postgres:faults', 'connections are refused, and all cut at once', async () => {
  context.faults.add({ vendor: 'postgres', effect: 'answer', match: { method: 'CONNECT' } });
  const refused = await connectWith(() => undefined).catch(sqlState);

  const ended = new Promise((resolve) => client.once('end', resolve));
  postgres.dropConnections();
  await ended;

  expect(refused).toBe('53300');
});

verifies('postgres:faults', 'what is no fault of a database is refused in words', async () => {
  context.faults.add({ vendor: 'postgres', effect: 'duplicate' });

  await expect(client.query('SELECT 1')).rejects.toThrow("does not play the fault 'duplicate'");
});

verifies('postgres:journal', 'each batch stands in the journal with its SQL and its outcome', async () => {
  const entries = () => context.journal.entries('postgres').filter(({ body }) => body.includes('$1::int'));

  await client.query('SELECT $1::int', [1]);
  await client.query({ name: 'named', text: 'SELECT 1 / $1::int', values: [0] }).catch(() => undefined);
  await client.query({ name: 'named', text: 'SELECT 1 / $1::int', values: [1] });

  await expect.poll(() => entries().length).toBe(3);
  expect(entries()).toMatchObject([
    { method: 'SELECT', path: '/postgres', body: 'SELECT $1::int', status: 200 },
    { method: 'SELECT', body: 'SELECT 1 / $1::int', status: 500, response: '22012 division by zero' },
    { method: 'SELECT', body: 'SELECT 1 / $1::int', status: 200 },
  ]);
});

verifies('postgres:refuses', 'other passwords, users and databases', async () => {
  const refusals = [
    await connectWith((url) => (url.password = 'guess')).catch(sqlState),
    await connectWith((url) => (url.username = 'root')).catch(sqlState),
    await connectWith((url) => (url.pathname = '/other')).catch(sqlState),
  ];

  expect(refusals).toEqual(['28P01', '28P01', '3D000']);
});

verifies('postgres:refuses', 'what would kill or mislead the one session', async () => {
  const refusals = [
    await client.query('COPY notes FROM STDIN').catch(sqlState),
    await client.query('LISTEN news').catch(sqlState),
  ];

  expect(refusals).toEqual(['0A000', '0A000']);
  expect((await client.query('SELECT 1 AS n')).rows).toEqual([{ n: 1 }]);
});

verifies('postgres:refuses', 'bytes that are no protocol, and goes on serving', async () => {
  const noise = [Buffer.from('GET / HTTP/1.1\r\n\r\n'), Buffer.alloc(64, 0xff), Buffer.alloc(64), Buffer.from([0, 0, 0, 16])];
  const cancel = Buffer.from([0, 0, 0, 16, 4, 210, 22, 46, 0, 0, 0, 1, 0, 0, 0, 0]);

  await Promise.all(
    [...noise, cancel].map(async (bytes) => {
      const socket = connect(postgres.port, '127.0.0.1').resume();
      socket.end(bytes);
      await once(socket, 'close');
    }),
  );

  expect((await client.query('SELECT 1 AS n')).rows).toEqual([{ n: 1 }]);
});
