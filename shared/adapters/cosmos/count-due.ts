import type { Container } from '@azure/cosmos';
import { z } from 'zod';
import { select } from './select.ts';

/** One query on the index that rings too; the SDK adds up what the partitions count. */
export async function countDue(
  container: Container,
  { workspace, beforeMs }: { workspace: string; beforeMs: number },
  signal?: AbortSignal,
): Promise<number> {
  const query = {
    query: 'SELECT VALUE COUNT(1) FROM c WHERE c.workspace = @workspace AND c.dueAt < @before',
    parameters: [
      { name: '@workspace', value: workspace },
      { name: '@before', value: beforeMs },
    ],
  };
  const [count = 0] = z.array(z.number()).parse(await select(container, query, { signal }));
  return count;
}
