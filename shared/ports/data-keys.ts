/** Seals and opens the personal data of one owner (a conversation or a person). */
export interface DataKey {
  /** @param context Names the document and field; a sealed value opens in the same place only. */
  seal(value: unknown, context: string): string;
  /** @throws {AppError} `not-found` when it was sealed with another key or for another place. */
  open(sealed: string, context: string): unknown;
  sealBytes(plain: Uint8Array, context: string): Uint8Array;
  openBytes(sealed: Uint8Array, context: string): Uint8Array;
}

export interface DataKeys {
  /** The key of this owner, made at first use; cached. @throws {AppError} `gone` once it was dropped. */
  keyFor(owner: string, signal?: AbortSignal): Promise<DataKey>;
  /** Drops the key: whatever it sealed is erased. */
  drop(owner: string, signal?: AbortSignal): Promise<void>;
}
