/**
 * A write to a vendor, as a value: only an `Operation` performs one.
 * `settle` says what to do when it is unknown whether an earlier `perform` with the same key was done:
 * - `'repeat'`: perform again; the vendor folds by the key, or the write is idempotent;
 * - a look-up: what it finds is the result; when it finds nothing the write is performed again, and counted;
 * - `'never'`: a double could not be recognised and taken back; the outcome stays unknown and is said so.
 */
export interface VendorWrite<T> {
  perform(key: string, signal: AbortSignal): Promise<T>;
  readonly settle: 'repeat' | 'never' | ((key: string, signal: AbortSignal) => Promise<T | undefined>);
}

/** What a tool, a rule or a job is handed to write with: it closes over the turn, the call and the lease. */
export interface Operation {
  /**
   * @param name Names the write within its call; the vendor's key is made from turn, call and name.
   * @throws {AppError} `unknown-outcome` where `settle` is `'never'` and the outcome cannot be known;
   *   `lease-lost` where too little of the lease is left to begin.
   */
  run<T>(name: string, write: VendorWrite<T>): Promise<T>;
}
