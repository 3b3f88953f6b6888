import { expect } from 'vitest';
import type { ConversationDocument } from '../../../shared/ports/documents.ts';
import { verifies } from '../../verifies.ts';
import { callsOf, hold, implementations, messageOf, now, ref, replyOf, startHeld } from './implementations.ts';

for (const [name, start] of Object.entries(implementations)) {
  verifies(
    ['adapters:conversations', 'conversation:burst'],
    `${name}: of a flood those are read that fell due first, and all that has begun`,
    async () => {
      // The latest fell due first, so that no order of writing or of ids helps.
      const flood = Array.from({ length: 150 }, (_, n) => messageOf(`m${n}`, { sentAt: now + n, dueAt: now + 1_000 - n }));
      const { conversations, lease } = await startHeld(start, flood);
      const memory = { ...ref, id: 'memory', type: 'memory', turns: 1, sealed: 'bQ==' } as const;
      const preferences = { ...ref, id: 'preferences', type: 'preferences', stopped: true } as const;
      await conversations.commit(lease, {
        after: hold(now + 30_000),
        changes: [
          ...[0, 1].map((n) => ({ kind: 'patch' as const, id: `m${n}`, set: { turnId: 't1', dueAt: now + 900_000 } })),
          ...[callsOf(0), replyOf('r1', { dueAt: now + 950_000 })].map((document) => ({ kind: 'create', document }) as const),
          ...[memory, preferences].map((document) => ({ kind: 'upsert', document }) as const),
        ],
      });

      const partition = await conversations.load(ref);

      const first = flood.slice(-100).map(({ id }) => id);
      expect(partition.messages.map(({ id }) => id)).toEqual(['m0', 'm1', ...first]);
      expect([partition.calls, partition.replies].map((found) => found.map(({ id }) => id))).toEqual([['t1:0'], ['r1']]);
      expect([partition.memory, partition.preferences]).toEqual([memory, preferences]);
    },
  );

  verifies(
    ['adapters:conversations', 'conversation:failure'],
    `${name}: a document that cannot be read is named, and hides no other`,
    async () => {
      const { conversations, lease } = await startHeld(start, [messageOf('m1'), messageOf('m2')]);
      const broken = [
        { ...messageOf('m2'), sentAt: 'yesterday' },
        { ...ref, id: 'memory', type: 'memory', turns: 'many' },
      ];
      await conversations.commit(lease, {
        after: hold(now + 30_000),
        changes: broken.map((document) => ({ kind: 'upsert', document: document as unknown as ConversationDocument })),
      });

      const partition = await conversations.load(ref);

      expect(partition.messages.map(({ id }) => id)).toEqual(['m1']);
      expect(partition.memory).toBeUndefined();
      expect([...partition.broken].sort((a, b) => a.id.localeCompare(b.id))).toEqual([
        { id: 'm2', isMessage: true },
        { id: 'memory', isMessage: false },
      ]);
    },
  );
}
