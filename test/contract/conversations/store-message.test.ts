import { expect } from 'vitest';
import { verifies } from '../../verifies.ts';
import { implementations, messageOf, now, ref } from './implementations.ts';

for (const [name, start] of Object.entries(implementations)) {
  verifies('adapters:conversations', `${name}: the first message makes the conversation, free to be taken`, async () => {
    const { conversations, document } = await start();

    const outcome = await conversations.storeMessage(messageOf('m1'));

    expect(outcome).toBe('stored');
    expect(await document(ref, 'm1')).toEqual(messageOf('m1'));
    expect(await document(ref, 'lease')).toMatchObject({ owner: null, epoch: 0, until: 0, attempts: 0 });
  });

  verifies('adapters:conversations', `${name}: a message that is there is seen, and stays as it was`, async () => {
    const { conversations, document } = await start();
    await conversations.storeMessage(messageOf('m1'));

    const outcome = await conversations.storeMessage(messageOf('m1', { arrivedAt: now + 5, sealed: 'b3RoZXI=' }));

    expect(outcome).toBe('seen');
    expect(await document(ref, 'm1')).toEqual(messageOf('m1'));
  });

  verifies('adapters:conversations', `${name}: messages that meet at first contact are all stored, a twin once`, async () => {
    const { conversations } = await start();
    const messages = ['m1', 'm2', 'm3', 'm4', 'm4', 'm5'].map((id) => messageOf(id));

    const outcomes = await Promise.all(messages.map((message) => conversations.storeMessage(message)));

    expect(outcomes.filter((outcome) => outcome === 'stored')).toHaveLength(5);
    expect(outcomes.filter((outcome) => outcome === 'seen')).toHaveLength(1);
    expect((await conversations.load(ref)).messages.map(({ id }) => id)).toEqual(['m1', 'm2', 'm3', 'm4', 'm5']);
  });

  verifies('adapters:conversations', `${name}: an erased conversation takes no message, done or not`, async () => {
    for (const erased of ['erased', 'done'] as const) {
      const { conversations, document } = await start();
      await conversations.storeMessage(messageOf('m1'));
      const lease = await conversations.takeLease(ref, { owner: 'abc', until: now + 1_000, now });
      if (lease.kind !== 'taken') throw new Error(lease.kind);
      await conversations.commit(lease.lease, {
        after: { kind: 'release', notBefore: 0, keepAttempts: false },
        changes: [],
        onLease: { erased: { state: erased, at: now } },
      });

      expect(await conversations.storeMessage(messageOf('m2'))).toBe('erased');
      expect(await document(ref, 'm2')).toBeUndefined();
      const again = await conversations.takeLease(ref, { owner: 'abd', until: now + 9_000, now: now + 5_000 });
      // An erasure under way is gone on with by whoever takes the lease; what is done is a tombstone.
      expect(again).toMatchObject(erased === 'done' ? { kind: 'absent' } : { kind: 'taken', lease: { erasedAt: now } });
    }
  });

  verifies('adapters:conversations', `${name}: a message that comes while a worker holds the lease leaves it alone`, async () => {
    const { conversations, document } = await start();
    await conversations.storeMessage(messageOf('m1'));
    await conversations.takeLease(ref, { owner: 'abc', until: now + 1_000, now });

    await conversations.storeMessage(messageOf('m2'));

    expect(await document(ref, 'lease')).toMatchObject({ owner: 'abc', epoch: 1, until: now + 1_000, dueAt: now + 1_000 });
  });
}
