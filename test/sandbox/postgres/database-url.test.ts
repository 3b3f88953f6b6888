import { createServer, type AddressInfo } from 'node:net';
import { expect, onTestFinished } from 'vitest';
import { createMessageReader, message, int32, readCStrings, readyForQuery } from '../../../sandbox/postgres/wire.ts';
import { postgresForTests } from '../../support/postgres.ts';
import { verifies } from '../../verifies.ts';

/** Says yes to every query, and keeps them. */
async function createYesServer(): Promise<{ url: string; queries: string[] }> {
  const queries: string[] = [];
  const server = createServer((socket) => {
    const serve = async () => {
      const reader = createMessageReader(socket);
      await reader.next('startup');
      socket.write(Buffer.concat([message('R', int32(0)), readyForQuery('I')]));
      for (let received = await reader.next(); received?.type === 'Q'; received = await reader.next()) {
        queries.push(readCStrings(received.body, 1).texts[0] ?? '');
        socket.write(Buffer.concat([message('C', 'DONE'), readyForQuery('I')]));
      }
      socket.end();
    };
    void serve();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void server.close());
  return { url: `postgresql://user:secret@127.0.0.1:${(server.address() as AddressInfo).port}/main?sslmode=disable`, queries };
}

verifies('postgres:database-url', 'tests get a database of their own on that server, dropped at the end', async () => {
  const server = await createYesServer();

  const first = await postgresForTests(server.url);
  const second = await postgresForTests(server.url);
  await first.close();

  const [one, other] = [new URL(first.url).pathname.slice(1), new URL(second.url).pathname.slice(1)];
  expect(one).toMatch(/^adjutant_test_[0-9a-f]{16}$/);
  expect(one).not.toBe(other);
  expect(first.url).toBe(server.url.replace('/main', `/${one}`));
  expect(server.queries).toEqual([
    `CREATE DATABASE ${one} TEMPLATE template0`,
    `CREATE DATABASE ${other} TEMPLATE template0`,
    `DROP DATABASE ${one}`,
  ]);
});
