import { expect } from 'vitest';
import { createCosmosConversations } from '../../../shared/adapters/cosmos/conversations.ts';
import { createCosmosPause } from '../../../shared/adapters/cosmos/pause.ts';
import type { Change } from '../../../shared/ports/conversations.ts';
import type { FailureDocument } from '../../../shared/ports/documents.ts';
import { callsOf, messageOf, now, owner, ref, release, takeAs } from '../../contract/conversations/implementations.ts';
import { startCosmos } from '../../support/cosmos.ts';
import { verifies } from '../../verifies.ts';

const batches = { vendor: 'cosmos', match: { method: 'POST', path: '/docs', body: 'replayKey' } } as const;
const replay = { turnId: 't1', run: 0, key: 'k1', now: now + 60_000 };

/** A turn of `messages` messages that failed after `answers` recorded answers. */
async function startFailed({ messages = 1, answers = 0, staleReadMs = 0 } = {}) {
  const started = await startCosmos({ staleReadMs });
  const conversations = createCosmosConversations(started.cosmos);
  const ids = Array.from({ length: messages }, (_, n) => `m${n}`);
  for (const id of ids) await conversations.storeMessage(messageOf(id));
  const failure: FailureDocument = {
    ...{ ...ref, id: 'failure:t1', type: 'failure', turnId: 't1', at: now, reason: 'upstream', messageIds: ids, run: 0 },
  };
  const lease = await takeAs(conversations, owner);
  await conversations.commit(lease, {
    after: release,
    changes: [
      ...ids.map((id): Change => ({ kind: 'patch', id, set: { turnId: 't1', ttl: 60 }, remove: ['dueAt'] })),
      ...Array.from({ length: answers }, (_, n): Change => {
        return { kind: 'create', document: callsOf(n, { open: false, ended: true, ttl: 60 }) };
      }),
      { kind: 'create', document: failure },
    ],
    onLease: { ended: messages },
  });
  const waiting = async () => {
    const { resource } = await started.cosmos
      .container('conversations')
      .item('lease', ref.conversationId)
      .read<{ waiting: number }>();
    return resource?.waiting;
  };
  return { ...started, conversations, waiting };
}

verifies(
  ['adapters:cosmos-outcomes', 'conversation:replay'],
  'a replay whose answer is lost is done once, and known as done',
  async () => {
    for (const status of [undefined, 408, 500]) {
      const { context, conversations, waiting } = await startFailed();
      context.faults.add({ ...batches, effect: 'answer-after-doing', ...(status === undefined ? {} : { status }) });

      const outcome = await conversations.replayFailure(ref, replay);

      expect([outcome, await waiting()], String(status)).toEqual(['replayed', 1]);
    }
  },
);

verifies(
  ['adapters:cosmos-outcomes', 'conversation:replay'],
  'a replay that was never answered may have been done, and its repeat tells',
  async () => {
    const { context, conversations, waiting } = await startFailed();
    context.faults.add({ ...batches, effect: 'answer-after-doing', times: 1 });
    context.faults.add({ ...batches, effect: 'drop', times: 100 });

    const lost = conversations.replayFailure(ref, replay);
    await expect(lost).rejects.toMatchObject({ retryable: true, maybeDone: true });
    context.faults.clear();

    expect([await conversations.replayFailure(ref, replay), await waiting()]).toEqual(['replayed', 1]);
  },
);

verifies(['adapters:cosmos-outcomes', 'conversation:replay'], 'the largest turn fits in one batch', async () => {
  const { conversations, waiting } = await startFailed({ messages: 20, answers: 8 });

  const outcome = await conversations.replayFailure(ref, replay);

  const { messages, calls } = await conversations.load(ref);
  expect([outcome, await waiting(), messages.length, calls.length]).toEqual(['replayed', 20, 20, 8]);
});

verifies(['adapters:cosmos-outcomes', 'conversation:replay'], 'two processes that read a moment ago replay it once', async () => {
  const { another, conversations, waiting } = await startFailed({ staleReadMs: 300 });
  const others = [another(), another()].map((cosmos) => createCosmosConversations(cosmos));

  const outcomes = await Promise.allSettled(
    [conversations, ...others].map((each, index) => each.replayFailure(ref, { ...replay, key: `k${index}` })),
  );
  const known = outcomes.flatMap((one) => (one.status === 'fulfilled' && one.value === 'replayed' ? [one.value] : []));

  expect(known.length).toBeLessThanOrEqual(1);
  // Who read what was stale may have to ask again; then it is once.
  await new Promise((resolve) => setTimeout(resolve, 350));
  const again = await conversations.replayFailure(ref, { ...replay, key: 'k9' });
  expect([...known, again].filter((outcome) => outcome === 'replayed')).toHaveLength(1);
  expect(await waiting()).toBe(1);
});

verifies(
  ['adapters:cosmos-outcomes', 'conversation:pause'],
  'a pause whose answer is lost is one pause: its repeat changes nothing',
  async () => {
    const { context, cosmos } = await startCosmos({ containers: [{ name: 'settings', partitionKey: '/workspace' }] });
    const pause = createCosmosPause(cosmos, 'acme');
    const change = { paused: true, by: 'acme:ana', at: now, key: 'k1' };
    context.faults.add({ vendor: 'cosmos', match: { method: 'POST', path: '/colls/settings' }, effect: 'answer-after-doing' });

    await pause.change(change).catch(() => undefined);
    await pause.change({ ...change, paused: false, key: 'k2' });
    const repeated = await pause.change(change);

    expect(repeated).toMatchObject({ changed: true, state: { paused: false } });
  },
);
