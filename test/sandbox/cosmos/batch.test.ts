import type { Container, OperationInput } from '@azure/cosmos';
import { expect } from 'vitest';
import { verifies } from '../../verifies.ts';
import { fetchDocuments, refusalOf, startCosmos } from './start-cosmos.ts';

const conversationId = 'alice';
const fence = (epoch: number): OperationInput => ({
  operationType: 'Patch',
  id: 'lease',
  resourceBody: { condition: `FROM c WHERE c.epoch = ${epoch}`, operations: [{ op: 'set', path: '/until', value: 9 }] },
});
const create = (id: string, more: object = {}): OperationInput => ({
  operationType: 'Create',
  resourceBody: { id, conversationId, ...more },
});

async function startWithLease() {
  const started = await startCosmos();
  await started.conversations.items.create({ id: 'lease', conversationId, epoch: 7, until: 1 });
  await started.conversations.items.create({ id: 'memory', conversationId, turns: 1 });
  return started;
}

const idsIn = async (container: Container) =>
  (await container.items.query<string>('SELECT VALUE c.id FROM c ORDER BY c.id', { partitionKey: conversationId }).fetchAll())
    .resources;

const statuses = (response: { result?: readonly { statusCode: number }[] | undefined }) =>
  response.result?.map(({ statusCode }) => statusCode);

verifies('cosmos:batch', 'does every kind of operation, each seeing those before it', async () => {
  const { conversations } = await startWithLease();

  const response = await conversations.items.batch(
    [
      fence(7),
      create('m1', { text: 'hello' }),
      { operationType: 'Read', id: 'm1' },
      { operationType: 'Replace', id: 'memory', resourceBody: { id: 'memory', conversationId, turns: 2 } },
      { operationType: 'Upsert', resourceBody: { id: 'm2', conversationId } },
      { operationType: 'Patch', id: 'm2', resourceBody: { operations: [{ op: 'add', path: '/patched', value: true }] } },
      { operationType: 'Delete', id: 'm1' },
    ],
    conversationId,
  );

  expect(response.code).toBe(200);
  expect(statuses(response)).toEqual([200, 201, 200, 200, 201, 200, 204]);
  expect(response.result?.[2]?.resourceBody).toMatchObject({ text: 'hello' });
  expect(response.result?.[5]?.resourceBody).toMatchObject({ id: 'm2', patched: true });
  expect(response.result?.[5]?.eTag).toBeTypeOf('string');
  expect(await idsIn(conversations)).toEqual(['lease', 'm2', 'memory']);
});

verifies('cosmos:batch', 'a fence that does not hold undoes all of it', async () => {
  const { conversations } = await startWithLease();

  const response = await conversations.items.batch([create('m1'), fence(6), create('m2')], conversationId);

  expect(response.code).toBe(207);
  expect(statuses(response)).toEqual([424, 412, 424]);
  expect(await idsIn(conversations)).toEqual(['lease', 'memory']);
  expect((await conversations.item('lease', conversationId).read()).resource).toMatchObject({ until: 1 });
});

verifies('cosmos:batch', 'a conflict, a missing document and an old ETag each fail it', async () => {
  const { conversations } = await startWithLease();
  const { etag } = await conversations.item('memory', conversationId).read();
  const replace: OperationInput = {
    operationType: 'Replace',
    id: 'memory',
    ifMatch: etag,
    resourceBody: { id: 'memory', conversationId, turns: 2 },
  };
  const run = async (operation: OperationInput) =>
    statuses(await conversations.items.batch([create('never'), operation], conversationId));

  const conflict = await run(create('lease'));
  const missing = await run({ operationType: 'Delete', id: 'absent' });
  const otherPartition = await run({ operationType: 'Create', resourceBody: { id: 'x', conversationId: 'bob' } });
  const first = await conversations.items.batch([replace], conversationId);
  const second = await run(replace);

  expect([conflict, missing, otherPartition]).toEqual([
    [424, 409],
    [424, 404],
    [424, 400],
  ]);
  expect([statuses(first), second]).toEqual([[200], [424, 412]]);
  expect(await idsIn(conversations)).toEqual(['lease', 'memory']);
});

verifies('cosmos:batch', 'twice the same batch meets its own documents', async () => {
  const { conversations } = await startWithLease();
  const batch = () => conversations.items.batch([fence(7), create('m1')], conversationId);

  const [first, second] = [await batch(), await batch()];

  expect([statuses(first), statuses(second)]).toEqual([
    [200, 201],
    [424, 409],
  ]);
});

verifies('cosmos:batch', 'takes 100 operations and 2 MB at most', async () => {
  const { cosmos, conversations } = await startWithLease();
  const headers = {
    'x-ms-cosmos-is-batch-request': 'True',
    'x-ms-cosmos-batch-atomic': 'True',
    'x-ms-documentdb-partitionkey': '["alice"]',
  };
  const many = (count: number) => Array.from({ length: count }, (_, n) => create(`n${n}`));
  const large = Array.from({ length: 3 }, (_, n) => create(`large${n}`, { text: 'x'.repeat(800_000) }));

  const hundred = await conversations.items.batch(many(100), conversationId);
  const more = await fetchDocuments(cosmos, headers, many(101));
  const heavy = await refusalOf(conversations.items.batch(large, conversationId));

  expect(hundred.code).toBe(200);
  expect([more.status, heavy.status]).toEqual([400, 413]);
});

verifies('cosmos:batch', 'bulk is no transaction: each operation stands for itself', async () => {
  const { conversations } = await startWithLease();

  const results = await conversations.items.executeBulkOperations([
    { ...create('m1'), partitionKey: conversationId },
    { ...create('lease'), partitionKey: conversationId },
    { operationType: 'Create', resourceBody: { id: 'm1', conversationId: 'bob' }, partitionKey: 'bob' },
  ]);

  expect(results.map(({ response, error }) => response?.statusCode ?? error?.code)).toEqual([201, 409, 201]);
  expect(await idsIn(conversations)).toEqual(['lease', 'm1', 'memory']);
});
