import type { Container } from '@azure/cosmos';
import type { ConversationRef } from '../../ports/bell.ts';
import { ApprovalDocument, CallsDocument } from '../../ports/documents.ts';
import { request } from './errors.ts';
import { abortedBy } from './select.ts';

// What a yes records is the first answer of its turn.
const firstAnswer = 0;

/** An approval, with the calls that were recorded by its yes: two point reads at most. */
export async function findApproval(
  container: Container,
  { ref, approvalId }: { ref: ConversationRef; approvalId: string },
  signal: AbortSignal | undefined,
): Promise<{ approval: ApprovalDocument; answer: CallsDocument | undefined } | undefined> {
  const read = async (id: string): Promise<unknown> => {
    const { resource } = await request('read approval', () =>
      container.item(id, ref.conversationId).read<Record<string, unknown>>(abortedBy(signal)),
    );
    return resource;
  };
  const stored = await read(`approval:${approvalId}`);
  if (stored === undefined) return undefined;
  const approval = ApprovalDocument.parse(stored);
  const recorded = approval.followedBy === undefined ? undefined : await read(`${approval.followedBy}:${firstAnswer}`);
  return { approval, answer: recorded === undefined ? undefined : CallsDocument.parse(recorded) };
}
