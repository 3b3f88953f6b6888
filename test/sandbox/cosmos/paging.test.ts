import type { FeedOptions } from '@azure/cosmos';
import { expect } from 'vitest';
import { verifies } from '../../verifies.ts';
import { fetchDocuments, refusalOf, startCosmos } from './start-cosmos.ts';

const numbers = (count: number) => Array.from({ length: count }, (_, n) => n);

async function startWithTen() {
  const started = await startCosmos();
  for (const n of numbers(10)) {
    await started.conversations.items.create({
      id: `m${n}`,
      conversationId: n % 2 === 0 ? 'even' : 'odd',
      dueAt: 100 - (n % 4),
      n,
    });
  }
  return started;
}

verifies('cosmos:query', 'pages by the size asked for, each row once, ties included', async () => {
  const { conversations } = await startWithTen();
  const options: FeedOptions = { maxItemCount: 3 };
  const pagesOf = async (query: string) => {
    const pages: unknown[][] = [];
    for await (const page of conversations.items.query<unknown>(query, options).getAsyncIterator()) pages.push(page.resources);
    return pages;
  };

  const plain = await pagesOf('SELECT VALUE c.n FROM c');
  const ordered = await pagesOf('SELECT VALUE c.n FROM c ORDER BY c.dueAt');
  const limited = await pagesOf('SELECT VALUE c.n FROM c ORDER BY c.n OFFSET 1 LIMIT 5');
  const distinct = await pagesOf('SELECT DISTINCT VALUE c.dueAt FROM c');

  expect(plain).toEqual([[0, 1, 2], [3, 4, 5], [6, 7, 8], [9]]);
  expect(ordered).toEqual([[3, 7, 2], [6, 1, 5], [9, 0, 4], [8]]);
  expect(limited).toEqual([
    [1, 2, 3],
    [4, 5],
  ]);
  expect(distinct).toEqual([[100, 99, 98], [97]]);
});

verifies('cosmos:query', 'documents that leave the result between two pages make no other one be skipped', async () => {
  const { conversations } = await startWithTen();
  const query = 'SELECT c.id, c.conversationId, c.n FROM c WHERE IS_DEFINED(c.dueAt) ORDER BY c.dueAt';
  const seen: number[] = [];

  let continuationToken: string | undefined;
  do {
    const iterator = conversations.items.query<{ id: string; conversationId: string; n: number }>(query, {
      maxItemCount: 4,
      ...(continuationToken !== undefined && { continuationToken }),
    });
    const page = await iterator.fetchNext();
    continuationToken = page.continuationToken || undefined;
    for (const { id, conversationId, n } of page.resources) {
      seen.push(n);
      await conversations.item(id, conversationId).patch([{ op: 'remove', path: '/dueAt' }]);
    }
  } while (continuationToken !== undefined);

  expect(seen.toSorted((a, b) => a - b)).toEqual(numbers(10));
});

verifies('cosmos:query', 'a page holds 100 documents unless asked otherwise, and 4 MB at most', async () => {
  const { conversations } = await startCosmos();
  const create = (id: string, text: string) => conversations.items.create({ id, conversationId: 'alice', text });
  await Promise.all(numbers(101).map((n) => create(`small${n}`, '')));
  await Promise.all(numbers(3).map((n) => create(`large${n}`, 'x'.repeat(1_500_000))));

  const small = await conversations.items.query('SELECT * FROM c WHERE c.text = ""').fetchNext();
  const large = await conversations.items.query('SELECT * FROM c WHERE c.text != ""').fetchNext();

  expect([small.resources.length, small.hasMoreResults]).toEqual([100, true]);
  expect([large.resources.length, large.hasMoreResults]).toEqual([2, true]);
});

verifies('cosmos:query', 'refuses a continuation that is none, and a query that may not cross partitions', async () => {
  const { cosmos, conversations } = await startWithTen();

  const query = conversations.items.query('SELECT * FROM c', { continuationToken: 'not-a-token' });
  const refused = await refusalOf(query.fetchNext());
  const response = await fetchDocuments(
    cosmos,
    { 'content-type': 'application/query+json', 'x-ms-documentdb-isquery': 'true' },
    { query: 'SELECT * FROM c' },
  );

  expect([refused.status, response.status]).toEqual([400, 400]);
  expect(await response.text()).toContain('Cross partition query is required but disabled');
});
