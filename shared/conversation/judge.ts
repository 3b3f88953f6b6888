import type { Partition } from '../ports/conversations.ts';
import type { MessageDocument, ReplyDocument } from '../ports/documents.ts';
import { maxMessagesPerTurn } from './settings.ts';

/** What is to be done next in a conversation; judged once from what was read after the lease write. */
export type Next =
  | { readonly kind: 'send'; readonly reply: ReplyDocument }
  | { readonly kind: 'turn'; readonly messages: readonly MessageDocument[] }
  /** Nothing now; `at` is when something will be. */
  | { readonly kind: 'rest'; readonly at: number | undefined };

/**
 * Replies first, in their order; then the oldest turn, with exactly the messages that name it, or the burst that names
 * none. What is parked holds up what came later, but for what `isUrgent` lets pass.
 */
export function judge(partition: Partition, now: number, isUrgent: (message: MessageDocument) => boolean): Next {
  const [reply] = partition.replies;
  if (reply && (reply.dueAt ?? 0) <= now) return { kind: 'send', reply };
  const [oldest] = partition.messages;
  const waitsUntil = Math.max(reply?.dueAt ?? 0, parkedUntil(partition.messages, now));
  if (!oldest) return { kind: 'rest', at: waitsUntil > now ? waitsUntil : undefined };
  if (waitsUntil > now) {
    const urgent = partition.messages.find((message) => message.turnId === undefined && isDue(message, now) && isUrgent(message));
    return urgent ? { kind: 'turn', messages: [urgent] } : { kind: 'rest', at: waitsUntil };
  }
  const turnId = partition.messages.find((message) => message.turnId !== undefined)?.turnId;
  const messages = partition.messages.filter((message) => message.turnId === turnId);
  return { kind: 'turn', messages: turnId === undefined ? messages.slice(0, maxMessagesPerTurn) : messages };
}

/** When the messages parked for later fall due; 0 where none is. */
function parkedUntil(messages: readonly MessageDocument[], now: number): number {
  return Math.max(0, ...messages.filter((message) => !isDue(message, now)).map(({ dueAt }) => dueAt ?? 0));
}

function isDue({ dueAt }: MessageDocument, now: number): boolean {
  return dueAt !== undefined && dueAt <= now;
}
