import { expect } from 'vitest';
import { deriveId, deriveWhatsappId } from '../../../shared/core/ids.ts';
import type { FailureDocument } from '../../../shared/ports/documents.ts';
import { verifies } from '../../verifies.ts';
import { hold, implementations, messageOf, now, owner, ref, release, replyOf, startHeld, takeAs } from './implementations.ts';

const id = deriveId('reply', 't1', 'answer');
const [first, second] = [deriveWhatsappId(id, 0), deriveWhatsappId(id, 1)];
/** A reply whose parts are named by it, as all are. */
const reply = () => replyOf(id, { parts: [first, second].map((whatsappId) => ({ whatsappId, state: 'due', ack: 0 })) });

for (const [name, start] of Object.entries(implementations)) {
  verifies(['adapters:conversations', 'conversation:acks'], `${name}: an ack moves its part forward, never back`, async () => {
    const { conversations, lease, document } = await startHeld(start);
    await conversations.commit(lease, { after: hold(now + 30_000), changes: [{ kind: 'create', document: reply() }] });
    const ack = (level: number, whatsappId = second) => conversations.recordAck(ref, { whatsappId, ack: level });

    const moved = [await ack(1), await ack(3), await ack(2), await ack(3), await ack(-1), await ack(4), await ack(1, 'unknown')];
    const elsewhere = [await ack(1, deriveWhatsappId(deriveId('none'), 1)), await ack(1, deriveWhatsappId(id, 2))];

    expect([moved, elsewhere]).toEqual([
      [true, true, false, false, false, true, false],
      [false, false],
    ]);
    expect(await document(ref, id)).toMatchObject({ parts: [{ ack: 0 }, { ack: 4 }] });
  });

  verifies(
    ['adapters:conversations', 'conversation:acks'],
    `${name}: a failed delivery is seen, and no late ack hides it`,
    async () => {
      const { conversations, lease, document } = await startHeld(start);
      await conversations.commit(lease, { after: hold(now + 30_000), changes: [{ kind: 'create', document: reply() }] });
      const ack = (level: number, whatsappId: string) => conversations.recordAck(ref, { whatsappId, ack: level });

      const atOnce = [await ack(-1, first), await ack(-1, first), await ack(0, first), await ack(1, first)];
      const afterTheServer = [await ack(1, second), await ack(-1, second)];
      const failed = await document(ref, id);
      const delivered = [await ack(2, second), await ack(-1, second)];

      expect([atOnce, afterTheServer, delivered]).toEqual([
        [true, false, false, false],
        [true, true],
        [true, false],
      ]);
      expect(failed).toMatchObject({ parts: [{ ack: -1 }, { ack: -1 }] });
      expect(await document(ref, id)).toMatchObject({ parts: [{ ack: -1 }, { ack: 2 }] });
    },
  );

  verifies(
    ['adapters:conversations', 'conversation:acks'],
    `${name}: the batch that ends a sending leaves the acks that came meanwhile`,
    async () => {
      const { conversations, lease, document } = await startHeld(start);
      await conversations.commit(lease, { after: hold(now + 30_000), changes: [{ kind: 'create', document: reply() }] });
      await conversations.recordAck(ref, { whatsappId: first, ack: 2 });

      await conversations.commit(lease, {
        after: release,
        changes: [
          { kind: 'patch', id, set: { 'parts/0/state': 'sent', 'parts/0/sentAt': now, state: 'sent' }, remove: ['dueAt'] },
        ],
      });

      expect(await document(ref, id)).toMatchObject({
        state: 'sent',
        parts: [{ state: 'sent', ack: 2, sentAt: now }, { ack: 0 }],
      });
    },
  );

  verifies(
    ['adapters:conversations', 'conversation:overdue'],
    `${name}: what is overdue is listed once a conversation, the oldest first`,
    async () => {
      const { conversations } = await start();
      const at = (conversationId: string, id: string, dueAt: number) => {
        const [workspace = ''] = conversationId.split(':');
        return conversations.storeMessage({ ...messageOf(id), workspace, conversationId, dueAt });
      };
      await at('acme:young', 'm1', now - 1_000);
      await at('acme:old', 'm2', now - 90_000);
      await at('acme:old', 'm3', now - 80_000);
      await at('acme:older', 'm4', now - 100_000);
      await at('other:c', 'm5', now - 200_000);

      const all = await conversations.listOverdue({ workspace: 'acme', beforeMs: now - 60_000, limit: 10 });
      const one = await conversations.listOverdue({ workspace: 'acme', beforeMs: now - 60_000, limit: 1 });
      const of = (only: string) => conversations.listOverdue({ workspace: 'acme', beforeMs: now - 60_000, limit: 10, only });

      expect(all).toEqual(['acme:older', 'acme:old'].map((conversationId) => ({ workspace: 'acme', conversationId })));
      expect(one.map(({ conversationId }) => conversationId)).toEqual(['acme:older']);
      expect([await of('acme:old'), await of('acme:young')]).toEqual([[{ workspace: 'acme', conversationId: 'acme:old' }], []]);
    },
  );

  verifies(
    'adapters:conversations',
    `${name}: what is due is counted, document by document, over all conversations`,
    async () => {
      const { conversations } = await start();
      const at = (conversationId: string, id: string, dueAt: number) =>
        conversations.storeMessage({ ...messageOf(id), conversationId, workspace: conversationId.split(':')[0] ?? '', dueAt });
      const before = await conversations.countDue({ workspace: 'acme', beforeMs: now });
      await at('acme:a', 'm1', now - 90_000);
      await at('acme:a', 'm2', now - 1);
      await at('acme:b', 'm3', now - 2);
      await at('acme:b', 'm4', now);
      await at('other:c', 'm5', now - 1);

      const after = await conversations.countDue({ workspace: 'acme', beforeMs: now });

      expect([before, after]).toEqual([0, 3]);
    },
  );

  verifies(
    ['adapters:conversations', 'conversation:overdue'],
    `${name}: a chat with much overdue does not hide the others`,
    async () => {
      const { conversations } = await start();
      const at = (conversationId: string, id: string, dueAt: number) =>
        conversations.storeMessage({ ...messageOf(id), conversationId, dueAt });
      for (let n = 0; n < 20; n += 1) await at('acme:flood', `f${n}`, now - 100_000 + n);
      await at('acme:second', 'm1', now - 80_000);
      await at('acme:third', 'm2', now - 70_000);

      const listed = await conversations.listOverdue({ workspace: 'acme', beforeMs: now - 60_000, limit: 2 });

      expect(listed.map(({ conversationId }) => conversationId)).toEqual(['acme:flood', 'acme:second']);
    },
  );

  verifies(
    ['adapters:conversations', 'conversation:overdue'],
    `${name}: a lease run out is overdue too, though nothing else is`,
    async () => {
      const { conversations, lease } = await startHeld(start);
      await conversations.commit(lease, {
        after: hold(now + 20_000),
        changes: [{ kind: 'patch', id: 'm1', set: {}, remove: ['dueAt'] }],
      });

      const during = await conversations.listOverdue({ workspace: 'acme', beforeMs: now + 20_000, limit: 10 });
      const after = await conversations.listOverdue({ workspace: 'acme', beforeMs: now + 20_001, limit: 10 });

      expect([during, after]).toEqual([[], [ref]]);
    },
  );

  verifies('adapters:conversations', `${name}: failures of a workspace, the newest first`, async () => {
    const { conversations, lease } = await startHeld(start);
    const failures = [1, 3, 2].map((n) => ({
      ...ref,
      id: `failure:t${n}`,
      type: 'failure' as const,
      turnId: `t${n}`,
      at: now + n,
      reason: 'forbidden',
      messageIds: ['m1'],
    }));
    await conversations.commit(lease, {
      after: release,
      changes: failures.map((document) => ({ kind: 'create', document }) as const),
    });

    const listed = await conversations.listFailures('acme', 10);

    expect(listed.map(({ turnId }) => turnId)).toEqual(['t3', 't2', 't1']);
    expect(await conversations.listFailures('another', 10)).toEqual([]);
    expect(await takeAs(conversations, owner, now)).toMatchObject({ epoch: 2, attempts: 1 });
  });

  verifies('adapters:conversations', `${name}: of many failures the newest are listed, in an order that stays`, async () => {
    const { conversations, lease } = await startHeld(start);
    const failed = (turnId: string, at: number) => {
      const document: FailureDocument = {
        ...{ ...ref, id: `failure:${turnId}`, type: 'failure', turnId, at, reason: 'upstream', messageIds: [] },
      };
      return { kind: 'create', document } as const;
    };
    const old = Array.from({ length: 30 }, (_, index) => failed(`old${index}`, now - 1_000 - index));
    const changes = [...old.slice(0, 15), failed('b', now), failed('newest', now + 1), failed('a', now), ...old.slice(15)];
    await conversations.commit(lease, { after: hold(now + 30_000), changes });

    const lists = [await conversations.listFailures('acme', 4), await conversations.listFailures('acme', 2)];

    expect(lists.map((list) => list.map(({ turnId }) => turnId))).toEqual([
      ['newest', 'a', 'b', 'old0'],
      ['newest', 'a'],
    ]);
  });
}
