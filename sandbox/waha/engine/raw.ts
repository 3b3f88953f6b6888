import { accountJid } from '../envelope.ts';
import type { StoredMessage, WhatsAppPerson } from '../model.ts';
import type { Settings } from '../options.ts';
import { jidOf, lidChatId, phoneChatId } from '../people.ts';

type Json = Record<string, unknown>;

/** What `_data` is made of; `person` is undefined for a stranger. */
export interface RawParts {
  readonly message: StoredMessage;
  readonly person: WhatsAppPerson | undefined;
  readonly content: Json;
}

/** `_data` of one message in the shape of the engine. */
export function rawMessage(settings: Settings, parts: RawParts): Json {
  return settings.engine === 'NOWEB' ? baileysMessage(parts) : whatsmeowMessage(settings, parts);
}

/** Baileys, as captured: what is still being sent has its time and status as texts. */
function baileysMessage({ message, person, content }: RawParts): Json {
  const pending = message.fromMe && message.ack === 0;
  return {
    key: baileysKey(message, person),
    ...(pending
      ? { message: content, messageTimestamp: String(message.timestamp), status: 'PENDING' }
      : {
          messageTimestamp: message.timestamp,
          ...(message.fromMe || !person ? {} : { pushName: person.name }),
          message: content,
          status: message.ack + 1,
        }),
  };
}

export function baileysKey(message: StoredMessage, person: WhatsAppPerson | undefined): Json {
  const byLid = message.chatId.endsWith('@lid') && !message.fromMe;
  const alt = byLid && person && !message.withoutAlt ? { remoteJidAlt: jidOf(phoneChatId(person)) } : {};
  return {
    remoteJid: jidOf(message.chatId),
    ...alt,
    fromMe: message.fromMe,
    id: message.id,
    ...(byLid ? { addressingMode: 'lid' } : {}),
  };
}

/** An event of whatsmeow, with the keys of a captured one; its AddressingMode is empty even for a lid. */
function whatsmeowMessage(settings: Settings, { message, person, content }: RawParts): Json {
  return {
    Info: whatsmeowInfo(settings, message, person),
    Message: content,
    IsEphemeral: false,
    IsViewOnce: false,
    IsViewOnceV2: false,
    IsViewOnceV2Extension: false,
    IsDocumentWithCaption: 'documentWithCaptionMessage' in content,
    IsLottieSticker: false,
    IsBotInvoke: false,
    IsEdit: false,
    SourceWebMsg: null,
    UnavailableRequestID: '',
    RetryCount: 0,
    NewsletterMeta: null,
    RawMessage: content,
    Status: message.ack + 1,
  };
}

function whatsmeowInfo(settings: Settings, message: StoredMessage, person: WhatsAppPerson | undefined): Json {
  const chat = jidOf(message.chatId);
  const alt = person && !message.withoutAlt ? otherJid(message.chatId, person) : '';
  return {
    Chat: chat,
    Sender: senderOf(settings, message),
    IsFromMe: message.fromMe,
    IsGroup: false,
    AddressingMode: '',
    SenderAlt: message.fromMe ? '' : alt,
    RecipientAlt: message.fromMe ? alt : '',
    BroadcastListOwner: '',
    BroadcastRecipients: null,
    ID: message.id,
    ServerID: 0,
    Type: message.media ? 'media' : 'text',
    PushName: message.fromMe ? settings.account.name : (person?.name ?? ''),
    Timestamp: new Date(message.timestamp * 1_000).toISOString().replace('.000Z', 'Z'),
    Category: '',
    Multicast: false,
    MediaType: mediaType(message),
    Edit: '',
    MsgBotInfo: { EditType: '', EditTargetID: '', EditSenderTimestampMS: '0001-01-01T00:00:00Z' },
    MsgMetaInfo: {
      TargetID: '',
      TargetSender: '',
      TargetChat: '',
      DeprecatedLIDSession: null,
      ThreadMessageID: '',
      ThreadMessageSenderJID: '',
    },
    VerifiedName: null,
    DeviceSentMeta: null,
  };
}

function senderOf(settings: Settings, message: StoredMessage): string {
  if (!message.fromMe) return jidOf(message.chatId);
  return message.byApi ? accountJid(settings) : jidOf(phoneChatId(settings.account));
}

function otherJid(chatId: string, person: WhatsAppPerson): string {
  return chatId.endsWith('@lid') ? jidOf(phoneChatId(person)) : lidChatId(person);
}

function mediaType({ media }: StoredMessage): string {
  if (!media) return '';
  const [kind = ''] = media.mimetype.split('/');
  if (kind === 'audio') return media.mimetype.includes('opus') ? 'ptt' : 'audio';
  return kind === 'image' || kind === 'video' ? kind : 'document';
}
