import type { Engine, StoredMessage } from '../model.ts';

type Json = Record<string, unknown>;

/** The engines name the same fields of WhatsApp's protocol each in its own case. */
const fieldNames = {
  NOWEB: { url: 'url', ptt: 'ptt', stanzaId: 'stanzaId', id: 'id', remoteJid: 'remoteJid' },
  GOWS: { url: 'URL', ptt: 'PTT', stanzaId: 'stanzaID', id: 'ID', remoteJid: 'remoteJID' },
} as const;

export const namesOf = (engine: Engine) => fieldNames[engine];

/** WhatsApp's own form of a message, as the engine writes it in `_data`. */
export function contentOf(engine: Engine, message: StoredMessage, quote: Json | undefined): Json {
  const contextInfo = quote ? { contextInfo: quote } : {};
  if (message.media) return mediaContent(engine, message, contextInfo);
  if (message.fromMe || quote) return { extendedTextMessage: { text: message.text, ...contextInfo } };
  return { conversation: message.text };
}

function mediaContent(engine: Engine, message: StoredMessage, contextInfo: Json): Json {
  const { mimetype = '', filename, base64 = '' } = message.media ?? {};
  const [kind] = mimetype.split('/');
  const caption = message.text === '' ? {} : { caption: message.text };
  const key = Buffer.from(message.id);
  const file = {
    [namesOf(engine).url]: `https://mmg.whatsapp.net/v/${message.id}`,
    directPath: `/v/${message.id}`,
    mediaKey: engine === 'NOWEB' ? { type: 'Buffer', data: [...key] } : key.toString('base64'),
    mimetype,
    fileLength: engine === 'NOWEB' ? String(Buffer.byteLength(base64, 'base64')) : Buffer.byteLength(base64, 'base64'),
  };
  switch (kind) {
    case 'image':
    case 'video':
      return { [`${kind}Message`]: { ...file, ...caption, ...contextInfo } };
    case 'audio':
      return { audioMessage: { ...file, seconds: 4, [namesOf(engine).ptt]: mimetype.includes('opus'), ...contextInfo } };
    default: {
      const documentMessage = { ...file, fileName: filename ?? 'Untitled', ...caption, ...contextInfo };
      return message.text === '' ? { documentMessage } : { documentWithCaptionMessage: { message: { documentMessage } } };
    }
  }
}
