/** The WhatsApp bridge. Chats are addressed as the network does: `<digits>@c.us` or `<digits>@lid`. */
export interface Messenger {
  /**
   * Sends one text message.
   * @param message.id The network's id of the message, made by us, so that an unknown outcome can be looked up.
   * @param message.text At most 4,096 characters; splitting longer text is the caller's job.
   * @throws {AppError} `not-found` for an unknown chat; `rate-limited`, `timeout` or `upstream` when worth retrying
   *   (`maybeDone` where it may have been sent).
   */
  sendText(message: OutgoingText, signal?: AbortSignal): Promise<void>;
  /** Whether the chat holds a message of ours with this id. Errors as `sendText`; for good where nothing can be looked up. */
  hasMessage(chatId: string, id: string, signal?: AbortSignal): Promise<boolean>;
  /** Shows "typing…" in the chat, or stops. Best effort: errors are for the caller to ignore. */
  setTyping(chatId: string, typing: boolean, signal?: AbortSignal): Promise<void>;
  /** Marks the person's messages as read. Best effort. */
  markRead(chatId: string, signal?: AbortSignal): Promise<void>;
  /** The other name of a chat: the phone (E.164) of a lid, or the lid (digits) of a phone; undefined when unknown. */
  lookUpIdentity(known: { lid: string } | { phone: string }, signal?: AbortSignal): Promise<string | undefined>;
  /**
   * Incoming messages of every chat between two times, a page at a time, as webhook payloads: for `catch-up`. The newest page
   * comes first, and each begins with its oldest.
   */
  listIncoming(range: IncomingRange, signal?: AbortSignal): Promise<readonly unknown[]>;
  /** The bridge's version and state: for the check at start and for readiness. */
  status(signal?: AbortSignal): Promise<MessengerStatus>;
}

/** Two times, widened to whole seconds and both included, and which page of what lies between. */
export interface IncomingRange {
  readonly sinceMs: number;
  readonly untilMs: number;
  readonly limit: number;
  readonly offset: number;
}

export interface OutgoingText {
  readonly id: string;
  readonly chatId: string;
  readonly text: string;
  readonly linkPreview: boolean;
}

export interface MessengerStatus {
  readonly version: string;
  readonly engine: string;
  /** `WORKING` is the only state in which messages flow. */
  readonly state: string;
  /** Whether ids of our making are honoured and found: WAHA 2026.4.3 or later with GOWS, or NOWEB with its store. */
  readonly keepsIds: boolean;
}
