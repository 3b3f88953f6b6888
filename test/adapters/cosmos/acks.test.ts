import { expect } from 'vitest';
import { createCosmosConversations } from '../../../shared/adapters/cosmos/conversations.ts';
import { deriveId, deriveWhatsappId, replyIdStart } from '../../../shared/core/ids.ts';
import { hold, messageOf, now, owner, ref, replyOf, takeAs } from '../../contract/conversations/implementations.ts';
import { startCosmos } from '../../support/cosmos.ts';
import { verifies } from '../../verifies.ts';

const idOf = (index: number) => deriveId('reply', index);

/** A reply of two parts that was sent, as it stays until its time is over. */
function sentReply(index: number) {
  const id = idOf(index);
  const parts = [0, 1].map((part) => ({ whatsappId: deriveWhatsappId(id, part), state: 'sent' as const, ack: 1 }));
  const reply = replyOf(id, { parts, state: 'sent', sealed: 'c2VhbGVk'.repeat(100) });
  delete reply.dueAt;
  return reply;
}

verifies('conversation:ack-cost', 'one in a month of replies costs what it costs in a young conversation', async () => {
  const { cosmos, sandbox } = await startCosmos();
  const conversations = createCosmosConversations(cosmos);
  await conversations.storeMessage(messageOf('m1'));
  const lease = await takeAs(conversations, owner);
  const keep = (from: number, count: number) => {
    const changes = Array.from({ length: count }, (_, index) => ({ kind: 'create', document: sentReply(from + index) }) as const);
    return conversations.commit(lease, { after: hold(now + 30_000), changes });
  };
  const costOf = async (whatsappId: string) => {
    sandbox.resetRequestUnits();
    const moved = await conversations.recordAck(ref, { whatsappId, ack: 2 });
    return { moved, ...sandbox.requestUnits() };
  };
  await keep(0, 1);
  const young = await costOf(deriveWhatsappId(idOf(0), 0));
  for (let from = 1; from < 901; from += 90) await keep(from, 90);

  const old = await costOf(deriveWhatsappId(idOf(450), 1));
  const foreign = await costOf('A5F0C1D2E3F405162738');

  expect(young).toMatchObject({ moved: true, requests: 2 });
  expect(old).toEqual(young);
  expect(old.units).toBeLessThan(12);
  expect(foreign).toEqual({ moved: false, requests: 0, units: 0 });
});

verifies('conversation:ack-cost', 'a WhatsApp id of ours tells how the id of its reply begins, and no other does', () => {
  const id = deriveId('reply', 1);
  const parts = [0, 1, 255, 4_095].map((part) => deriveWhatsappId(id, part));

  expect(new Set(parts).size).toBe(4);
  for (const part of parts) expect(part).toMatch(/^3EB0[0-9A-F]{18}$/);
  expect(parts.map((part) => id.startsWith(replyIdStart(part) ?? 'none'))).toEqual([true, true, true, true]);
  expect(['', '3EB0', 'A5F0C1D2E3F405162738', `${parts[0] ?? ''}0`].map(replyIdStart)).toEqual(Array(4).fill(undefined));
});
