import type { Phones } from './internals.ts';
import { phoneOf } from './internals.ts';
import type { WahaChange } from './model.ts';
import type { Tasks } from './tasks.ts';

/** Phones are online with the chat open, until said otherwise. */
export function createPhones(parts: { tasks: Tasks; typingMs: number; changed: (change: WahaChange) => void }): Phones {
  const states = new Map<string, { online: boolean; reading: boolean }>();
  const typing = new Map<string, { cancel(): void }>();
  const state = (chat: string) => states.get(chat) ?? { online: true, reading: true };

  const setTyping = (chat: string, on: boolean) => {
    const was = typing.has(chat);
    typing.get(chat)?.cancel();
    typing.delete(chat);
    if (on) {
      const forget = () => setTyping(chat, false);
      typing.set(chat, parts.tasks.after(parts.typingMs, forget));
    }
    if (was !== on) parts.changed({ kind: 'typing', phone: phoneOf(chat), typing: on });
  };

  return {
    state,
    set(chat, given) {
      const before = state(chat);
      states.set(chat, { online: given.online ?? before.online, reading: given.reading ?? before.reading });
    },
    typing: (chat) => typing.has(chat),
    setTyping,
  };
}
