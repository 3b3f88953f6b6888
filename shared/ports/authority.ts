/** Entra, as the one who signs people in. Token caches are opaque text that the caller keeps, sealed. */
export interface Authority {
  /** Where to send the browser. `codeChallenge` is S256 of the verifier. */
  authorizationUrl(request: { redirectUri: string; state: string; nonce: string; codeChallenge: string }): Promise<string>;
  /**
   * Redeems the code that came back.
   * @throws {AppError} `gone` for a code that is used or too old, `unauthorized` for a wrong verifier, nonce or tenant;
   *   `rate-limited`, `timeout`, `upstream` when worth retrying.
   */
  redeemCode(
    request: { code: string; redirectUri: string; codeVerifier: string; nonce: string },
    signal?: AbortSignal,
  ): Promise<SignedInAccount>;
  /**
   * An access token for Microsoft Graph from the cache, refreshed where it ran out.
   * `cache` is the new content where it changed.
   * @throws {AppError} `sign-in-required` when only the person can renew the grant; retryable ones as above.
   */
  acquireToken(
    request: { homeAccountId: string; cache: string },
    signal?: AbortSignal,
  ): Promise<{ accessToken: string; expiresAtMs: number; cache: string | undefined; appRoles: readonly string[] }>;
}

export interface SignedInAccount {
  readonly homeAccountId: string;
  readonly tenantId: string;
  readonly oid: string;
  readonly name: string;
  /** What they sign in by (`preferred_username`): it looks like an address, and in many organisations is none of theirs. */
  readonly email: string;
  readonly appRoles: readonly string[];
  readonly cache: string;
}
