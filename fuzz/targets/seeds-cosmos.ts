import type { Seed } from './seeds.ts';

const docs = '/dbs/adjutant/colls/fuzz/docs';
const partition = { 'x-ms-documentdb-partitionkey': '["alderfinch:fuzz"]' };
const document = {
  id: 'm1',
  conversationId: 'alderfinch:fuzz',
  type: 'message',
  dueAt: 1,
  n: 1.5,
  tags: ['a', 'b'],
  more: { deep: [1, null, true] },
};
const asQuery = {
  'content-type': 'application/query+json',
  'x-ms-documentdb-isquery': 'True',
  'x-ms-documentdb-query-enablecrosspartition': 'True',
};
const ask = (
  query: string,
  parameters: readonly { name: string; value: unknown }[] = [],
  headers: Record<string, string> = partition,
): Seed => ({
  ...{ method: 'POST', path: docs, headers: { ...headers, ...asQuery, 'x-ms-max-item-count': '10' } },
  json: { query, parameters },
});

export const cosmosSeeds: readonly Seed[] = [
  { method: 'POST', path: docs, json: document, headers: { ...partition, 'x-ms-documentdb-is-upsert': 'true' } },
  { method: 'POST', path: docs, json: { ...document, id: 'm2', ttl: 60 }, headers: partition },
  {
    method: 'GET',
    path: `${docs}/m1`,
    headers: { ...partition, 'if-none-match': '"00000000-0000-0000-0000-000000000000"', 'x-ms-session-token': '0:-1#5' },
  },
  {
    method: 'PUT',
    path: `${docs}/m1`,
    json: document,
    headers: { ...partition, 'if-match': '"00000000-0000-0000-0000-000000000000"' },
  },
  {
    method: 'PATCH',
    path: `${docs}/m1`,
    headers: partition,
    json: {
      condition: 'FROM c WHERE c.n > 1 AND IS_DEFINED(c.tags)',
      operations: [
        { op: 'incr', path: '/n', value: 1 },
        { op: 'set', path: '/more/deep/0', value: { a: 1 } },
        { op: 'add', path: '/tags/-', value: 'c' },
        { op: 'remove', path: '/more/deep/1' },
        { op: 'move', from: '/n', path: '/m' },
      ],
    },
  },
  {
    method: 'POST',
    path: docs,
    headers: { ...partition, 'x-ms-cosmos-is-batch-request': 'True', 'x-ms-cosmos-batch-atomic': 'True' },
    json: [
      { operationType: 'Create', resourceBody: { ...document, id: 'm3' } },
      {
        operationType: 'Patch',
        id: 'm1',
        resourceBody: { operations: [{ op: 'incr', path: '/n', value: 1 }], condition: 'from c where c.n = 1' },
      },
      { operationType: 'Upsert', resourceBody: { ...document, id: 'm4' } },
      { operationType: 'Read', id: 'm1' },
      { operationType: 'Delete', id: 'm3', ifMatch: '"x"' },
    ],
  },
  ask(
    'SELECT * FROM c WHERE c.type = @type AND (c.dueAt <= @now OR NOT IS_DEFINED(c.dueAt)) ORDER BY c.dueAt DESC OFFSET 0 LIMIT 5',
    [
      { name: '@type', value: 'message' },
      { name: '@now', value: 5 },
    ],
  ),
  ask("SELECT VALUE COUNT(1) FROM c WHERE c.type IN ('a', 'b') AND STARTSWITH(c.id, 'm', true)"),
  ask(
    "SELECT TOP 3 c.id, c.more.deep[0] AS first, {'a': c.n} AS o FROM c WHERE ARRAY_CONTAINS(c.tags, 'a') AND c.n BETWEEN 1 AND 2 ORDER BY c.n",
  ),
  ask('SELECT DISTINCT VALUE t FROM c JOIN t IN c.tags WHERE c.n * 2 + -1 >= 3 % 2', [], {}),
  ask('SELECT c.type, MAX(c.n) AS most FROM c GROUP BY c.type', [], {}),
  { method: 'GET', path: docs, headers: partition },
  { method: 'DELETE', path: `${docs}/m2`, headers: partition },
  { method: 'GET', path: '/dbs/adjutant/colls/fuzz/pkranges' },
  { method: 'GET', path: '/' },
  { method: 'GET', path: '/dbs/adjutant/colls/fuzz' },
];
