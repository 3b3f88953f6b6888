/** Since when everything is known to have been read from the bridge; a run that failed moves nothing. Errors as `Conversations`. */
export interface CatchUpMark {
  /** Milliseconds since 1970; undefined before the first complete run. */
  load(): Promise<number | undefined>;
  save(at: number): Promise<void>;
}
