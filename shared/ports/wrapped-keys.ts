/** Data keys at rest: wrapped by the organisation's key, one for each owner. */
export interface WrappedKeys {
  load(owner: string, signal?: AbortSignal): Promise<WrappedKey | undefined>;
  /** Stores it, unless the owner has one: then answers that. */
  create(key: WrappedKey, signal?: AbortSignal): Promise<WrappedKey>;
  /** Leaves a tombstone, so that the owner never gets another key. */
  drop(owner: string, signal?: AbortSignal): Promise<void>;
}

export interface WrappedKey {
  readonly owner: string;
  /** Base64; undefined once dropped. */
  readonly wrapped: string | undefined;
}

/** The organisation's key, in Key Vault or, in the sandbox, in a setting. */
export interface KeyWrapper {
  wrap(key: Uint8Array, signal?: AbortSignal): Promise<string>;
  /** @throws {AppError} `settings` when the organisation's key is another one. */
  unwrap(wrapped: string, signal?: AbortSignal): Promise<Uint8Array>;
}
