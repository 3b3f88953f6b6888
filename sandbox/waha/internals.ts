import type { SandboxContext } from '../kit/context.ts';
import type { PayloadParts } from './engine/payloads.ts';
import type { Events } from './events.ts';
import type { StoredMessage, WahaChange } from './model.ts';
import type { WahaSession } from './session.ts';
import type { Tasks } from './tasks.ts';

/** What the parts of the stand-in share. */
export interface Internals extends PayloadParts {
  readonly context: SandboxContext;
  readonly tasks: Tasks;
  readonly session: WahaSession;
  readonly events: Events;
  readonly changed: (change: WahaChange) => void;
  readonly phones: Phones;
}

/** The phones of the people. */
export interface Phones {
  state(chat: string): { readonly online: boolean; readonly reading: boolean };
  set(chat: string, state: { online?: boolean | undefined; reading?: boolean | undefined }): void;
  typing(chat: string): boolean;
  setTyping(chat: string, typing: boolean): void;
}

/** A new message, with what every one has. */
export function newMessage(
  { context, people }: Pick<Internals, 'context' | 'people'>,
  given: Pick<StoredMessage, 'id' | 'chatId' | 'fromMe'> & Partial<StoredMessage>,
): StoredMessage {
  const at = context.clock.now();
  return {
    chat: people.chatOf(given.chatId),
    timestamp: Math.floor(at / 1_000),
    at,
    byApi: given.fromMe,
    media: null,
    quoted: null,
    withoutAlt: false,
    text: '',
    ack: 0,
    sends: 1,
    shown: true,
    deleted: false,
    awaitsSession: false,
    ...given,
  };
}

/** Whose phone shows a chat, E.164. */
export const phoneOf = (chat: string): string => (/^\d+$/.test(chat) ? `+${chat}` : chat);
