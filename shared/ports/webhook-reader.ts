// A text message is a few kilobytes; media comes as a link.
export const maxWebhookBytes = 1024 * 1024;

/**
 * A request as it came: header names in lower case. `body` is the raw bytes, because the signature is over them; undefined
 * where they were more than `maxWebhookBytes` and therefore not read.
 */
export interface WebhookRequest {
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array | undefined;
}

/** A message that somebody wrote to the assistant in a chat of two. */
export interface IncomingMessage {
  readonly kind: 'message';
  readonly wahaSession: string;
  /** The network's id, bare: the same whatever name the chat goes by. */
  readonly whatsappId: string;
  /** Where the answer goes: the chat as the network named it. */
  readonly chatId: string;
  /** Digits. At least one of the two is there. */
  readonly lid: string | undefined;
  /** E.164. */
  readonly phone: string | undefined;
  readonly text: string;
  readonly hasMedia: boolean;
  /** WhatsApp's own time, milliseconds since 1970 (whole seconds). */
  readonly sentAt: number;
}

export interface IncomingAck {
  readonly kind: 'ack';
  readonly whatsappId: string;
  readonly lid: string | undefined;
  readonly phone: string | undefined;
  /** −1 error, 0 pending, 1 server, 2 device, 3 read, 4 played. */
  readonly ack: number;
}

export type IncomingEvent = (
  | IncomingMessage
  | IncomingAck
  | { readonly kind: 'session-status'; readonly status: string }
  /** What is answered 2xx without being worked on; `reason` goes to the log. */
  | { readonly kind: 'ignored'; readonly reason: IgnoredReason }
) & {
  /** When the bridge made the event, signed; milliseconds. */
  readonly createdAt: number;
  /** The bridge's id of this delivery: unsigned, for joining traces only. */
  readonly requestId: string;
};

export type IgnoredReason =
  | 'malformed'
  | 'oversized'
  | 'unknown-event'
  | 'other-session'
  | 'own-message'
  | 'group'
  | 'status'
  | 'broadcast'
  | 'channel'
  | 'no-content'
  | 'not-handled';

/** Reads what the WhatsApp bridge posts. */
export interface WebhookReader {
  /** @throws {AppError} `unauthorized` when the signature is missing or wrong, before anything else is looked at. */
  read(request: WebhookRequest): IncomingEvent;
  /** The same for one message found by `Messenger.listIncoming`, which nobody signed but which we asked for. */
  readMessage(payload: unknown): IncomingMessage | { readonly kind: 'ignored'; readonly reason: IgnoredReason };
}
