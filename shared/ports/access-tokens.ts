/** Access tokens that callers from outside bring: who holds one, and what it gives at Microsoft Graph. */
export interface AccessTokens {
  /**
   * Who holds this token, once its signature, issuer, audience, times, tenant and scope were found good.
   * @throws {AppError} `unauthorized` for what is no good token of a person for this application; `forbidden` for one
   *   without the scope; `rate-limited`, `timeout`, `upstream` while the keys to check it with cannot be had.
   */
  verify(token: string, signal?: AbortSignal): Promise<TokenHolder>;
  /**
   * A token for Microsoft Graph on behalf of the holder, kept until shortly before its end.
   * @throws {AppError} `sign-in-required` where Entra wants the person first (consent, a second factor, another network);
   *   retryable ones as above. What the person has to prove, where Entra says, is the error's `claims`.
   */
  exchange(token: string, signal?: AbortSignal): Promise<string>;
  /** Forgets what was exchanged for this token: Microsoft Graph refused it. */
  forget(token: string): void;
}

/** The person that a token speaks for. */
export interface TokenHolder {
  readonly tenantId: string;
  readonly oid: string;
  /** The address in the token, where it has one. */
  readonly email: string | undefined;
  readonly appRoles: readonly string[];
  /** The id of the application that asked for the token. */
  readonly clientId: string;
}
