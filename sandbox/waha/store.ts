import type { DatabaseSync } from 'node:sqlite';
import { openCollection } from '../kit/database.ts';
import { serializedId } from './ids.ts';
import type { StoredMessage } from './model.ts';

/** The chats, kept over a restart; in the order of arrival. */
export interface Store {
  all(): readonly StoredMessage[];
  ofChat(chat: string): StoredMessage[];
  /** By the bare id; in a chat, where one is given. */
  find(id: string, chat?: string): StoredMessage | undefined;
  /** Adds it, or keeps what was changed in it. */
  save(message: StoredMessage): void;
  /** From now on nothing is written. */
  close(): void;
}

export function createStore(database: DatabaseSync): Store {
  const kept = openCollection<StoredMessage>(database, 'messages');
  const messages = new Map(kept.entries());
  let open = true;
  const all = () => [...messages.values()];
  return {
    all,
    ofChat: (chat) => all().filter((message) => message.chat === chat),
    find: (id, chat) => all().find((message) => message.id === id && (chat === undefined || message.chat === chat)),
    save(message) {
      if (!open) return;
      const key = serializedId({ ...message, chatId: message.chat });
      messages.set(key, message);
      kept.set(key, message);
    },
    close() {
      open = false;
    },
  };
}
