import { expect } from 'vitest';
import { createCosmosConversations } from '../../../shared/adapters/cosmos/conversations.ts';
import type { Change } from '../../../shared/ports/conversations.ts';
import {
  hold,
  messageOf,
  now,
  owner,
  ref,
  release,
  replyOf,
  rival,
  takeAs,
} from '../../contract/conversations/implementations.ts';
import { startCosmos } from '../../support/cosmos.ts';
import { verifies } from '../../verifies.ts';

const batches = { vendor: 'cosmos', match: { method: 'POST', path: '/docs', body: 'lease' } } as const;

async function startHeld(options: Parameters<typeof startCosmos>[0] = {}) {
  const started = await startCosmos(options);
  const conversations = createCosmosConversations(started.cosmos);
  await conversations.storeMessage(messageOf('m1'));
  const lease = await takeAs(conversations, owner);
  const read = async (id: string) => {
    const { resource } = await started.cosmos
      .container('conversations')
      .item(id, ref.conversationId)
      .read<Record<string, unknown>>();
    return resource;
  };
  return { ...started, conversations, lease, read };
}

/** What ends a turn: the messages first, each with something removed, the reply last. */
const ending: readonly Change[] = [
  { kind: 'patch', id: 'm1', set: { turnId: 't1', ttl: 60 }, remove: ['dueAt'] },
  { kind: 'create', document: replyOf('r1') },
];

const lostAnswers = [{ status: undefined }, { status: 503 }, { status: 408 }, { status: 500 }] as const;

verifies('adapters:cosmos-outcomes', 'a batch whose answer was lost is applied once, whatever it holds', async () => {
  for (const { status } of lostAnswers) {
    const { context, conversations, lease, read } = await startHeld({ staleReadMs: 60_000 });
    context.faults.add({ ...batches, effect: 'answer-after-doing', ...(status === undefined ? {} : { status }) });

    await conversations.commit(lease, { after: hold(now + 30_000), changes: ending });

    expect(await read('r1')).toMatchObject({ id: 'r1' });
    expect(await read('m1')).not.toHaveProperty('dueAt');
    expect(await read('lease')).toMatchObject({ owner, epoch: 1, until: now + 30_000 });
  }
});

verifies('adapters:cosmos-outcomes', 'so is one that lets go, and the next holder is not disturbed', async () => {
  const { context, conversations, lease, read } = await startHeld();
  context.faults.add({ ...batches, effect: 'answer-after-doing' });

  await conversations.commit(lease, { after: release, changes: ending });
  const taken = await takeAs(conversations, rival);

  expect(taken).toMatchObject({ owner: rival, epoch: 2, attempts: 1 });
  expect(await read('r1')).toMatchObject({ id: 'r1' });
});

verifies('adapters:cosmos-outcomes', 'a batch that was not done is repeated, and a refusal of the repeat is told', async () => {
  const { context, conversations, lease, read } = await startHeld();
  context.faults.add({ ...batches, effect: 'drop' });
  await conversations.commit(lease, { after: hold(now + 30_000), changes: ending });

  context.faults.add({ ...batches, effect: 'drop' });
  const conflicting = conversations.commit(lease, {
    after: hold(now + 40_000),
    changes: [{ kind: 'create', document: replyOf('r1', { turnId: 'another' }) }],
  });

  await expect(conflicting).rejects.toMatchObject({ code: 'conflict' });
  expect(await read('r1')).toMatchObject({ turnId: 't1' });
});

verifies('adapters:cosmos-outcomes', 'a lease taken by another between the try and its repeat is lost', async () => {
  const { context, conversations, lease, read, cosmos } = await startHeld();
  context.faults.add({ ...batches, effect: 'drop' });
  await cosmos
    .container('conversations')
    .item('lease', ref.conversationId)
    .patch([
      { op: 'set', path: '/owner', value: rival },
      { op: 'incr', path: '/epoch', value: 1 },
    ]);

  const commit = conversations.commit(lease, { after: hold(now + 30_000), changes: ending });

  await expect(commit).rejects.toMatchObject({ code: 'lease-lost' });
  expect(await read('r1')).toBeUndefined();
});

verifies('adapters:cosmos-outcomes', 'a store that stays away is told as worth retrying, after a bounded time', async () => {
  const { context, conversations, lease } = await startHeld();
  context.faults.add({ vendor: 'cosmos', effect: 'answer', status: 503, times: 500 });
  const startedAt = performance.now();

  const commit = conversations.commit(lease, { after: hold(now + 30_000), changes: ending });

  await expect(commit).rejects.toMatchObject({ code: 'upstream', vendor: 'cosmos', retryable: true });
  expect(performance.now() - startedAt).toBeLessThan(10_000);
});

verifies('adapters:cosmos-outcomes', 'a message whose answer was lost is stored once, at first contact too', async () => {
  const { context, cosmos } = await startCosmos();
  const conversations = createCosmosConversations(cosmos);

  for (const id of ['first', 'second']) {
    context.faults.add({ vendor: 'cosmos', match: { method: 'POST', body: id }, effect: 'answer-after-doing', times: 2 });
    expect(['stored', 'seen']).toContain(await conversations.storeMessage(messageOf(id)));
    context.faults.clear();
  }

  expect((await conversations.load(ref)).messages.map(({ id }) => id)).toEqual(['first', 'second']);
});
