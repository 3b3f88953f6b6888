import type { Container, FeedOptions, JSONValue } from '@azure/cosmos';
import { expect } from 'vitest';
import { verifies } from '../../verifies.ts';
import { refusalOf, startCosmos } from './start-cosmos.ts';

const documents = [
  { id: 'a', conversationId: 'alice', type: 'message', dueAt: 30, text: 'Hello there', tags: ['red', 'blue'], n: 1 },
  { id: 'b', conversationId: 'alice', type: 'message', dueAt: 10, text: 'good_bye', tags: [], n: null },
  { id: 'c', conversationId: 'alice', type: 'reply', text: '100%', parts: [{ state: 'sent' }, { state: 'due' }], n: '1' },
  { id: 'd', conversationId: 'bob', type: 'message', dueAt: 20, text: 'HELLO', nested: { order: 1 }, n: 2 },
  { id: 'e', conversationId: 'bob', type: 'lease', owner: null, n: true },
];

async function startWithDocuments() {
  const started = await startCosmos();
  for (const document of documents) await started.conversations.items.create({ ...document });
  return started;
}

interface Asked {
  readonly parameters?: Record<string, JSONValue>;
  readonly options?: FeedOptions;
}

async function ask(container: Container, query: string, { parameters = {}, options }: Asked = {}): Promise<unknown[]> {
  const named = Object.entries(parameters).map(([name, value]) => ({ name: `@${name}`, value }));
  return (await container.items.query<unknown>({ query, parameters: named }, options).fetchAll()).resources;
}

verifies('cosmos:query', 'filters as the service does, with what is not there undefined', async () => {
  const { conversations } = await startWithDocuments();
  const ids = async (where: string) => (await ask(conversations, `SELECT VALUE c.id FROM c WHERE ${where}`)).join('');

  const found = {
    dueBefore: await ids('c.dueAt < 25'),
    notDueBefore: await ids('NOT (c.dueAt < 25)'),
    noDueAt: await ids('NOT IS_DEFINED(c.dueAt)'),
    orWithUndefined: await ids('c.absent = 1 OR c.id = "a"'),
    acrossTypes: await ids('c.n < 5'),
    unequalAcrossTypes: await ids('c.n != 1'),
    isNull: await ids('IS_NULL(c.n) OR c.owner = null'),
    in: await ids('c.type IN ("reply", "lease")'),
    notIn: await ids('c.dueAt NOT IN (10, 20)'),
    between: await ids('c.dueAt BETWEEN 10 AND 20'),
    contains: await ids('ARRAY_CONTAINS(c.tags, "red")'),
    containsPart: await ids('ARRAY_CONTAINS(c.parts, {state: "due"}, true)'),
    precedence: await ids('c.id = "a" OR c.id = "b" AND c.type = "reply"'),
    quoted: await ids(`c["nested"]['order'] = 1`),
  };

  expect(found).toEqual({
    dueBefore: 'bd',
    notDueBefore: 'a',
    noDueAt: 'ce',
    orWithUndefined: 'a',
    acrossTypes: 'ad',
    unequalAcrossTypes: 'bcde',
    isNull: 'be',
    in: 'ce',
    notIn: 'a',
    between: 'bd',
    contains: 'a',
    containsPart: 'c',
    precedence: 'a',
    quoted: 'd',
  });
});

verifies('cosmos:query', 'text: LIKE, STARTSWITH, CONTAINS, LOWER, UPPER, LENGTH', async () => {
  const { conversations } = await startWithDocuments();
  const ids = async (where: string) => (await ask(conversations, `SELECT VALUE c.id FROM c WHERE ${where}`)).join('');

  const found = {
    like: await ids('c.text LIKE "%ell%"'),
    oneCharacter: await ids('c.text LIKE "good_bye"'),
    escaped: await ids('c.text LIKE "%!%" ESCAPE "!"'),
    notLike: await ids('c.text NOT LIKE "%e%"'),
    startsWith: await ids('STARTSWITH(c.text, "hello", true)'),
    caseMatters: await ids('CONTAINS(c.text, "HELLO")'),
    lower: await ids('LOWER(c.text) = "hello"'),
    upper: await ids('UPPER(c.text) = "GOOD_BYE"'),
    length: await ids('LENGTH(c.text) = 4'),
  };

  expect(found).toEqual({
    like: 'a',
    oneCharacter: 'b',
    escaped: 'c',
    notLike: 'cd',
    startsWith: 'ad',
    caseMatters: 'd',
    lower: 'd',
    upper: 'b',
    length: 'c',
  });
});

verifies('cosmos:query', 'projects: aliases, VALUE, objects, DISTINCT, JOIN', async () => {
  const { conversations } = await startWithDocuments();

  const projected = await ask(conversations, 'SELECT c.id, c.dueAt AS due, c.dueAt + 1 FROM c WHERE c.id IN ("a", "c")');
  const made = await ask(conversations, 'SELECT VALUE {"id": r.id, "first": r.tags[0]} FROM root r WHERE r.id = "a"');
  const distinct = await ask(conversations, 'SELECT DISTINCT VALUE c.type FROM c');
  const joined = await ask(conversations, 'SELECT c.id, p.state FROM c JOIN p IN c.parts WHERE p.state = "due"');

  expect(projected).toEqual([{ id: 'a', due: 30, $1: 31 }, { id: 'c' }]);
  expect(made).toEqual([{ id: 'a', first: 'red' }]);
  expect(distinct).toEqual(['message', 'reply', 'lease']);
  expect(joined).toEqual([{ id: 'c', state: 'due' }]);
});

verifies('cosmos:query', 'orders across types, with TOP, OFFSET and LIMIT', async () => {
  const { conversations } = await startWithDocuments();
  const ids = async (rest: string, top = '') => (await ask(conversations, `SELECT ${top} VALUE c.id FROM c ${rest}`)).join('');

  const ordered = [
    await ids('ORDER BY c.n'),
    await ids('ORDER BY c.n DESC'),
    await ids('WHERE IS_DEFINED(c.dueAt) ORDER BY c.dueAt', 'TOP 2'),
    await ids('ORDER BY c.id DESC OFFSET 1 LIMIT 2'),
  ];

  expect(ordered).toEqual(['beadc', 'cdaeb', 'bd', 'dc']);
});

verifies('cosmos:query', 'takes parameters for values, lists and counts, and refuses one that is not supplied', async () => {
  const { conversations } = await startWithDocuments();

  const found = await ask(
    conversations,
    'SELECT TOP @top VALUE c.id FROM c WHERE ARRAY_CONTAINS(@types, c.type) AND c.dueAt <= @now',
    { parameters: { top: 2, types: ['message'], now: 20 } },
  );
  const missing = await refusalOf(ask(conversations, 'SELECT * FROM c WHERE c.id = @id'));

  expect(found).toEqual(['b', 'd']);
  expect([missing.status, missing.message.includes("'@id'")]).toEqual([400, true]);
});

verifies('cosmos:query', 'aggregates, whole and by group', async () => {
  const { conversations } = await startWithDocuments();
  const value = async (expression: string) => (await ask(conversations, `SELECT VALUE ${expression} FROM c`))[0];

  const whole = [await value('COUNT(1)'), await value('SUM(c.dueAt)'), await value('AVG(c.dueAt)'), await value('MIN(c.dueAt)')];
  const sumOfMixed = await ask(conversations, 'SELECT VALUE SUM(c.n) FROM c');
  const groups = await ask(conversations, 'SELECT c.type, COUNT(1) AS n, MAX(c.dueAt) AS latest FROM c GROUP BY c.type');
  const none = await ask(conversations, 'SELECT VALUE COUNT(1) FROM c WHERE c.id = "absent"');

  expect(whole).toEqual([5, 60, 20, 10]);
  expect(sumOfMixed).toEqual([]);
  expect(groups).toEqual([
    { type: 'message', n: 3, latest: 30 },
    { type: 'reply', n: 1 },
    { type: 'lease', n: 1 },
  ]);
  expect(none).toEqual([0]);
});

verifies('cosmos:partition', 'a query with a key sees that partition alone, whatever its condition says', async () => {
  const { conversations } = await startWithDocuments();
  const ofBob = { partitionKey: 'bob' };

  const all = await ask(conversations, 'SELECT VALUE c.id FROM c', { options: ofBob });
  const foreign = await ask(conversations, 'SELECT * FROM c WHERE c.conversationId = "alice"', { options: ofBob });
  const counted = await ask(conversations, 'SELECT COUNT(1) AS n FROM c', { options: ofBob });
  const unknown = await ask(conversations, 'SELECT * FROM c', { options: { partitionKey: 'nobody' } });
  const readAll = await conversations.items.readAll(ofBob).fetchAll();

  expect(all).toEqual(['d', 'e']);
  expect([foreign, counted, unknown]).toEqual([[], [{ n: 2 }], []]);
  expect(readAll.resources.map(({ id }) => id)).toEqual(['d', 'e']);
});
