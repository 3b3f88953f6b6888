import { randomBytes } from 'node:crypto';
import type { DatabaseSync } from 'node:sqlite';
import type { SandboxClock } from '../kit/clock.ts';
import { openCollection } from '../kit/database.ts';
import { EntraError } from './errors.ts';

/** What an authorisation code stands for. */
export interface CodeGrant {
  readonly clientId: string;
  readonly oid: string;
  readonly redirectUri: string;
  readonly codeChallenge: string;
  readonly nonce: string | undefined;
  readonly scope: string;
}

export interface RefreshGrant {
  readonly clientId: string;
  readonly oid: string;
  /** What a refresh asks for that names nothing. */
  readonly scope: string;
}

interface KeptCode extends CodeGrant {
  readonly expiresAt: number;
  readonly redeemed: boolean;
}

interface KeptRefreshToken extends RefreshGrant {
  readonly issuedAt: number;
  readonly revokedAt: number | undefined;
}

/** Codes and refresh tokens, on disk: a restart loses none. */
export interface Grants {
  createCode(grant: CodeGrant): string;
  /** @throws {EntraError} 9002313 unknown, 54005 used, 70008 expired. */
  readCode(code: string): CodeGrant;
  redeemCode(code: string): void;
  createRefreshToken(grant: RefreshGrant): string;
  /** @throws {EntraError} 9002313 unknown, 50173 revoked, 700082 idle for 90 days. */
  readRefreshToken(token: string): RefreshGrant;
  revoke(oid: string): void;
}

const codeLifetimeMs = 10 * 60_000;
// A refresh token is replaced on every use and the old one stays valid until its own 90 days are over.
const refreshTokenLifetimeMs = 90 * 24 * 60 * 60_000;

export function openGrants(clock: SandboxClock, database: DatabaseSync): Grants {
  const codes = openCollection<KeptCode>(database, 'codes');
  const refreshTokens = openCollection<KeptRefreshToken>(database, 'refresh_tokens');
  return {
    createCode(grant) {
      const code = `1.${randomBytes(48).toString('base64url')}`;
      codes.set(code, { ...grant, expiresAt: clock.now() + codeLifetimeMs, redeemed: false });
      return code;
    },
    readCode(code) {
      const kept = codes.get(code);
      if (!kept) throw new EntraError(9002313, 'Invalid request. Request is malformed or invalid.');
      if (kept.redeemed) {
        throw new EntraError(
          54005,
          'OAuth2 Authorization code was already redeemed, please retry with a new valid code or use an existing refresh token.',
        );
      }
      if (kept.expiresAt <= clock.now()) {
        throw new EntraError(
          70008,
          'The provided authorization code or refresh token has expired due to inactivity. Send a new interactive authorization request for this user and resource.',
        );
      }
      return kept;
    },
    redeemCode(code) {
      const kept = codes.get(code);
      if (kept) codes.set(code, { ...kept, redeemed: true });
    },
    createRefreshToken(grant) {
      const token = `1.${randomBytes(64).toString('base64url')}`;
      refreshTokens.set(token, { ...grant, issuedAt: clock.now(), revokedAt: undefined });
      return token;
    },
    readRefreshToken(token) {
      const kept = refreshTokens.get(token);
      if (!kept) throw new EntraError(9002313, 'Invalid request. Request is malformed or invalid.');
      const issued = new Date(kept.issuedAt).toISOString();
      if (kept.revokedAt !== undefined) {
        throw new EntraError(
          50173,
          `The provided grant has expired due to it being revoked, a fresh auth token is needed. The user might have changed or reset their password. The grant was issued on '${issued}' and the TokensValidFrom date (before which tokens are not valid) for this user is '${new Date(kept.revokedAt).toISOString()}'.`,
        );
      }
      if (kept.issuedAt + refreshTokenLifetimeMs <= clock.now()) {
        throw new EntraError(
          700082,
          `The refresh token has expired due to inactivity. The token was issued on ${issued} and was inactive for 90.00:00:00.`,
        );
      }
      return kept;
    },
    revoke(oid) {
      for (const [token, kept] of refreshTokens.entries()) {
        if (kept.oid === oid && kept.revokedAt === undefined) refreshTokens.set(token, { ...kept, revokedAt: clock.now() });
      }
    },
  };
}
