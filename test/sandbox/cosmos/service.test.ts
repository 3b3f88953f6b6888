import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CosmosClient } from '@azure/cosmos';
import { expect, onTestFinished } from 'vitest';
import { createSandboxContext } from '../../../sandbox/kit/context.ts';
import { verifies } from '../../verifies.ts';
import { fetchDocuments, refusalOf, startCosmos } from './start-cosmos.ts';

const document = { id: 'm1', conversationId: 'alice', text: 'x'.repeat(300) };

verifies('cosmos:request-charge', 'each operation is charged near the real price', async () => {
  const { conversations } = await startCosmos();
  const item = conversations.item('m1', 'alice');

  const charges = {
    create: (await conversations.items.create(document)).requestCharge,
    read: (await item.read()).requestCharge,
    query: (await conversations.items.query('SELECT * FROM c', { partitionKey: 'alice' }).fetchAll()).requestCharge,
    patch: (await item.patch([{ op: 'set', path: '/n', value: 1 }])).requestCharge,
    replace: (await item.replace(document)).requestCharge,
    delete: (await item.delete()).requestCharge,
    missing: (await item.read()).requestCharge,
  };
  const large = await conversations.items.create({ ...document, text: 'x'.repeat(100 * 1024) });
  const largeRead = await item.read();

  expect(charges.create).toBeCloseTo(5.29, 1);
  expect(charges.read).toBe(1);
  expect(charges.query).toBeGreaterThan(2.28);
  expect(charges.query).toBeLessThan(3);
  expect([charges.patch, charges.replace, charges.delete, charges.missing]).toEqual([8.29, 10.29, 5.29, 1]);
  expect(large.requestCharge).toBeGreaterThan(45);
  expect(largeRead.requestCharge).toBeGreaterThan(9);
});

verifies('cosmos:request-charge', 'a batch costs the sum of its operations, and what is spent is added up', async () => {
  const { cosmos, conversations } = await startCosmos();
  await conversations.items.create(document);
  cosmos.resetRequestUnits();

  const batch = await conversations.items.batch(
    [
      { operationType: 'Read', id: 'm1' },
      { operationType: 'Create', resourceBody: { ...document, id: 'm2' } },
    ],
    'alice',
  );
  await conversations.items.query('SELECT * FROM c WHERE c.id = "m0"', { partitionKey: 'alice' }).fetchAll();

  expect(Number(batch.headers['x-ms-request-charge'])).toBeCloseTo(6.29);
  expect(cosmos.requestUnits()).toEqual({ requests: 2, units: 8.57 });
});

verifies('cosmos:request-charge', 'a query pays for whatever its indexes do not rule out, found or not', async () => {
  const indexingPolicy = { includedPaths: [{ path: '/type/?' }], excludedPaths: [{ path: '/*' }] };
  const { conversations } = await startCosmos({
    containers: [{ name: 'conversations', partitionKey: '/conversationId', indexingPolicy }],
  });
  for (let index = 0; index < 40; index += 1) {
    const type = index < 30 ? 'reply' : 'calls';
    await conversations.items.create({ ...document, id: `m${index}`, type, open: index % 10 === 0, parts: [{ n: index }] });
  }
  const charge = async (where: string) => {
    const found = conversations.items.query(`SELECT c.id FROM c WHERE ${where}`, { partitionKey: 'alice' });
    return (await found.fetchAll()).requestCharge;
  };
  const [nothing, one, thirty, all] = [
    await charge("c.type = 'none'"),
    await charge("c.id = 'm7'"),
    await charge("c.type = 'reply'"),
    await charge("c.text != 'y'"),
  ];

  const alike = {
    one: [await charge("STARTSWITH(c.id, 'm7') AND c.open = false"), await charge("c.id IN ('m7') OR c.type = 'none'")],
    thirty: [
      await charge('c.type = \'reply\' AND ARRAY_CONTAINS(c.parts, { "n": 7 }, true)'),
      await charge("c.type = 'reply' AND NOT c.open"),
      await charge("NOT c.type = 'calls'"),
    ],
    all: [await charge("c.open = true OR c.type = 'none'"), await charge('c.parts[0].n BETWEEN 3 AND 4')],
  };

  expect(nothing).toBe(2.28);
  expect([nothing, one, thirty, all]).toEqual([nothing, one, thirty, all].toSorted((a, b) => a - b));
  expect(thirty - nothing).toBeGreaterThan(20 * (one - nothing));
  const near = (charges: readonly number[], like: number) => charges.every((each) => Math.abs(each - like) < 0.05);
  expect([near(alike.one, one), near(alike.thirty, thirty), near(alike.all, all)]).toEqual([true, true, true]);
});

verifies('cosmos:auth', 'a wrong key is refused, and so is a request without a signature', async () => {
  const { cosmos, conversations, connect } = await startCosmos();
  const stranger = connect({ key: Buffer.from('another key').toString('base64') });

  const refused = await refusalOf(stranger.items.create(document));
  const unsigned = await fetch(`${cosmos.endpoint}/dbs/adjutant/colls/conversations/docs/m1`);
  const bearer = await fetchDocuments(cosmos, { 'x-ms-documentdb-partitionkey': '["alice"]' }, document);

  expect([refused.status, unsigned.status, bearer.status]).toEqual([401, 401, 201]);
  expect(await unsigned.json()).toMatchObject({ code: 'Unauthorized' });
  expect((await conversations.item('m1', 'alice').read()).statusCode).toBe(200);
});

verifies('cosmos:containers', 'databases and containers are made, found, redefined and removed', async () => {
  const { cosmos } = await startCosmos();
  const client = new CosmosClient({ endpoint: cosmos.endpoint, key: cosmos.key });
  onTestFinished(() => client.dispose());

  const { database, statusCode } = await client.databases.createIfNotExists({ id: 'another' });
  const { container } = await database.containers.createIfNotExists({ id: 'things', partitionKey: { paths: ['/a/b'] } });
  await container.items.create({ id: '1', a: { b: 'nested' } });
  const read = await container.item('1', 'nested').read();
  await container.replace({ id: 'things', partitionKey: { paths: ['/a/b'] }, defaultTtl: 60 });
  const { resource } = await container.read();
  const listed = await database.containers.readAll().fetchAll();
  await container.delete();

  expect([statusCode, read.statusCode, resource?.defaultTtl]).toEqual([201, 200, 60]);
  expect(listed.resources.map(({ id }) => id)).toEqual(['things']);
  expect((await refusalOf(container.read())).status).toBe(404);
  expect((await refusalOf(database.containers.create({ id: 'h', partitionKey: { paths: ['/a', '/b'] } }))).message).toContain(
    'hierarchical keys',
  );
});

verifies('cosmos:durable', 'a second start finds documents, order, ETags and numbers as they were', async () => {
  const directory = mkdtempSync(join(tmpdir(), 'cosmos-'));
  onTestFinished(() => rmSync(directory, { recursive: true, force: true }));
  const first = await startCosmos({ context: createSandboxContext({ directory }) });
  for (const id of ['z', 'a', 'm']) await first.conversations.items.create({ ...document, id });
  await first.conversations.item('a', 'alice').delete();
  await first.conversations.items.batch([{ operationType: 'Create', resourceBody: { ...document, id: 'b' } }], 'alice');
  const before = await first.conversations.items.query('SELECT * FROM c').fetchAll();

  // Not closed first, as after a kill: what was answered must be in the file.
  const second = await startCosmos({ context: createSandboxContext({ directory }) });
  const after = await second.conversations.items.query('SELECT * FROM c').fetchAll();
  const created = await second.conversations.items.create({ ...document, id: 'new' });

  expect(after.resources).toEqual(before.resources);
  expect(after.resources.map(({ id }: { id: string }) => id)).toEqual(['z', 'm', 'b']);
  expect(before.resources.map(({ _rid }: { _rid: string }) => _rid)).not.toContain(created.resource?._rid);
});
