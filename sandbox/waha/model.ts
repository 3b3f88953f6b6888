export type Engine = 'NOWEB' | 'GOWS';

export type SessionStatus = 'STOPPED' | 'STARTING' | 'SCAN_QR_CODE' | 'WORKING' | 'FAILED';

/** WhatsApp's delivery states: pending, at the server, on the other's device, read. */
export type Ack = 0 | 1 | 2 | 3;

export const ackNames = ['PENDING', 'SERVER', 'DEVICE', 'READ'] as const;

/** Somebody on WhatsApp. */
export interface WhatsAppPerson {
  readonly name: string;
  /** E.164. */
  readonly phone: string;
  /** Digits only. */
  readonly lid: string;
}

export interface StoredMedia {
  readonly mimetype: string;
  readonly filename: string | null;
  readonly base64: string;
}

/** A message as WhatsApp keeps it, whichever side wrote it. */
export interface StoredMessage {
  /** The bare id: what both phones and every engine share. */
  readonly id: string;
  /** Whom the chat is with: the digits of their phone, or the chat id where nobody is known by it. */
  readonly chat: string;
  /** The chat id the message went under: `…@c.us` or `…@lid`. */
  readonly chatId: string;
  /** Sent by the account that WAHA runs. */
  readonly fromMe: boolean;
  /** Seconds since 1970. */
  readonly timestamp: number;
  /** When WAHA sent or saw it, in milliseconds. */
  readonly at: number;
  /** Sent by the API, not typed on the account's own phone. */
  readonly byApi: boolean;
  readonly media: StoredMedia | null;
  /** The bare id of the message it answers. */
  readonly quoted: string | null;
  /** The engine does not tell the phone behind the lid. */
  readonly withoutAlt: boolean;
  text: string;
  ack: Ack;
  /** How often it was sent under its id: a phone shows it once all the same. */
  sends: number;
  /** On the person's phone. */
  shown: boolean;
  deleted: boolean;
  /** Kept by WhatsApp until the session is back. */
  awaitsSession: boolean;
}

/** What the page is told. */
export type WahaChange =
  | { readonly kind: 'message' | 'ack' | 'edit' | 'delete'; readonly phone: string; readonly id: string; readonly ack: Ack }
  | { readonly kind: 'typing'; readonly phone: string; readonly typing: boolean };
