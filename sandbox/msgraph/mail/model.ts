export interface Mailbox {
  readonly name: string;
  readonly address: string;
}

export interface StoredMessage {
  readonly id: string;
  /** The oid of the mailbox it lies in. */
  readonly mailbox: string;
  readonly folder: 'inbox' | 'sentitems';
  readonly subject: string;
  readonly body: { readonly contentType: 'html' | 'text'; readonly content: string };
  readonly from: Mailbox;
  readonly to: readonly Mailbox[];
  readonly cc: readonly Mailbox[];
  readonly importance: string;
  /** Milliseconds since 1970. */
  readonly receivedAt: number;
}
