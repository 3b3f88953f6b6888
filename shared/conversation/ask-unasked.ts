import { asAppError } from '../core/errors.ts';
import type { ConversationRef } from '../ports/bell.ts';
import type { Ports } from '../ports/index.ts';
import { currentTraceparent } from '../telemetry/index.ts';
import { askFor, createApproval, numberOf, type Proposal } from './approvals.ts';
import { nobody } from './send.ts';
import { withoutForeignLinks } from './turn/communication/check-links.ts';
import { createReply, openMemory } from './turn/turn-documents.ts';

export interface Asking {
  readonly personId: string;
  /** Names the request that asks: the same one asks once. */
  readonly requestId: string;
  readonly proposals: readonly Proposal[];
  /** One sentence on who asks, above the question. */
  readonly because: string;
  /** How long a yes counts, milliseconds. */
  readonly approvalMs: number;
}

/** Whether the person was asked; why not, where they were not. */
export type Asked =
  | { readonly kind: 'asked'; readonly approvalId: string }
  /** They said STOP, never wrote, have enough to answer already, or their conversation is erased. */
  | { readonly kind: 'cannot-ask' };

// Who has so much to answer is asked nothing more: a program that asks in a circle is no reason to flood a chat.
const maxOpen = 5;

/**
 * Asks a person in their chat about calls that came from elsewhere. Nobody asked to be asked: after STOP it is not done.
 * Their yes there runs exactly these calls, in the turn of that yes.
 */
export async function askUnasked(
  ports: Pick<Ports, 'bell' | 'clock' | 'conversations' | 'dataKeys'>,
  ref: ConversationRef,
  asking: Asking & { signal?: AbortSignal },
): Promise<Asked> {
  const { personId, requestId, because, approvalMs, signal } = asking;
  // The person has said nothing in it: none of its links can be theirs.
  const proposals = asking.proposals.map(({ call, line }) => ({ call, line: withoutForeignLinks(line, '').text }));
  const key = await keyOf(ports, ref, signal);
  if (!key) return { kind: 'cannot-ask' };
  const partition = await ports.conversations.load(ref, signal);
  const { chatId } = openMemory(partition.memory, key);
  if (chatId === undefined) return { kind: 'cannot-ask' };
  const now = ports.clock.now();
  const asked = { turnId: requestId, personId, proposals, now, expiresAt: now + approvalMs, unasked: true };
  const approval = createApproval(ref, key, asked);
  const others = partition.approvals.filter(({ id, expiresAt }) => id !== approval.id && expiresAt >= now).length;
  if (others >= maxOpen) return { kind: 'cannot-ask' };
  const lines = proposals.map(({ line }) => line);
  const texts = [`${because}\n${askFor(lines, numberOf(approval))}`];
  const question = { name: 'question', turnId: requestId, chatId, texts, traceparent: currentTraceparent(), now };
  const reply = { ...createReply({ ...ref, ...nobody, attempts: 0 }, key, question), unasked: true };
  const outcome = await ports.conversations.createUnasked(ref, [approval, reply], signal);
  if (outcome === 'stopped' || outcome === 'erased') return { kind: 'cannot-ask' };
  await ports.bell.ring(ref);
  return { kind: 'asked', approvalId: approval.approvalId };
}

/** Undefined once the conversation was erased. */
async function keyOf({ dataKeys }: Pick<Ports, 'dataKeys'>, { conversationId }: ConversationRef, signal?: AbortSignal) {
  try {
    return await dataKeys.keyFor(conversationId, signal);
  } catch (error) {
    if (asAppError(error, 'gone')) return undefined;
    throw error;
  }
}
