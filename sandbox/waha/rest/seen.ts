import { serializedId } from '../ids.ts';
import { phoneOf } from '../internals.ts';
import { completeChatId } from '../people.ts';
import type { Rest } from './rest.ts';

const sevenDays = 7 * 24 * 3_600;
const mostAtOnce = 30;

/** Marks messages of a chat as read, those named or the newest unread; answers the full ids, newest first. */
export function markSeen(rest: Rest, chatId: string, bareIds: readonly string[]): string[] {
  const { store, people, context, changed } = rest;
  const since = context.clock.now() / 1_000 - sevenDays;
  const unread = store
    .ofChat(people.chatOf(completeChatId(chatId)))
    .filter((message) => !message.fromMe && message.ack < 3)
    .filter((message) => (bareIds.length > 0 ? bareIds.includes(message.id) : message.timestamp >= since))
    .sort((a, b) => b.timestamp - a.timestamp)
    .slice(0, bareIds.length > 0 ? undefined : mostAtOnce);
  for (const message of unread) {
    message.ack = 3;
    store.save(message);
    changed({ kind: 'ack', phone: phoneOf(message.chat), id: message.id, ack: 3 });
  }
  return unread.map(serializedId);
}
