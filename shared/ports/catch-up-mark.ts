/**
 * Until when everything is known to have been read from the bridge; what could not be stored keeps it where it is. Errors as
 * `Conversations`.
 */
export interface CatchUpMark {
  /** Milliseconds since 1970; undefined before the first run that read anything. */
  load(): Promise<number | undefined>;
  save(at: number): Promise<void>;
}
