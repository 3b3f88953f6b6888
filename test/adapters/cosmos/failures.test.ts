import { expect, onTestFinished } from 'vitest';
import { createCosmosConversations } from '../../../shared/adapters/cosmos/conversations.ts';
import { setLogSink } from '../../../shared/telemetry/index.ts';
import { ref } from '../../contract/conversations/implementations.ts';
import { startCosmos } from '../../support/cosmos.ts';
import { verifies } from '../../verifies.ts';

verifies('conversation:replay', 'a failure that cannot be read hides none of the others, and is named in the log', async () => {
  const lines: string[] = [];
  onTestFinished(setLogSink((_level, line) => lines.push(line)));
  const { cosmos } = await startCosmos();
  const container = cosmos.container('conversations');
  const failure = (turnId: string, rest: object) => ({
    ...{ ...ref, id: `failure:${turnId}`, type: 'failure', turnId, at: 1, reason: 'upstream', messageIds: ['m1'] },
    ...rest,
  });
  for (const document of [failure('t1', {}), failure('t2', { messageIds: 'none' }), failure('t3', { at: 2 })]) {
    await container.items.create(document);
  }

  const listed = await createCosmosConversations(cosmos).listFailures('acme', 10);

  expect(listed.map(({ turnId }) => turnId)).toEqual(['t3', 't1']);
  expect(lines).toHaveLength(1);
  expect(lines[0]).toMatch(/failure\.unreadable.*failure:t2/);
});
