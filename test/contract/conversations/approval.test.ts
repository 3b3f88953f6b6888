import { expect } from 'vitest';
import type { ApprovalDocument, CallsDocument } from '../../../shared/ports/documents.ts';
import { verifies } from '../../verifies.ts';
import { hold, implementations, now, ref, startHeld } from './implementations.ts';

const approvalOf = (approvalId: string, more: Partial<ApprovalDocument> = {}): ApprovalDocument => ({
  ...{ ...ref, id: `approval:${approvalId}`, type: 'approval', approvalId, turnId: 't1', createdAt: now, expiresAt: now + 1 },
  ...{ open: true, personId: 'p1', tools: ['book'], sealed: 'c2VhbGVk', ...more },
});
const answer: CallsDocument = {
  ...{ ...ref, id: 't2:0', type: 'calls', turnId: 't2', n: 0, open: false, tools: ['book'], sealed: 'c2VhbGVk' },
};

for (const [name, start] of Object.entries(implementations)) {
  verifies(
    ['adapters:conversations', 'mcp:asked'],
    `${name}: an approval is found, decided or not, with what its yes recorded`,
    async () => {
      const { conversations, lease } = await startHeld(start);
      const [open, followed, begun] = [
        approvalOf('a1'),
        approvalOf('a2', { open: false, followedBy: 't2' }),
        approvalOf('a3', { open: false, followedBy: 't3' }),
      ];
      const changes = [open, followed, begun, answer].map((document) => ({ kind: 'create' as const, document }));
      await conversations.commit(lease, { after: hold(now + 30_000), changes });

      const found = await Promise.all(['a1', 'a2', 'a3', 'a4'].map((id) => conversations.findApproval(ref, id)));

      expect(found).toEqual([
        { approval: open, answer: undefined },
        { approval: followed, answer },
        { approval: begun, answer: undefined },
        undefined,
      ]);
    },
  );
}
