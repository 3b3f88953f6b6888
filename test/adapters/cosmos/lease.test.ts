import { expect } from 'vitest';
import { createCosmosConversations } from '../../../shared/adapters/cosmos/conversations.ts';
import { hold, messageOf, now, owner, ref, release, rival, takeAs } from '../../contract/conversations/implementations.ts';
import { startCosmos } from '../../support/cosmos.ts';
import { verifies } from '../../verifies.ts';

const patches = { vendor: 'cosmos', match: { method: 'PATCH' } } as const;
const wanted = { owner, until: now + 20_000, now };

async function startFree() {
  const started = await startCosmos();
  const conversations = createCosmosConversations(started.cosmos);
  await conversations.storeMessage(messageOf('m1'));
  return { ...started, conversations };
}

verifies(
  ['adapters:cosmos-outcomes', 'conversation:lease'],
  'a taking whose answer was lost is found to be ours, once',
  async () => {
    for (const status of [undefined, 503, 408]) {
      const { context, conversations } = await startFree();
      context.faults.add({ ...patches, effect: 'answer-after-doing', ...(status === undefined ? {} : { status }) });

      const taking = await conversations.takeLease(ref, wanted);

      expect(taking).toEqual({ kind: 'taken', lease: { ...ref, owner, epoch: 1, attempts: 1 } });
    }
  },
);

verifies('adapters:cosmos-outcomes', 'a taking that was not done is not taken for one that was', async () => {
  const { context, conversations } = await startFree();
  context.faults.add({ ...patches, effect: 'drop', times: 50 });

  const taking = await conversations.takeLease(ref, wanted).catch((error: unknown) => error);
  context.faults.clear();

  expect(taking).not.toMatchObject({ kind: 'taken' });
  expect(await takeAs(conversations, rival)).toMatchObject({ owner: rival, epoch: 1 });
});

verifies('adapters:cosmos-requests', 'taking a free lease is one request, a busy one two', async () => {
  const { conversations, context } = await startFree();
  const count = () => context.journal.entries('cosmos').length;
  await conversations.listOverdue({ workspace: 'acme', beforeMs: 0, limit: 1 });

  const before = count();
  await conversations.takeLease(ref, wanted);
  const taken = count() - before;
  await conversations.takeLease(ref, { ...wanted, owner: rival });

  expect([taken, count() - before - taken]).toEqual([1, 2]);
});

verifies(
  'adapters:cosmos-requests',
  'storing, committing and letting go are one request each, reading is one query',
  async () => {
    const { conversations, requests } = await startFree();
    const lease = await takeAs(conversations, owner);
    // The client reads the container's definition once in its life, before its first query.
    await conversations.load(ref);
    const before = requests().length;

    await conversations.storeMessage(messageOf('m2'));
    await conversations.load(ref);
    await conversations.commit(lease, { after: hold(now + 30_000), changes: [] });
    await conversations.commit(lease, { after: release, changes: [] });

    // The client asks for the plan of every query beside the query itself.
    expect(requests().slice(before)).toHaveLength(4 + 1);
  },
);

verifies('adapters:cosmos-session', 'what we wrote we read, though the store may answer from a moment ago', async () => {
  const { cosmos } = await startCosmos({ staleReadMs: 60_000 });
  const conversations = createCosmosConversations(cosmos);
  await conversations.storeMessage(messageOf('m1'));
  const lease = await takeAs(conversations, owner);

  await conversations.commit(lease, { after: hold(now + 30_000), changes: [{ kind: 'patch', id: 'm1', set: { turnId: 't1' } }] });
  const partition = await conversations.load(ref);

  expect(partition.messages).toMatchObject([{ id: 'm1', turnId: 't1' }]);
});

verifies('adapters:cosmos-session', 'a second process reads what came before its own lease write', async () => {
  const { cosmos, another } = await startCosmos({ staleReadMs: 60_000 });
  const [webhook, worker] = [createCosmosConversations(cosmos), createCosmosConversations(another())];
  await webhook.storeMessage(messageOf('m1'));

  await takeAs(worker, owner);
  const partition = await worker.load(ref);

  expect(partition.messages.map(({ id }) => id)).toEqual(['m1']);
});
