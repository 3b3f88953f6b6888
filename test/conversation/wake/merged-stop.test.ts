import { expect } from 'vitest';
import { askUnasked } from '../../../shared/conversation/ask-unasked.ts';
import { verifies } from '../../verifies.ts';
import { phoneChat, startMerged, store, type MergedWorld } from './merging.ts';
import { ref } from './world.ts';

const line = 'Book: Offsite';
const proposals = [{ call: { callId: 'c1', name: 'book', arguments: '{"subject":"Offsite"}' }, line }];
const asking = { personId: 'acme:person-ana', requestId: 'mcp-1', proposals, because: 'A program asks.', approvalMs: 3_600_000 };

/** Both had been written to before they became one; what was said in the phone's of old is given. */
async function startAfter(...said: readonly string[]): Promise<MergedWorld> {
  const world = await startMerged({ isMerged: false });
  await store(world, 'Hello', ref);
  await world.work();
  for (const text of said) await store(world, text, phoneChat);
  if (said.length > 0) await world.ports.bell.ring(phoneChat);
  await world.work();
  await world.merge();
  return world;
}

const isQuestion = (text: string) => text.includes(line);

verifies('conversation:stop-merged', 'a STOP that was said before the merge counts in what both became', async () => {
  const world = await startAfter('STOP');
  await store(world, 'Here I am', { ...ref, after: [phoneChat.conversationId] });
  await world.work();

  expect(await askUnasked(world.ports, ref, asking)).toEqual({ kind: 'cannot-ask' });
  expect(world.shown().at(-1)).toBe('All right.');
});

verifies('conversation:stop-merged', 'it is known before what waits to be said unasked is sent', async () => {
  const world = await startAfter('STOP');
  await askUnasked(world.ports, ref, asking);
  await store(world, 'Here I am', { ...ref, after: [phoneChat.conversationId] });
  await world.work();

  expect(world.shown().filter(isQuestion)).toEqual([]);
  expect(world.documents('reply').find(({ unasked }) => unasked)).toMatchObject({ state: 'dropped' });
});

verifies('conversation:stop-merged', 'a STOP that waits there to be worked on was said all the same', async () => {
  const world = await startAfter();
  await store(world, 'STOP', phoneChat);
  await askUnasked(world.ports, ref, asking);
  await store(world, 'Here I am', { ...ref, after: [phoneChat.conversationId] });
  await world.work();

  expect(world.shown().filter(isQuestion)).toEqual([]);
});

for (const words of [['STOP'], ['STOP', 'START']]) {
  verifies(
    'conversation:stop-merged',
    `${words.join(', ')} said there after the merge is told to what both became, answered once`,
    async () => {
      const world = await startAfter();
      await store(world, 'Here I am', { ...ref, after: [phoneChat.conversationId] });
      await world.work();
      const before = world.shown().length;
      // By an instance that did not know of the merge yet.
      for (const text of words) await store(world, text, phoneChat);
      await world.ports.bell.ring(phoneChat);
      await world.work();

      const asked = await askUnasked(world.ports, ref, asking);

      expect(asked.kind).toBe(words.includes('START') ? 'asked' : 'cannot-ask');
      expect(world.shown()).toHaveLength(before + words.length);
      expect(world.unfinished().filter((id) => id.startsWith('message'))).toEqual([]);
    },
  );
}

verifies('conversation:stop-merged', 'START said here afterwards undoes it, for good', async () => {
  const world = await startAfter('STOP');
  await store(world, 'START', { ...ref, after: [phoneChat.conversationId] });
  await world.work();
  await store(world, 'Here I am', { ...ref, after: [phoneChat.conversationId] });
  await world.work();

  expect(await askUnasked(world.ports, ref, asking)).toMatchObject({ kind: 'asked' });
});

verifies('conversation:stop-merged', 'a STOP that START undid there is not carried over', async () => {
  const world = await startAfter('STOP', 'START');
  await store(world, 'Here I am', { ...ref, after: [phoneChat.conversationId] });
  await world.work();

  expect(await askUnasked(world.ports, ref, asking)).toMatchObject({ kind: 'asked' });
});
