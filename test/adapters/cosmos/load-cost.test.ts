import { expect } from 'vitest';
import { createCosmosConversations } from '../../../shared/adapters/cosmos/conversations.ts';
import { callsOf, hold, messageOf, now, owner, ref, takeAs } from '../../contract/conversations/implementations.ts';
import { startCosmos } from '../../support/cosmos.ts';
import { verifies } from '../../verifies.ts';

verifies('cost:flat', 'what a worker reads costs no more where a month of ended calls is kept', async () => {
  const { cosmos, sandbox } = await startCosmos();
  const conversations = createCosmosConversations(cosmos);
  await conversations.storeMessage(messageOf('m1'));
  const lease = await takeAs(conversations, owner);
  const costOfLoading = async () => {
    sandbox.resetRequestUnits();
    const { calls } = await conversations.load(ref);
    return { calls: calls.length, ...sandbox.requestUnits() };
  };
  await conversations.commit(lease, { after: hold(now + 30_000), changes: [{ kind: 'create', document: callsOf(0) }] });
  const young = await costOfLoading();

  for (let from = 1; from < 541; from += 90) {
    const ended = Array.from({ length: 90 }, (_, index) => callsOf(from + index, { open: false }));
    const changes = ended.map((document) => ({ kind: 'create', document }) as const);
    await conversations.commit(lease, { after: hold(now + 30_000), changes });
  }
  const old = await costOfLoading();

  expect(young).toMatchObject({ calls: 1, requests: 1 });
  expect(old).toEqual(young);
});
