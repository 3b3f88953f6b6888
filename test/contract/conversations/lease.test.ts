import { expect } from 'vitest';
import { verifies } from '../../verifies.ts';
import { hold, implementations, messageOf, now, owner, ref, release, rival, startHeld, takeAs } from './implementations.ts';

for (const [name, start] of Object.entries(implementations)) {
  const take = (who: string, at = now) => ({ owner: who, until: at + 20_000, now: at });

  verifies(
    ['adapters:conversations', 'conversation:lease'],
    `${name}: a free lease is taken, counted and due at its end`,
    async () => {
      const { lease, leaseDocument } = await startHeld(start);

      expect(lease).toEqual({ ...ref, owner, epoch: 1, attempts: 1 });
      expect(await leaseDocument()).toMatchObject({ owner, epoch: 1, attempts: 1, until: now + 20_000, dueAt: now + 20_000 });
    },
  );

  verifies(['adapters:conversations', 'conversation:lease'], `${name}: a held one is busy, one run out abandoned`, async () => {
    const { conversations } = await startHeld(start);

    const during = await conversations.takeLease(ref, take(rival, now + 19_999));
    const after = await conversations.takeLease(ref, take(rival, now + 20_000));

    expect(during).toEqual({ kind: 'busy', until: now + 20_000 });
    expect(after).toMatchObject({ kind: 'abandoned', lease: { owner, epoch: 1, attempts: 1 } });
  });

  verifies('adapters:conversations', `${name}: our own owner found there is a lease taken, and counted once`, async () => {
    const { conversations, lease } = await startHeld(start);

    expect(await takeAs(conversations, owner)).toEqual(lease);
  });

  verifies(
    ['adapters:conversations', 'conversation:lease'],
    `${name}: an abandoned lease rests, keeps its attempts, and is then taken`,
    async () => {
      const { conversations, leaseDocument } = await startHeld(start);
      const abandoned = await leaseDocument();
      const restUntil = now + 60_000;

      const freed = [
        await conversations.freeAbandoned(abandoned, restUntil),
        await conversations.freeAbandoned(abandoned, restUntil),
      ];
      const early = await conversations.takeLease(ref, take(rival, restUntil - 1));
      const taken = await takeAs(conversations, rival, restUntil);

      expect(freed).toEqual([true, false]);
      expect(early).toEqual({ kind: 'busy', until: restUntil });
      expect(taken).toEqual({ ...ref, owner: rival, epoch: 2, attempts: 2 });
    },
  );

  verifies('adapters:conversations', `${name}: no conversation, no lease`, async () => {
    const { conversations } = await start();

    expect(await conversations.takeLease(ref, take(owner))).toEqual({ kind: 'absent' });
  });

  verifies('adapters:conversations', `${name}: of many who ask at once one takes it`, async () => {
    const { conversations } = await start();
    await conversations.storeMessage(messageOf('m1'));
    const owners = Array.from({ length: 6 }, (_, index) => String(index).repeat(32));

    const takings = await Promise.all(owners.map((who) => conversations.takeLease(ref, take(who))));

    expect(takings.map(({ kind }) => kind).sort()).toEqual(['busy', 'busy', 'busy', 'busy', 'busy', 'taken']);
  });

  verifies(
    'adapters:conversations',
    `${name}: released it is free at once, or at its time, with or without its attempts`,
    async () => {
      const { conversations, lease, leaseDocument } = await startHeld(start);

      await conversations.commit(lease, { after: { ...release, notBefore: now + 5_000, keepAttempts: true }, changes: [] });
      const parked = await leaseDocument();
      const again = await takeAs(conversations, rival, now + 5_000);
      await conversations.commit(again, { after: release, changes: [] });
      const free = await leaseDocument();

      expect(parked).toMatchObject({ owner: null, until: now + 5_000, dueAt: now + 5_000, attempts: 1 });
      expect(again).toMatchObject({ epoch: 2, attempts: 2 });
      expect(free).toMatchObject({ owner: null, until: 0, attempts: 0, epoch: 2 });
      expect(free.dueAt).toBeUndefined();
    },
  );

  verifies('adapters:conversations', `${name}: a taking that tried nothing leaves the attempts as it found them`, async () => {
    const { conversations, lease, leaseDocument } = await startHeld(start);
    await conversations.commit(lease, { after: { ...release, keepAttempts: true }, changes: [] });
    const looking = await takeAs(conversations, rival);

    await conversations.commit(looking, { after: { ...release, keepAttempts: true, uncounted: true }, changes: [] });

    expect(looking).toMatchObject({ epoch: 2, attempts: 2 });
    expect(await leaseDocument()).toMatchObject({ owner: null, attempts: 1, epoch: 2 });
  });

  verifies(
    ['adapters:conversations', 'conversation:lease'],
    `${name}: who lost the lease writes nothing, not even in part`,
    async () => {
      const { conversations, lease, leaseDocument, document } = await startHeld(start);
      await conversations.freeAbandoned(await leaseDocument(), 0);
      await takeAs(conversations, rival);
      const before = await leaseDocument();
      const changes = [
        { kind: 'patch', id: 'm1', set: { turnId: 't1' }, remove: ['dueAt'] },
        { kind: 'create', document: messageOf('m2') },
      ] as const;

      for (const after of [hold(now + 40_000), release]) {
        await expect(conversations.commit(lease, { after, changes })).rejects.toMatchObject({ code: 'lease-lost' });
      }

      expect(await leaseDocument()).toEqual(before);
      expect(await document(ref, 'm1')).toEqual(messageOf('m1'));
      expect(await document(ref, 'm2')).toBeUndefined();
    },
  );

  verifies('adapters:conversations', `${name}: after its release nothing of the former holder is written`, async () => {
    const { conversations, lease } = await startHeld(start);
    await conversations.commit(lease, { after: release, changes: [] });

    await expect(conversations.commit(lease, { after: hold(now + 40_000), changes: [] })).rejects.toMatchObject({
      code: 'lease-lost',
    });
  });
}
