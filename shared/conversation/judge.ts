import type { Partition } from '../ports/conversations.ts';
import type { Command, MessageDocument, ReplyDocument } from '../ports/documents.ts';
import { maxMessagesPerTurn, type ConversationSettings } from './settings.ts';

/** What is answered at once; a sign-in code is a turn of its own, and an erasure is no answer. */
export type ChatCommand = Exclude<Command, 'code' | 'erase-everything'>;

/** What is to be done next in a conversation; judged once from what was read after the lease write. */
export type Next =
  | { readonly kind: 'send'; readonly reply: ReplyDocument }
  | { readonly kind: 'turn'; readonly messages: readonly MessageDocument[] }
  /** Something that the person said to the application itself; a sign-in code is a turn of its own instead. */
  | { readonly kind: 'command'; readonly command: ChatCommand; readonly message: MessageDocument }
  | { readonly kind: 'erase'; readonly message: MessageDocument }
  /** Nothing now; `at` is when something will be. */
  | { readonly kind: 'rest'; readonly at: number | undefined };

/** How old a message may be to be acted on unasked, and at all. */
type Ages = Pick<ConversationSettings, 'proposeAfterMs' | 'maxAgeMs'>;

/**
 * Replies first, in their order, but for what nobody asked for; then commands, which pass whatever is parked; then the
 * oldest turn, with exactly the messages that name it, or the burst that names none. What is parked holds up what came
 * later.
 */
export function judge(partition: Partition, now: number, ages: Ages): Next {
  const [reply] = partition.replies;
  const urgent = partition.messages.find((message) => isDue(message, now) && isCommand(message, partition));
  // A STOP that is there comes before what nobody asked for.
  const isFirst = urgent === undefined || reply?.unasked !== true;
  if (reply && (reply.dueAt ?? 0) <= now && isFirst) return { kind: 'send', reply };
  if (urgent) return commanded(urgent);
  const waitsUntil = Math.max(reply?.dueAt ?? 0, parkedUntil(partition.messages, now));
  if (partition.messages.length === 0) return { kind: 'rest', at: waitsUntil > now ? waitsUntil : undefined };
  if (waitsUntil > now) return { kind: 'rest', at: waitsUntil };
  const turnId = partition.messages.find((message) => message.turnId !== undefined)?.turnId;
  const messages = partition.messages.filter((message) => message.turnId === turnId);
  return { kind: 'turn', messages: turnId === undefined ? burstOf(messages, now, ages) : messages };
}

/**
 * What is begun as one turn: what was written within the time after which a message is late, so that all of it has one
 * "now"; the rest is the next turn. What came too late altogether is apologised for at once.
 */
function burstOf(
  messages: readonly MessageDocument[],
  now: number,
  { proposeAfterMs, maxAgeMs }: Ages,
): readonly MessageDocument[] {
  const [first] = messages;
  const isTooLate = ({ sentAt }: MessageDocument) => now - sentAt > maxAgeMs;
  const isClose = ({ sentAt }: MessageDocument) => sentAt - (first?.sentAt ?? 0) <= proposeAfterMs;
  return messages.filter(first && isTooLate(first) ? isTooLate : isClose).slice(0, maxMessagesPerTurn);
}

/** One that has not become a turn; "cancel that" is one only where there is something to cancel. */
function isCommand(message: MessageDocument, partition: Partition): boolean {
  if (message.command === undefined || message.turnId !== undefined) return false;
  return (
    message.command !== 'cancel' ||
    message.handedTo !== undefined ||
    cancelled(partition, message).length > 0 ||
    partition.approvals.some(({ expiresAt }) => expiresAt >= message.sentAt)
  );
}

/** What "cancel that" is about: every message that waits and was said before it. */
export function cancelled(partition: Partition, cancel: MessageDocument): readonly MessageDocument[] {
  const place = partition.messages.findIndex(({ id }) => id === cancel.id);
  return partition.messages.slice(0, place).filter(({ command }) => command === undefined || command === 'code');
}

function commanded(message: MessageDocument): Next {
  const { command } = message;
  if (command === undefined || command === 'code') return { kind: 'turn', messages: [message] };
  return command === 'erase-everything' ? { kind: 'erase', message } : { kind: 'command', command, message };
}

/** When the messages parked for later fall due; 0 where none is. */
function parkedUntil(messages: readonly MessageDocument[], now: number): number {
  return Math.max(0, ...messages.filter((message) => !isDue(message, now)).map(({ dueAt }) => dueAt ?? 0));
}

function isDue({ dueAt }: MessageDocument, now: number): boolean {
  return dueAt !== undefined && dueAt <= now;
}
