import type { SandboxContext } from '../../kit/context.ts';
import { serializedId } from '../ids.ts';
import type { MediaFiles } from '../media.ts';
import { ackNames, type Ack, type StoredMessage } from '../model.ts';
import { isAtLeast, type Settings } from '../options.ts';
import { jidOf, lidChatId, phoneChatId, type People } from '../people.ts';
import type { Store } from '../store.ts';
import { contentOf, namesOf } from './content.ts';
import { rawMessage } from './raw.ts';

type Json = Record<string, unknown>;

export interface PayloadParts {
  readonly context: SandboxContext;
  readonly settings: Settings;
  readonly people: People;
  readonly store: Store;
  readonly media: MediaFiles;
}

// NOWEB remembers this long what the API sent.
const apiMemoryMs = 600_000;

/** A message as webhooks and REST tell it; `download` puts its media where a link finds it. */
export function messagePayload(parts: PayloadParts, message: StoredMessage, download = true): Json {
  const { engine } = parts.settings;
  const { content, raw } = rawOf(parts, message);
  const hasMedia = message.media !== null;
  const common = {
    id: serializedId(message),
    timestamp: message.timestamp,
    from: message.chatId,
    fromMe: message.fromMe,
    source: sourceOf(parts, message),
    body: message.text === '' ? null : message.text,
  };
  const media = hasMedia && download ? parts.media.download(message) : null;
  const ack = { ack: message.ack, ackName: ackNames[message.ack] };
  const nothing = { location: null, vCards: null };
  const replyTo = replyOf(parts, message, content);
  return engine === 'NOWEB'
    ? { ...common, hasMedia, media, ...ack, ...nothing, replyTo, _data: raw }
    : {
        ...common,
        to: null,
        participant: null,
        hasMedia,
        media,
        ack: ack.ack,
        ...nothing,
        ackName: ack.ackName,
        replyTo,
        _data: raw,
      };
}

/** What a send, an edit or a reaction is answered with: each engine hands out what its library gave it. */
export function sentPayload(parts: PayloadParts, message: StoredMessage, content?: Json): Json {
  const raw = content
    ? rawMessage(parts.settings, { message, person: parts.people.of(message.chatId), content })
    : rawOf(parts, message).raw;
  return parts.settings.engine === 'NOWEB' ? raw : { id: serializedId(message), _data: raw };
}

export function ackPayload(parts: PayloadParts, message: StoredMessage, ack: Ack): Json {
  const chatId = ackChatId(parts, message);
  return {
    id: serializedId({ ...message, chatId }),
    from: chatId,
    ...(parts.settings.engine === 'GOWS' ? { to: null, participant: null } : {}),
    fromMe: message.fromMe,
    ack,
    ackName: ackNames[ack],
  };
}

function ackChatId({ settings, people }: PayloadParts, message: StoredMessage): string {
  const person = people.of(message.chatId);
  if (!person || settings.acksAs === 'sent') return message.chatId;
  return settings.acksAs === 'lid' ? lidChatId(person) : phoneChatId(person);
}

export function rawOf(parts: PayloadParts, message: StoredMessage): { content: Json; raw: Json } {
  const { settings, people } = parts;
  const content = contentOf(settings.engine, message, quoteOf(parts, message));
  return { content, raw: rawMessage(settings, { message, person: people.of(message.chatId), content }) };
}

/** The quoted message as WhatsApp carries it along. */
function quoteOf({ settings, store }: PayloadParts, message: StoredMessage): Json | undefined {
  const quoted = message.quoted === null ? undefined : store.find(message.quoted, message.chat);
  if (!quoted) return undefined;
  const { engine } = settings;
  return {
    [namesOf(engine).stanzaId]: quoted.id,
    participant: jidOf(authorOf(settings, quoted, message.chatId)),
    quotedMessage: quoted.media ? contentOf(engine, quoted, undefined) : { conversation: quoted.text },
  };
}

function replyOf(parts: PayloadParts, message: StoredMessage, content: Json): Json | null {
  const quoted = message.quoted === null ? undefined : parts.store.find(message.quoted, message.chat);
  if (!quoted) return null;
  const [inner] = Object.values(content) as { contextInfo?: { quotedMessage?: Json } }[];
  return {
    id: quoted.id,
    participant: authorOf(parts.settings, quoted, message.chatId),
    body: quoted.text === '' ? null : quoted.text,
    ...(isAtLeast(parts.settings.version, '2026.4.1') ? { hasMedia: quoted.media !== null, media: null } : {}),
    _data: inner?.contextInfo?.quotedMessage ?? { conversation: quoted.text },
  };
}

/** Who wrote a quoted message, addressed as its chat is. */
function authorOf({ account }: Settings, quoted: StoredMessage, chatId: string): string {
  if (!quoted.fromMe) return chatId;
  return chatId.endsWith('@lid') ? lidChatId(account) : phoneChatId(account);
}

/** GOWS tells by the device that sent it; NOWEB remembers for a while. */
function sourceOf({ context, settings }: PayloadParts, message: StoredMessage): 'api' | 'app' {
  const remembered = settings.engine === 'GOWS' || context.clock.now() - message.at < apiMemoryMs;
  return message.fromMe && message.byApi && remembered ? 'api' : 'app';
}
