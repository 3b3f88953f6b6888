import { jidOf } from '../people.ts';
import { serializedId } from '../ids.ts';
import type { StoredMessage } from '../model.ts';
import { namesOf } from './content.ts';
import { messagePayload, sentPayload, type PayloadParts } from './payloads.ts';
import { rawMessage } from './raw.ts';

type Json = Record<string, unknown>;

/** An edit, a deletion or a reaction: WhatsApp carries each as a message of its own, with an id of its own. */
export interface Action {
  /** The action's own message: id, time and chat. */
  readonly message: StoredMessage;
  readonly target: StoredMessage;
}

const targetKey = ({ settings }: PayloadParts, { target }: Action): Json => ({
  [namesOf(settings.engine).remoteJid]: jidOf(target.chatId),
  fromMe: target.fromMe,
  [namesOf(settings.engine).id]: target.id,
});

// What Baileys has just made still has its enums by name and its long numbers as text.
const unsentByBaileys = ({ settings }: PayloadParts, { message }: Action): boolean =>
  settings.engine === 'NOWEB' && message.fromMe;

export function editContent(parts: PayloadParts, action: Action, text: string): Json {
  const sent = action.message.fromMe;
  const { at } = action.message;
  return {
    protocolMessage: {
      key: targetKey(parts, action),
      type: unsentByBaileys(parts, action) ? 'MESSAGE_EDIT' : 14,
      editedMessage: sent ? { extendedTextMessage: { text } } : { conversation: text },
      timestampMs: unsentByBaileys(parts, action) ? String(at) : at,
    },
  };
}

export function revokeContent(parts: PayloadParts, action: Action): Json {
  const type = unsentByBaileys(parts, action) ? 'REVOKE' : 0;
  return { protocolMessage: { key: targetKey(parts, action), type } };
}

export function reactionContent(parts: PayloadParts, action: Action, text: string): Json {
  return {
    reactionMessage: { key: targetKey(parts, action), text, senderTimestampMs: String(action.message.at) },
  };
}

/** `message.edited`: its id is the edit's, its body the new text. */
export function editedPayload(parts: PayloadParts, action: Action, text: string): Json {
  const content = editContent(parts, action, text);
  return {
    ...messagePayload(parts, { ...action.message, text }),
    _data: rawOf(parts, action, content),
    editedMessageId: action.target.id,
  };
}

/** `message.revoked`: neither id nor sender at its top. */
export function revokedPayload(parts: PayloadParts, action: Action): Json {
  const raw = rawOf(parts, action, revokeContent(parts, action));
  const after = { ...messagePayload(parts, action.message), _data: raw };
  return { after, before: null, revokedMessageId: action.target.id, _data: raw };
}

/** `message.reaction`: an empty text takes it back. */
export function reactionPayload({ settings }: PayloadParts, action: Action, text: string): Json {
  const { message } = action;
  return {
    id: serializedId(message),
    timestamp: message.timestamp,
    from: message.chatId,
    ...(settings.engine === 'GOWS' ? { to: null, participant: null } : {}),
    fromMe: message.fromMe,
    source: 'app',
    reaction: { text, messageId: serializedId(action.target) },
  };
}

export const actionAnswer = (parts: PayloadParts, action: Action, content: Json): Json =>
  sentPayload(parts, action.message, content);

const rawOf = ({ settings, people }: PayloadParts, { message }: Action, content: Json): Json =>
  rawMessage(settings, { message, person: people.of(message.chatId), content });
