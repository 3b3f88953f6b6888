import { messagePayload } from './engine/payloads.ts';
import { bareId, newPhoneMessageId } from './ids.ts';
import { newMessage, phoneOf, type Internals } from './internals.ts';
import type { StoredMedia, StoredMessage } from './model.ts';
import { lidChatId, phoneChatId } from './people.ts';

export interface IncomingMessage {
  /** E.164. */
  readonly from: string;
  readonly text?: string;
  readonly media?: { readonly mimetype: string; readonly filename?: string; readonly data: Buffer };
  /** How the chat is addressed; the lid is usual today. */
  readonly as?: 'lid' | 'phone';
  /** Seconds since 1970: when it was written, where that is not now. */
  readonly timestamp?: number;
  /** The id of the message it answers. */
  readonly quoted?: string;
  /** Not telling the phone behind the lid. */
  readonly withoutAlt?: boolean;
  /** The engine tells of it twice, with envelope ids of their own. */
  readonly duplicate?: boolean;
  /** It comes under the lid and under the phone, with the same bare id. */
  readonly twins?: boolean;
  /** False: no webhook ever tells of it; only REST does. */
  readonly deliver?: boolean;
  /** How long its webhook is late. */
  readonly holdMs?: number;
}

export interface Incoming {
  receive(message: IncomingMessage): { id: string };
  /** Hands over what WhatsApp kept while the session was away. */
  handOver(): void;
}

export function createIncoming(internals: Internals): Incoming {
  const { settings, store, events, tasks, session, changed } = internals;

  const tell = (message: StoredMessage) => {
    const rest = { payload: messagePayload(internals, message), messageId: message.id };
    events.emit({ event: 'message', ...rest }, { event: 'message.any', ...rest });
  };

  const deliver = (message: StoredMessage, { duplicate, twins }: Pick<IncomingMessage, 'duplicate' | 'twins'>) => {
    message.awaitsSession = false;
    if (message.ack < 2) message.ack = 2;
    store.save(message);
    tell(message);
    if (duplicate) tell(message);
    if (twins) tell({ ...message, chatId: otherChatId(internals, message) });
  };

  return {
    receive(given) {
      const working = session.status() === 'WORKING';
      const message = draftOf(internals, given, working);
      store.save(message);
      changed({ kind: 'message', phone: phoneOf(message.chat), id: message.id, ack: message.ack });
      const holdMs = given.holdMs ?? (given.media ? settings.mediaDownloadMs : 0);
      if (!working || given.deliver === false) return { id: message.id };
      if (holdMs > 0) tasks.after(holdMs, () => deliver(message, given));
      else deliver(message, given);
      return { id: message.id };
    },
    handOver() {
      for (const message of store.all().filter(({ awaitsSession }) => awaitsSession)) deliver(message, {});
    },
  };
}

function draftOf(internals: Internals, given: IncomingMessage, working: boolean): StoredMessage {
  const person = internals.people.withPhone(given.from);
  return newMessage(internals, {
    id: newPhoneMessageId(),
    chatId: given.as === 'phone' ? phoneChatId(person) : lidChatId(person),
    fromMe: false,
    text: given.text ?? '',
    media: mediaOf(given),
    quoted: given.quoted === undefined ? null : bareId(given.quoted),
    withoutAlt: given.withoutAlt ?? false,
    ack: working ? 2 : 1,
    awaitsSession: !working && given.deliver !== false,
    ...(given.timestamp === undefined ? {} : { timestamp: given.timestamp }),
  });
}

function mediaOf({ media }: IncomingMessage): StoredMedia | null {
  return media ? { mimetype: media.mimetype, filename: media.filename ?? null, base64: media.data.toString('base64') } : null;
}

function otherChatId({ people }: Internals, message: StoredMessage): string {
  const person = people.withPhone(message.chat);
  return message.chatId.endsWith('@lid') ? phoneChatId(person) : lidChatId(person);
}
