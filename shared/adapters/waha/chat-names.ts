/** The kinds of chats by the suffix of their WhatsApp id. */
export type ChatKind = 'person' | 'group' | 'status' | 'broadcast' | 'channel' | 'other';

/** What kind of chat `<id>@<server>` is; a chat of two is `@c.us`, `@s.whatsapp.net` or `@lid`. */
export function chatKind(chatId: string): ChatKind {
  if (chatId === 'status@broadcast') return 'status';
  const server = chatId.slice(chatId.lastIndexOf('@') + 1);
  switch (server) {
    case 'c.us':
    case 's.whatsapp.net':
    case 'lid':
      return 'person';
    case 'g.us':
      return 'group';
    case 'broadcast':
      return 'broadcast';
    case 'newsletter':
      return 'channel';
    default:
      return 'other';
  }
}

/** The digits of a hidden user id, without device; undefined for other kinds of ids. */
export function lidOf(id: string | null | undefined): string | undefined {
  return /^(\d{5,20})(?::\d+)?@lid$/.exec(id ?? '')?.[1];
}

/** The phone (E.164) of a user id, without device; undefined for other kinds. Digits of a lid are never a phone. */
export function phoneOf(id: string | null | undefined): string | undefined {
  const digits = /^(\d{5,15})(?::\d+)?@(?:c\.us|s\.whatsapp\.net)$/.exec(id ?? '')?.[1];
  return digits === undefined ? undefined : `+${digits}`;
}

/** The parts of a serialised message id: `<fromMe>_<chatId>_<bareId>[_<participant>]`. */
export function parseMessageId(id: string): { fromMe: boolean; chatId: string; bareId: string } | undefined {
  const [fromMe, chatId, bareId] = id.split('_');
  if ((fromMe !== 'true' && fromMe !== 'false') || !chatId || !bareId) return undefined;
  return { fromMe: fromMe === 'true', chatId, bareId };
}
