import { expect } from 'vitest';
import type { ErasureDocument } from '../../../shared/ports/documents.ts';
import { verifies } from '../../verifies.ts';
import { callsOf, hold, implementations, messageOf, now, ref, release, replyOf, startHeld, takeAs } from './implementations.ts';

const erasure: ErasureDocument = {
  ...{ ...ref, id: 'erasure', type: 'erasure', dueAt: now, at: now },
  ...{ names: ['acme:lid'], others: [], people: [{ id: 'p1', account: 'acme:a' }], replyId: 'r1' },
};

for (const [name, start] of Object.entries(implementations)) {
  verifies('adapters:conversations', `${name}: what an erasure is about is read by whoever goes on with it`, async () => {
    const { conversations, lease, document } = await startHeld(start);
    const before = await conversations.findErasure(ref);

    await conversations.commit(lease, {
      after: release,
      changes: [{ kind: 'upsert', document: erasure }],
      onLease: { erased: { state: 'erased', at: now } },
    });
    const next = await takeAs(conversations, 'c'.repeat(32), now + 1_000);

    expect(before).toBeUndefined();
    expect(next.erasedAt).toBe(now);
    expect((await conversations.load(ref)).erasure).toEqual(erasure);
    expect(await conversations.findErasure(ref)).toEqual({ state: 'erased', at: now });
    expect(await conversations.listOverdue({ workspace: 'acme', beforeMs: now + 1, limit: 5 })).toEqual([ref]);
    expect(await document(ref, 'lease')).toMatchObject({ erased: 'erased', erasedAt: now });
  });

  verifies(
    'adapters:conversations',
    `${name}: all that lies beside the lease is listed and deleted, whatever it is`,
    async () => {
      const { conversations, lease, document } = await startHeld(start, [messageOf('m1'), messageOf('m2')]);
      const changes = [replyOf('r1'), callsOf(0, { open: false })].map((one) => ({ kind: 'create', document: one }) as const);
      await conversations.commit(lease, { after: hold(now + 20_000), changes });

      const some = await conversations.listIds(ref, 3);
      const all = await conversations.listIds(ref, 10);
      await conversations.commit(lease, {
        after: release,
        changes: all.map((id) => ({ kind: 'delete', id })),
        onLease: { erased: { state: 'done', at: now } },
      });

      expect(some).toHaveLength(3);
      expect([...all].sort()).toEqual(['m1', 'm2', 'r1', 't1:0']);
      expect(await conversations.listIds(ref, 10)).toEqual([]);
      expect(await document(ref, 'lease')).toMatchObject({ erased: 'done' });
      expect(await conversations.findErasure(ref)).toEqual({ state: 'done', at: now });
    },
  );

  verifies('adapters:conversations', `${name}: a batch that deletes what is gone is refused as a whole`, async () => {
    const { conversations, lease, document } = await startHeld(start);

    const commit = conversations.commit(lease, {
      after: hold(now + 20_000),
      changes: ['m1', 'expired'].map((id) => ({ kind: 'delete', id })),
    });

    await expect(commit).rejects.toMatchObject({ code: 'not-found' });
    expect(await document(ref, 'm1')).toEqual(messageOf('m1'));
  });

  verifies('adapters:conversations', `${name}: of a conversation that is not there nothing is listed`, async () => {
    const { conversations } = await start();

    expect([await conversations.findErasure(ref), await conversations.listIds(ref, 10)]).toEqual([undefined, []]);
  });
}
