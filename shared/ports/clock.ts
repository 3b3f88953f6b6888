/** Time and chance, so that a test can fix them. */
export interface Clock {
  /** Milliseconds since 1970. */
  now(): number;
  sleep(delayMs: number, signal?: AbortSignal): Promise<void>;
}

export interface Ids {
  /** A new random id of 32 hex digits. */
  random(): string;
  /** `bytes` random bytes, base64url: for secrets in links and cookies. */
  secret(bytes: number): string;
  /** A number from 0 up to, not including, `below`, from the system's secure generator. */
  number(below: number): number;
}
