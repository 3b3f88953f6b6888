import type { Container } from '@azure/cosmos';
import { z } from 'zod';
import { FailureDocument } from '../../ports/documents.ts';
import { log } from '../../telemetry/index.ts';
import { request } from './errors.ts';
import { abortedBy } from './select.ts';

const rowsPerPage = 1_000;

/**
 * The newest failures. `at` is not indexed, as nothing but `dueAt` and `type` is, and Cosmos sorts by what is: so all are
 * read, page by page, and no more than are wanted are kept. Who asks is an admin, and what failed goes with its time.
 */
export function listFailures(
  container: Container,
  { workspace, limit }: { workspace: string; limit: number },
  signal?: AbortSignal,
): Promise<readonly FailureDocument[]> {
  const query = {
    query: "SELECT * FROM c WHERE c.workspace = @workspace AND c.type = 'failure'",
    parameters: [{ name: '@workspace', value: workspace }],
  };
  return request('query', async () => {
    const feed = container.items.query(query, { maxItemCount: rowsPerPage, ...abortedBy(signal) });
    let newest: FailureDocument[] = [];
    while (feed.hasMoreResults()) {
      const { resources } = await feed.fetchNext();
      // The SDK answers nothing at all where a page has no rows.
      const rows = (resources as unknown[] | undefined) ?? [];
      newest = [...newest, ...rows.flatMap(readFailure)].sort(byAge).slice(0, limit);
    }
    return newest;
  });
}

/** Newest first; of one moment in an order that stays the same. */
function byAge(a: FailureDocument, b: FailureDocument): number {
  return b.at - a.at || a.conversationId.localeCompare(b.conversationId) || a.id.localeCompare(b.id);
}

/** One that cannot be read hides none of the others. */
function readFailure(row: unknown): FailureDocument[] {
  const read = FailureDocument.safeParse(row);
  if (read.success) return [read.data];
  log('error', 'failure.unreadable', { failure: z.object({ id: z.string() }).safeParse(row).data?.id });
  return [];
}
