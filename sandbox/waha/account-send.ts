import type { Acks } from './acks.ts';
import { messagePayload, sentPayload } from './engine/payloads.ts';
import { EngineFailure, refusal } from './errors.ts';
import { bareId, newDeviceMessageId, newPhoneMessageId } from './ids.ts';
import { newMessage, phoneOf, type Internals } from './internals.ts';
import { openPreview } from './link-preview.ts';
import type { StoredMedia, StoredMessage } from './model.ts';
import { isAtLeast } from './options.ts';
import { completeChatId, digitsOf, jidOf, phoneChatId } from './people.ts';

type Json = Record<string, unknown>;

export interface SendRequest {
  readonly chatId: string;
  readonly text: string;
  readonly id: string | undefined;
  readonly replyTo: string | undefined;
  readonly media: StoredMedia | null;
  readonly linkPreview: boolean;
}

export interface Sending {
  send(request: SendRequest): Promise<Json>;
  /** Whoever holds the account's own phone writes to somebody. */
  writeOnPhone(toPhone: string, text: string): { id: string };
  /** WhatsApp lets the account write to nobody new: error 463. */
  restrict(restricted: boolean): void;
  restricted(): boolean;
}

export function createSending(internals: Internals, acks: Acks): Sending {
  const { settings, store, tasks, people } = internals;
  const tell = createTelling(internals);
  let restricted = false;
  return {
    async send(request) {
      const chatId = sendableChatId(internals, request.chatId);
      if (restricted && store.ofChat(people.chatOf(chatId)).length === 0) {
        throw new EngineFailure('server returned error 463');
      }
      if (request.linkPreview && !request.media) await openPreview(request.text);
      const draft = draftOf(internals, request, chatId);
      const message = deliver(internals, acks, draft);
      tell(message);
      // The answer tells of this sending, also where the id was sent before: nothing is acknowledged yet.
      const answer = sentPayload(internals, { ...message, ack: draft.ack, timestamp: draft.timestamp, at: draft.at });
      await tasks.sleep(settings.sendMs);
      return answer;
    },
    writeOnPhone(toPhone, text) {
      const draft = { id: newPhoneMessageId(), chatId: phoneChatId(people.withPhone(toPhone)), fromMe: true, byApi: false };
      const message = deliver(internals, acks, newMessage(internals, { ...draft, text }));
      tell(message);
      return { id: message.id };
    },
    restrict(value) {
      restricted = value;
    },
    restricted: () => restricted,
  };
}

// GOWS tells of the same id only once in this time.
const distinctMs = 60_000;

/** Tells the webhook of a message that the account sent. */
function createTelling(internals: Internals): (message: StoredMessage) => void {
  const { context, settings, events } = internals;
  const told = new Map<string, number>();
  return (message) => {
    const now = context.clock.now();
    const before = told.get(message.id);
    if (settings.engine === 'GOWS' && before !== undefined && now - before < distinctMs) return;
    told.set(message.id, now);
    events.emit({ event: 'message.any', payload: messagePayload(internals, message), messageId: message.id });
  };
}

function draftOf(internals: Internals, request: SendRequest, chatId: string): StoredMessage {
  const mayChooseId = isAtLeast(internals.settings.version, '2026.4.3');
  return newMessage(internals, {
    id: mayChooseId && request.id !== undefined && request.id !== '' ? request.id : newDeviceMessageId(),
    chatId,
    fromMe: true,
    text: request.text,
    media: request.media,
    quoted: request.replyTo === undefined ? null : bareId(request.replyTo),
  });
}

/** Stores it; what has its id in the chat already is counted, and shown no second time. */
function deliver(internals: Internals, acks: Acks, draft: StoredMessage): StoredMessage {
  const { store, phones, changed } = internals;
  const sentBefore = store.ofChat(draft.chat).find(({ id, fromMe }) => fromMe && id === draft.id);
  if (sentBefore) {
    sentBefore.sends += 1;
    store.save(sentBefore);
    return sentBefore;
  }
  const message = { ...draft, shown: phones.state(draft.chat).online };
  store.save(message);
  phones.setTyping(message.chat, false);
  changed({ kind: 'message', phone: phoneOf(message.chat), id: message.id, ack: message.ack });
  acks.proceed(message);
  return message;
}

/** The chat a message can be sent to, in full. */
function sendableChatId({ settings, people }: Internals, given: string): string {
  const chatId = completeChatId(given);
  if (!/@(c\.us|lid)$/.test(chatId)) throw refusal(501, `sandbox/waha plays chats with one person only, not ${chatId}`);
  const known = people.of(chatId) !== undefined || chatId === phoneChatId(settings.account);
  if (!known && chatId.endsWith('@c.us') && settings.engine === 'GOWS') {
    throw new EngineFailure(`no LID found for ${jidOf(`${digitsOf(chatId)}@c.us`)} from server`);
  }
  return chatId;
}
