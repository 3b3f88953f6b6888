import { editedPayload, reactionPayload, revokedPayload } from './engine/actions.ts';
import { bareId, newPhoneMessageId } from './ids.ts';
import { newMessage, type Internals } from './internals.ts';
import type { Ack, StoredMessage } from './model.ts';
import { digitsOf } from './people.ts';

/** What somebody's phone shows. */
export interface ChatMessage {
  readonly id: string;
  /** Written by the person whose phone it is. */
  readonly fromMe: boolean;
  readonly text: string;
  /** Seconds since 1970. */
  readonly timestamp: number;
  readonly ack: Ack;
  /** How often it was sent under its id. */
  readonly sends: number;
  readonly deleted: boolean;
  readonly media: { readonly mimetype: string; readonly filename: string | null } | null;
}

/** What the people see and do on their phones, but for writing. */
export interface PersonSide {
  edit(phone: string, id: string, text: string): void;
  revoke(phone: string, id: string): void;
  /** An empty text takes it back. */
  react(phone: string, id: string, text: string): void;
  chat(phone: string, afterId?: string): ChatMessage[];
}

export function createPersonSide(internals: Internals): PersonSide {
  const { people, store, events, changed } = internals;

  const act = (phone: string, id: string) => {
    const target = store.find(bareId(id), digitsOf(people.withPhone(phone).phone));
    if (!target) throw new TypeError(`sandbox/waha: the chat with ${phone} has no message ${id}`);
    const message = newMessage(internals, { id: newPhoneMessageId(), chatId: target.chatId, fromMe: false, ack: 2 });
    return { target, message };
  };

  return {
    edit(phone, id, text) {
      const action = act(phone, id);
      action.target.text = text;
      store.save(action.target);
      events.emit({ event: 'message.edited', payload: editedPayload(internals, action, text), messageId: action.target.id });
      changed({ kind: 'edit', phone, id: action.target.id, ack: action.target.ack });
    },
    revoke(phone, id) {
      const action = act(phone, id);
      action.target.deleted = true;
      store.save(action.target);
      events.emit({ event: 'message.revoked', payload: revokedPayload(internals, action), messageId: action.target.id });
      changed({ kind: 'delete', phone, id: action.target.id, ack: action.target.ack });
    },
    react(phone, id, text) {
      const action = act(phone, id);
      events.emit({ event: 'message.reaction', payload: reactionPayload(internals, action, text), messageId: action.target.id });
    },
    chat(phone, afterId) {
      const shown = store
        .ofChat(digitsOf(people.withPhone(phone).phone))
        .filter((message) => message.shown)
        .sort((a, b) => a.timestamp - b.timestamp);
      return shown.slice(shown.findIndex(({ id }) => id === afterId) + 1).map(asShown);
    },
  };
}

function asShown(message: StoredMessage): ChatMessage {
  const { id, fromMe, timestamp, ack, sends, deleted, media } = message;
  return {
    id,
    fromMe: !fromMe,
    text: deleted ? '' : message.text,
    timestamp,
    ack,
    sends,
    deleted,
    media: media && { mimetype: media.mimetype, filename: media.filename },
  };
}
