import { createServer, type AddressInfo } from 'node:net';
import { afterAll, beforeAll, expect, onTestFinished } from 'vitest';
import { createMessageReader, errorResponse, int32, message, readCStrings } from '../../../sandbox/postgres/wire.ts';
import { AppError } from '../../../shared/core/errors.ts';
import { postgresForTests, type TestPostgres } from '../../support/postgres.ts';
import { verifies } from '../../verifies.ts';
import { createRelay } from './relay.ts';
import { connectCheckpointers, createAskingGraph, createThreadKey, thread } from './support.ts';

let postgres: TestPostgres;

beforeAll(async () => {
  postgres = await postgresForTests();
});
afterAll(() => postgres.close());

async function connectThroughRelay(options: { maxConnections?: number; statementTimeoutMs?: number } = {}) {
  const relay = await createRelay(postgres.url);
  onTestFinished(() => relay.close());
  const checkpointers = connectCheckpointers(relay.url, options);
  await checkpointers.setup();
  return { relay, checkpointers, saver: checkpointers.checkpointerFor(createThreadKey()) };
}

verifies('postgres:failures', 'a database that cannot be reached is `upstream`, and usable again when it returns', async () => {
  const { relay, checkpointers, saver } = await connectThroughRelay();
  await createAskingGraph(saver).invoke({ asked: 'x' }, thread('cut'));
  relay.cut('refusing');

  const outcomes = await Promise.allSettled([
    saver.getTuple(thread('cut')),
    createAskingGraph(saver).invoke({ asked: 'x' }, thread('cut')),
    saver.list(thread('cut')).next(),
    checkpointers.deleteThread('cut'),
    checkpointers.setup(),
    checkpointers.ping(),
  ]);
  relay.mend();

  const upstream = { status: 'rejected', reason: { name: 'AppError', code: 'upstream', vendor: 'postgres', retryable: true } };
  expect(outcomes).toMatchObject(outcomes.map(() => upstream));
  expect((await saver.getTuple(thread('cut')))?.checkpoint.channel_values).toMatchObject({ asked: 'x' });
});

verifies('postgres:failures', 'a connection cut in the middle of a store fails that store alone', async () => {
  const { relay, saver } = await connectThroughRelay({ maxConnections: 1 });
  await saver.getTuple(thread('cut-while-busy')); // the pool is connected

  const stored = createAskingGraph(saver).invoke({ asked: 'x' }, thread('cut-while-busy'));
  const cutting = setInterval(() => relay.cut(), 1);
  const outcome = await stored.catch((error: unknown) => error);
  clearInterval(cutting);

  expect(outcome).toMatchObject({ name: 'AppError', code: 'upstream' });
  await createAskingGraph(saver).invoke({ asked: 'again' }, thread('cut-while-busy'));
  expect((await saver.getTuple(thread('cut-while-busy')))?.checkpoint.channel_values).toMatchObject({ asked: 'again' });
});

verifies('postgres:failures', 'a database that falls silent is a `timeout`, and its connection is not used again', async () => {
  const { relay, saver } = await connectThroughRelay({ maxConnections: 1, statementTimeoutMs: 200 });
  await createAskingGraph(saver).invoke({ asked: 'x' }, thread('silent'));
  const tuple = await saver.getTuple(thread('silent'));
  const before = relay.connections();
  relay.freeze();

  const outcome = await saver.putWrites(tuple?.config ?? {}, [['asked', 'y']], 'task').catch((error: unknown) => error);
  relay.thaw();
  const read = await saver.getTuple(thread('silent'));

  expect(outcome).toMatchObject({ name: 'AppError', code: 'timeout' });
  expect(read?.checkpoint.channel_values).toMatchObject({ asked: 'x' });
  expect(relay.connections()).toBe(before + 1);
});

verifies('postgres:failures', 'a ping answers, and ends with its signal', async () => {
  const { relay, checkpointers } = await connectThroughRelay();
  await checkpointers.ping(AbortSignal.timeout(5_000));
  relay.freeze();

  const ended = checkpointers.ping(AbortSignal.timeout(50));

  await expect(ended).rejects.toMatchObject({ name: 'AppError', code: 'timeout' });
  relay.cut();
});

verifies('postgres:failures', 'a bug of ours stays a bug', async () => {
  const { saver } = await connectThroughRelay();

  await expect(saver.put(thread('bug'), undefined as never, undefined as never, {})).rejects.toBeInstanceOf(TypeError);
});

/** Asks for a password, keeps it, and lets nobody in. */
async function createDoor() {
  const seen: string[] = [];
  const server = createServer((socket) => {
    const ask = async () => {
      const reader = createMessageReader(socket);
      await reader.next('startup');
      socket.write(message('R', int32(3)));
      const answer = await reader.next();
      seen.push(readCStrings(answer?.body ?? Buffer.alloc(0), 1).texts[0] ?? '');
      socket.end(errorResponse('FATAL', { code: '28P01', message: 'password authentication failed for user "ana@example.com"' }));
    };
    void ask();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void server.close());
  return { port: (server.address() as AddressInfo).port, seen };
}

verifies('postgres:token', 'a token is asked for with each connection and wins over the URL', async () => {
  const door = await createDoor();
  let tokens = 0;
  const checkpointers = connectCheckpointers(`postgresql://app:stale@127.0.0.1:${door.port}/adjutant`, {
    password: () => Promise.resolve(`token-${(tokens += 1)}`),
  });

  const outcomes = await Promise.allSettled([checkpointers.ping(), checkpointers.ping()]);

  expect(door.seen.toSorted()).toEqual(['token-1', 'token-2']);
  expect(outcomes).toMatchObject(
    [1, 2].map(() => ({ reason: { code: 'upstream', message: 'Postgres failed to answer a ping: SQLSTATE 28P01' } })),
  );
});

verifies('postgres:token', 'what the token could not be had for is told as it is', async () => {
  const door = await createDoor();
  const checkpointers = connectCheckpointers(`postgresql://app@127.0.0.1:${door.port}/adjutant`, {
    password: () => Promise.reject(new AppError('settings', 'No managed identity', { vendor: 'entra' })),
  });

  await expect(checkpointers.ping()).rejects.toMatchObject({ code: 'settings', message: 'No managed identity' });
});
