import { Command, emptyCheckpoint } from '@langchain/langgraph';
import { PostgresSaver } from '@langchain/langgraph-checkpoint-postgres';
import pg from 'pg';
import { afterAll, beforeAll, expect } from 'vitest';
import { postgresForTests, type TestPostgres } from '../../support/postgres.ts';
import { verifies } from '../../verifies.ts';
import { connectCheckpointers, createAskingGraph, createThreadKey, thread, type Saver } from './support.ts';

let postgres: TestPostgres;
let pool: pg.Pool;

beforeAll(async () => {
  postgres = await postgresForTests();
  pool = new pg.Pool({ connectionString: postgres.url, max: 1 });
});
afterAll(async () => {
  await pool.end();
  await postgres.close();
});

verifies('postgres:set-up', 'instances that start together set up in turns, and again without harm', async () => {
  const instances = Array.from({ length: 6 }, () => connectCheckpointers(postgres.url, { maxConnections: 1 }));

  await Promise.all(instances.map(({ setup }) => setup()));
  await instances[0]?.setup();

  const { rows } = await pool.query<{ v: number }>('SELECT v FROM checkpoint_migrations ORDER BY v');
  expect(rows.map(({ v }) => v)).toEqual([0, 1, 2, 3, 4]);
});

verifies('postgres:sealed', 'a thread is resumed by another process that has its key', async () => {
  const key = createThreadKey();
  const before = connectCheckpointers(postgres.url);
  await createAskingGraph(before.checkpointerFor(key)).invoke({ asked: 'coffee' }, thread('resumed'));

  const after = connectCheckpointers(postgres.url);
  const ended = await createAskingGraph(after.checkpointerFor(key)).invoke(
    new Command({ resume: { said: 'yes' } }),
    thread('resumed'),
  );

  expect(ended.answer).toBe('coffee: yes');
  expect(new TextDecoder().decode(ended.seen)).toBe('coffee');
});

verifies('postgres:sealed', 'with another key a thread is not readable', async () => {
  const { checkpointerFor } = connectCheckpointers(postgres.url);
  await createAskingGraph(checkpointerFor(createThreadKey())).invoke({ asked: 'tea' }, thread('locked'));
  const stranger = checkpointerFor(createThreadKey());

  const outcomes = await Promise.allSettled([
    stranger.getTuple(thread('locked')),
    createAskingGraph(stranger).invoke(new Command({ resume: { said: 'yes' } }), thread('locked')),
  ]);

  const unreadable = { status: 'rejected', reason: { name: 'AppError', code: 'not-found' } };
  expect(outcomes).toMatchObject([unreadable, unreadable]);
});

verifies('postgres:sealed', 'a value that is not sealed is refused', async () => {
  const key = createThreadKey();
  const { checkpointerFor } = connectCheckpointers(postgres.url);
  await createAskingGraph(checkpointerFor(key)).invoke({ asked: 'tea' }, thread('forged'));
  await pool.query(
    `UPDATE checkpoint_blobs SET type = 'json', blob = '"poison"' WHERE thread_id = 'forged' AND channel = 'asked'`,
  );

  const read = checkpointerFor(key).getTuple(thread('forged'));

  await expect(read).rejects.toMatchObject({ code: 'not-found', message: 'A value in a checkpoint is not sealed' });
});

verifies('postgres:sealed', 'a value that is sealed and no value is as unreadable as one of another key', async () => {
  const key = createThreadKey();
  const { checkpointerFor } = connectCheckpointers(postgres.url);
  await createAskingGraph(checkpointerFor(key)).invoke({ asked: 'tea' }, thread('halved'));
  const half = key.encrypt(new TextEncoder().encode('{"asked":'));
  await pool.query(`UPDATE checkpoint_blobs SET blob = $1 WHERE thread_id = 'halved' AND channel = 'asked'`, [Buffer.from(half)]);

  const read = checkpointerFor(key).getTuple(thread('halved'));

  await expect(read).rejects.toMatchObject({ code: 'not-found', message: 'A checkpoint cannot be read' });
});

/** All that the database holds of a thread, as text. */
async function rowsOf(threadId: string): Promise<string> {
  const { rows } = await pool.query<{ row: string }>(
    `SELECT c::text AS row FROM checkpoints c WHERE thread_id = $1
     UNION ALL SELECT b::text || encode(blob, 'escape') FROM checkpoint_blobs b WHERE thread_id = $1
     UNION ALL SELECT w::text || encode(blob, 'escape') FROM checkpoint_writes w WHERE thread_id = $1`,
    [threadId],
  );
  return rows.map(({ row }) => row).join('\n');
}

/** Stores the word SECRET wherever a turn can store something; answers the last metadata and all rows. */
async function storeSecrets(saver: Saver, id: string) {
  await createAskingGraph(saver).invoke({ asked: 'SECRET state' }, thread(id));
  const tuple = await saver.getTuple(thread(id));
  const checkpoint = { ...emptyCheckpoint(), channel_versions: { more: 1 }, channel_values: { more: ['SECRET value'] } };
  const metadata = { source: 'update', step: 2, parents: {}, run_id: 'run', note: 'SECRET metadata' } as const;
  await saver.put(tuple?.config ?? {}, checkpoint, metadata, { more: 1 });
  await saver.putWrites(tuple?.config ?? {}, [['__error__', new Error('SECRET in an error')]], 'task');
  return { metadata: (await saver.getTuple(thread(id)))?.metadata, rows: await rowsOf(id) };
}

verifies('postgres:sealed', 'rows hold no text, where those of the plain saver do', async () => {
  const { checkpointerFor } = connectCheckpointers(postgres.url);

  const sealed = await storeSecrets(checkpointerFor(createThreadKey()), 'quiet');
  const plain = await storeSecrets(new PostgresSaver(pool), 'loud');

  expect(plain.rows.match(/SECRET (state|value|metadata|in an error)/g)?.length).toBeGreaterThan(3);
  expect(sealed.rows).toContain('quiet');
  expect(sealed.rows).not.toContain('SECRET');
  expect(sealed.rows).not.toContain(Buffer.from('SECRET').toString('hex'));
  expect(sealed.metadata).toEqual({ source: 'update', step: 2, parents: {}, run_id: 'run' });
});

verifies(
  'postgres:threads',
  "a checkpoint of an older version of the graph is not the newer one's, and stays when that goes",
  async () => {
    const key = createThreadKey();
    const { checkpointerFor, deleteThread } = connectCheckpointers(postgres.url);
    const saver = checkpointerFor(key);
    await createAskingGraph(saver).invoke({ asked: 'old' }, thread('turn-7:v1'));

    const found = await saver.getTuple(thread('turn-7:v11'));
    await createAskingGraph(saver).invoke({ asked: 'new' }, thread('turn-7:v11'));
    await deleteThread('turn-7:v11');

    expect(found).toBeUndefined();
    expect(await rowsOf('turn-7:v11')).toBe('');
    expect((await saver.getTuple(thread('turn-7:v1')))?.checkpoint.channel_values).toMatchObject({ asked: 'old' });
  },
);

verifies('postgres:threads', 'threads that nothing was stored in for long are deleted, so many at a time', async () => {
  const { checkpointerFor, deleteThreadsBefore } = connectCheckpointers(postgres.url);
  await pool.query('DELETE FROM checkpoints');
  const saver = checkpointerFor(createThreadKey());
  for (const id of ['stale-1', 'stale-2', 'stale-3']) await createAskingGraph(saver).invoke({ asked: id }, thread(id));
  const then = new Date();
  await createAskingGraph(saver).invoke({ asked: 'fresh' }, thread('fresh'));

  const counts = [await deleteThreadsBefore(then, 2), await deleteThreadsBefore(then, 2), await deleteThreadsBefore(then, 2)];

  const { rows } = await pool.query('SELECT DISTINCT thread_id FROM checkpoints');
  expect(counts).toEqual([2, 1, 0]);
  expect(rows).toEqual([{ thread_id: 'fresh' }]);
});

verifies('postgres:threads', 'twenty turns share a pool of two connections', async () => {
  const { checkpointerFor } = connectCheckpointers(postgres.url, { maxConnections: 2 });
  const turns = Array.from({ length: 20 }, (_, n) => ({
    graph: createAskingGraph(checkpointerFor(createThreadKey())),
    id: `shared-${n}`,
  }));

  await Promise.all(turns.map(({ graph, id }) => graph.invoke({ asked: id }, { ...thread(id), durability: 'exit' })));
  const ended = await Promise.all(
    turns.map(({ graph, id }) => graph.invoke(new Command({ resume: { said: 'ok' } }), thread(id))),
  );

  expect(ended.map(({ answer }) => answer)).toEqual(turns.map(({ id }) => `${id}: ok`));
});
