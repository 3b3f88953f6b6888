import { expect } from 'vitest';
import type { ReplyPart } from '../../../shared/ports/documents.ts';
import { verifies } from '../../verifies.ts';
import { callsOf, hold, implementations, messageOf, now, ref, release, replyOf, startHeld } from './implementations.ts';

for (const [name, start] of Object.entries(implementations)) {
  verifies(
    'adapters:conversations',
    `${name}: a batch creates, upserts, patches and removes, and extends the lease`,
    async () => {
      const { conversations, lease, document, leaseDocument } = await startHeld(start);
      const memory = { ...ref, id: 'memory', type: 'memory', turns: 1, sealed: 'bQ==' } as const;

      await conversations.commit(lease, {
        after: hold(now + 33_000),
        changes: [
          { kind: 'create', document: replyOf('r1') },
          { kind: 'upsert', document: memory },
          { kind: 'upsert', document: { ...memory, turns: 2 } },
          { kind: 'patch', id: 'm1', set: { turnId: 't1', ttl: 60 }, remove: ['dueAt'] },
        ],
      });

      expect(await document(ref, 'r1')).toEqual(replyOf('r1'));
      expect(await document(ref, 'memory')).toEqual({ ...memory, turns: 2 });
      const ended = await document(ref, 'm1');
      expect(ended).toMatchObject({ turnId: 't1', ttl: 60 });
      expect(ended).not.toHaveProperty('dueAt');
      expect(await leaseDocument()).toMatchObject({ until: now + 33_000, dueAt: now + 33_000, epoch: 1 });
    },
  );

  verifies('adapters:conversations', `${name}: one document that is there already refuses the whole batch`, async () => {
    const { conversations, lease, document, leaseDocument } = await startHeld(start);
    const before = await leaseDocument();

    const commit = conversations.commit(lease, {
      after: hold(now + 33_000),
      changes: [
        { kind: 'patch', id: 'm1', set: { turnId: 't1' } },
        { kind: 'create', document: messageOf('m1') },
      ],
    });

    await expect(commit).rejects.toMatchObject({ code: 'conflict' });
    expect(await document(ref, 'm1')).toEqual(messageOf('m1'));
    expect(await leaseDocument()).toEqual(before);
  });

  verifies('adapters:conversations', `${name}: a patch of what is not there refuses the whole batch`, async () => {
    const { conversations, lease, document } = await startHeld(start);

    const commit = conversations.commit(lease, {
      after: release,
      changes: [
        { kind: 'create', document: replyOf('r1') },
        { kind: 'patch', id: 'nobody', set: { turnId: 't1' } },
      ],
    });

    await expect(commit).rejects.toMatchObject({ code: 'not-found' });
    expect(await document(ref, 'r1')).toBeUndefined();
  });

  verifies(
    'adapters:conversations',
    `${name}: a batch that was applied is refused as another by what it creates first`,
    async () => {
      const { conversations, lease, leaseDocument } = await startHeld(start);
      const create = { kind: 'create', document: replyOf('r1') } as const;
      const end = { kind: 'patch', id: 'm1', set: { ttl: 60 }, remove: ['dueAt'] } as const;
      const batch = { after: hold(now + 30_000), changes: [create, end], onLease: { ended: 1 } };
      await conversations.commit(lease, batch);
      const before = await leaseDocument();

      await expect(conversations.commit(lease, batch)).rejects.toMatchObject({ code: 'conflict' });

      expect(await leaseDocument()).toEqual(before);
    },
  );

  verifies('adapters:conversations', `${name}: more fields than one patch of the store takes go in several`, async () => {
    const { conversations, lease, document } = await startHeld(start);
    const parts = Array.from({ length: 12 }, (_, i): ReplyPart => ({ whatsappId: `w${i}`, state: 'due', ack: 0 }));
    await conversations.commit(lease, {
      after: hold(now + 30_000),
      changes: [{ kind: 'create', document: replyOf('r1', { parts }) }],
    });
    const fields = parts.flatMap((_, i): [string, string | number][] => [
      [`parts/${i}/state`, 'sent'],
      [`parts/${i}/sentAt`, now + i],
    ]);
    const set = Object.fromEntries(fields);

    await conversations.commit(lease, { after: release, changes: [{ kind: 'patch', id: 'r1', set, remove: ['dueAt'] }] });

    const sent = parts.map((part, i): ReplyPart => ({ ...part, state: 'sent', sentAt: now + i }));
    expect(await document(ref, 'r1')).toMatchObject({ parts: sent });
  });

  verifies('adapters:conversations', `${name}: what is due is read in order, what has ended is not`, async () => {
    const messages = [
      messageOf('later', { sentAt: now + 1_000, arrivedAt: now }),
      messageOf('b', { arrivedAt: now + 5 }),
      messageOf('a', { arrivedAt: now + 5 }),
      messageOf('first', { arrivedAt: now + 1 }),
      messageOf('ended'),
    ];
    const { conversations, lease } = await startHeld(start, messages);
    const memory = { ...ref, id: 'memory', type: 'memory', turns: 1, sealed: 'bQ==' } as const;
    const preferences = { ...ref, id: 'preferences', type: 'preferences', stopped: true } as const;

    await conversations.commit(lease, {
      after: hold(now + 30_000),
      changes: [
        { kind: 'patch', id: 'ended', set: { ttl: 60 }, remove: ['dueAt'] },
        ...[callsOf(10), callsOf(2), callsOf(0, { open: false })].map((document) => ({ kind: 'create', document }) as const),
        ...[replyOf('r2', { createdAt: now + 2 }), replyOf('r1', { createdAt: now + 1 })].map(
          (document) => ({ kind: 'create', document }) as const,
        ),
        { kind: 'upsert', document: memory },
        { kind: 'upsert', document: preferences },
      ],
    });
    const partition = await conversations.load(ref);

    expect(partition.messages.map(({ id }) => id)).toEqual(['first', 'a', 'b', 'later']);
    expect(partition.calls.map(({ n }) => n)).toEqual([2, 10]);
    expect(partition.replies.map(({ id }) => id)).toEqual(['r1', 'r2']);
    expect([partition.memory, partition.preferences]).toEqual([memory, preferences]);
  });
}
