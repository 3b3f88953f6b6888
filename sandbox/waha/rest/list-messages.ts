import { refusal } from '../errors.ts';
import { ackNames, type StoredMessage } from '../model.ts';
import { completeChatId } from '../people.ts';
import type { Rest } from './rest.ts';

/** The messages of a chat, or of `all`, as the query asks: the newest first by default. */
export function listMessages(rest: Rest, chatId: string, query: Record<string, string>): StoredMessage[] {
  const offset = numberIn(query, 'offset') ?? 0;
  const limit = numberIn(query, 'limit') ?? 10;
  const direction = query.sortOrder === 'asc' ? 1 : -1;
  return chosen(rest, chatId, query.merge !== 'false')
    .filter(matches(query))
    .map((message, index) => ({ message, index }))
    .sort((a, b) => direction * (a.message.timestamp - b.message.timestamp || a.index - b.index))
    .slice(offset, offset + limit)
    .map(({ message }) => message);
}

function chosen({ store, people }: Rest, given: string, merge: boolean): readonly StoredMessage[] {
  // What WhatsApp still keeps has not reached WAHA.
  const isHere = (message: StoredMessage) => !message.awaitsSession;
  if (given === 'all') return store.all().filter(isHere);
  const chatId = completeChatId(given);
  if (merge) return store.ofChat(people.chatOf(chatId)).filter(isHere);
  return store.all().filter((message) => isHere(message) && message.chatId === chatId);
}

function matches(query: Record<string, string>): (message: StoredMessage) => boolean {
  const [from, to] = [numberIn(query, 'filter.timestamp.gte'), numberIn(query, 'filter.timestamp.lte')];
  const { 'filter.fromMe': fromMe, 'filter.ack': ack } = query;
  return (message) =>
    (from === undefined || message.timestamp >= from) &&
    (to === undefined || message.timestamp <= to) &&
    (fromMe === undefined || String(message.fromMe) === fromMe) &&
    (ack === undefined || ackNames[message.ack] === ack);
}

function numberIn(query: Record<string, string>, name: string): number | undefined {
  const text = query[name];
  if (text === undefined) return undefined;
  const value = Number(text);
  if (Number.isNaN(value)) throw refusal(400, [`${name} must be a number conforming to the specified constraints`]);
  return value;
}
