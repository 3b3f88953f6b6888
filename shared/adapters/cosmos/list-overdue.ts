import type { Container } from '@azure/cosmos';
import { z } from 'zod';
import type { ConversationRef } from '../../ports/bell.ts';
import { annotateSpan } from '../../telemetry/index.ts';
import { request } from './errors.ts';
import { abortedBy } from './select.ts';

// One chat can be overdue with thousands of documents: it must not hide the others, nor may it be read for ever.
const rowsPerPage = 1_000;
const maxPages = 10;

const Rows = z.array(z.object({ conversationId: z.string(), dueAt: z.number() }));

/** The first `limit` conversations by what is longest overdue in each: one query on one index, read as far as it takes. */
export function listOverdue(
  container: Container,
  { workspace, beforeMs, limit, only }: { workspace: string; beforeMs: number; limit: number; only?: string },
  signal?: AbortSignal,
): Promise<readonly ConversationRef[]> {
  const query = {
    query: 'SELECT c.conversationId, c.dueAt FROM c WHERE c.workspace = @workspace AND c.dueAt < @before ORDER BY c.dueAt',
    parameters: [
      { name: '@workspace', value: workspace },
      { name: '@before', value: beforeMs },
    ],
  };
  return request('query', async () => {
    const place = only === undefined ? {} : { partitionKey: only };
    const feed = container.items.query(query, { maxItemCount: rowsPerPage, ...place, ...abortedBy(signal) });
    const found = new Set<string>();
    let oldestDueAt: number | undefined;
    for (let page = 0; page < maxPages && found.size < limit && feed.hasMoreResults(); page += 1) {
      const { resources } = await feed.fetchNext();
      // The SDK answers nothing at all where a page has no rows.
      for (const { conversationId, dueAt } of Rows.parse((resources as unknown) ?? [])) {
        oldestDueAt ??= dueAt;
        found.add(conversationId);
      }
    }
    // What is due in one says nothing of how much is due.
    if (only === undefined) annotateSpan({ overdue: Math.min(found.size, limit), oldestDueAt });
    return [...found].slice(0, limit).map((conversationId) => ({ workspace, conversationId }));
  });
}
