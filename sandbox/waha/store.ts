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
  const messages = new Map<string, StoredMessage>();
  const byChat = createIndex(({ chat }) => chat);
  const byId = createIndex(({ id }) => id);
  const add = (key: string, message: StoredMessage) => {
    messages.set(key, message);
    byChat.add(key, message);
    byId.add(key, message);
  };
  for (const [key, message] of kept.entries()) add(key, message);
  let open = true;
  return {
    all: () => [...messages.values()],
    ofChat: byChat.get,
    find: (id, chat) => byId.get(id).find((message) => chat === undefined || message.chat === chat),
    save(message) {
      if (!open) return;
      const key = serializedId({ ...message, chatId: message.chat });
      add(key, message);
      kept.set(key, message);
    },
    close() {
      open = false;
    },
  };
}

/** The messages by one of their fields that never change. */
function createIndex(fieldOf: (message: StoredMessage) => string) {
  const byField = new Map<string, Map<string, StoredMessage>>();
  return {
    add(key: string, message: StoredMessage) {
      const field = fieldOf(message);
      const group = byField.get(field) ?? new Map<string, StoredMessage>();
      byField.set(field, group.set(key, message));
    },
    get: (field: string): StoredMessage[] => [...(byField.get(field)?.values() ?? [])],
  };
}
