import { expect } from 'vitest';
import { verifies } from '../../verifies.ts';
import { refusalOf, startCosmos } from './start-cosmos.ts';

verifies('cosmos:query', 'what it does not play is refused by name', async () => {
  const { conversations } = await startCosmos();
  const message = async (query: string) => (await refusalOf(conversations.items.query(query).fetchAll())).message;

  expect(await message('SELECT * FROM c WHERE EXISTS(SELECT VALUE t FROM t IN c.tags)')).toContain('does not play EXISTS');
  expect(await message('SELECT (SELECT VALUE 1) AS x FROM c')).toContain('does not play a subquery');
  expect(await message('SELECT udf.tax(c.x) FROM c')).toContain('does not play UDF');
  expect(await message('SELECT VALUE ST_DISTANCE(c.a, c.b) FROM c')).toContain("the function 'ST_DISTANCE'");
  expect(await message('SELECT * FROM t IN c.tags')).toContain('FROM x IN a path');
  expect(await message('SELECT 1')).toContain('a query without FROM');
});

verifies('cosmos:query', 'what the service refuses is refused in its words', async () => {
  const { conversations } = await startCosmos();
  const refused = async (query: string) => {
    const { status, message } = await refusalOf(conversations.items.query(query, { partitionKey: 'alice' }).fetchAll());
    expect(status).toBe(400);
    return message;
  };

  expect(await refused('SELECT * FROM c WHERE')).toContain("incorrect syntax near 'the end'");
  expect(await refused('SELECT * FROM c WHERE c.order = 1')).toContain("incorrect syntax near 'ORDER'");
  expect(await refused('SELECT * FROM c WHERE d.id = 1')).toContain("Identifier 'd' could not be resolved");
  expect(await refused('SELECT c.id, COUNT(1) FROM c')).toContain("Property reference 'c.id' is invalid in the select list");
  expect(await refused('SELECT * FROM c JOIN p IN c.parts')).toContain("'SELECT *' is only valid with a single input set");
  expect(await refused('SELECT * FROM c ORDER BY LOWER(c.id)')).toContain('Unsupported ORDER BY clause');
  expect(await refused('SELECT * FROM c WHERE COUNT(1) > 1')).toContain('aggregate function');
  expect(await refused('SELECT * FROM c extra words')).toContain("incorrect syntax near 'words'");
});

verifies('cosmos:query', 'an aggregate over all partitions needs VALUE', async () => {
  const { conversations } = await startCosmos();

  const refused = await refusalOf(conversations.items.query('SELECT COUNT(1) AS n FROM c').fetchAll());

  expect(refused.message).toBe('Aggregate queries must use the VALUE keyword');
});

verifies('cosmos:index', 'ORDER BY is served from an index or refused', async () => {
  const indexingPolicy = {
    includedPaths: [{ path: '/dueAt/?' }, { path: '/type/?' }],
    excludedPaths: [{ path: '/*' }],
    compositeIndexes: [
      [
        { path: '/type', order: 'ascending' },
        { path: '/dueAt', order: 'descending' },
      ],
    ],
  };
  const { conversations } = await startCosmos({
    containers: [{ name: 'conversations', partitionKey: '/conversationId', indexingPolicy }],
  });
  const orderBy = (keys: string) => conversations.items.query(`SELECT * FROM c ORDER BY ${keys}`).fetchAll();

  await orderBy('c.dueAt');
  await orderBy('c.type, c.dueAt DESC');
  await orderBy('c.type DESC, c.dueAt ASC');
  const refused = [await refusalOf(orderBy('c.sentAt')), await refusalOf(orderBy('c.type, c.dueAt'))];

  expect(refused.map(({ status }) => status)).toEqual([400, 400]);
  expect(refused[0]?.message).toContain('order-by item is excluded');
  expect(refused[1]?.message).toContain('composite index');
});
