import { createRemoteJWKSet, customFetch, errors, jwtVerify, type JWTPayload, type RemoteJWKSet } from 'jose';
import { z } from 'zod';
import { AppError, asAppError } from '../../core/errors.ts';
import type { AccessTokens, TokenHolder } from '../../ports/access-tokens.ts';
import type { Clock } from '../../ports/clock.ts';
import { requestJson } from '../request-json.ts';
import type { EntraAuthorityOptions } from './client.ts';
import { createOnBehalfOf } from './on-behalf-of.ts';

export interface AccessTokenOptions extends EntraAuthorityOptions {
  readonly clock: Clock;
  /** The delegated permission that the application's own API asks of its callers. */
  readonly scope: string;
}

const Metadata = z.object({ issuer: z.string(), jwks_uri: z.url() });

// An id token has the same issuer and audience; only an access token of a person has scopes.
const Claims = z.object({
  ver: z.literal('2.0'),
  tid: z.string(),
  oid: z.string().min(1),
  scp: z.string(),
  preferred_username: z.string().optional(),
  roles: z.array(z.string()).default([]),
  // In every token of version 2; it stands in the audit trail, so it is an id and nothing else.
  azp: z.guid(),
});

// Longer than any token of Entra's: what is longer is not even taken apart.
const maxTokenChars = 16_384;
const clockToleranceSeconds = 60;
// Entra rolls its keys over without notice: an unknown one is asked for at once, and then not again for a while.
const keysKeptMs = 60 * 60_000;
const keysCooldownMs = 30_000;

/** @see https://learn.microsoft.com/entra/identity-platform/access-tokens#validate-tokens */
export function createEntraAccessTokens(options: AccessTokenOptions): AccessTokens {
  const { clientId, tenantId, clock } = options;
  const issuer = issuerOf(options);
  let keys: Promise<RemoteJWKSet> | undefined;
  const loadKeys = () => {
    keys ??= findKeys(options).catch((error: unknown) => {
      keys = undefined;
      throw error;
    });
    return keys;
  };
  return {
    async verify(token) {
      if (token.length > maxTokenChars) throw refused('it is too long');
      const resolve = await loadKeys();
      const now = new Date(clock.now());
      const { payload } = await jwtVerify(token, resolve, {
        ...{ issuer, audience: clientId, algorithms: ['RS256'], requiredClaims: ['exp', 'nbf'] },
        ...{ clockTolerance: clockToleranceSeconds, currentDate: now },
      }).catch((error: unknown) => {
        throw translate(error);
      });
      return readHolder(payload, { tenantId, scope: options.scope });
    },
    ...createOnBehalfOf(options),
  };
}

/** Where tokens of this tenant come from, as its metadata has to say too. */
export function issuerOf({ authorityUrl, tenantId }: Pick<EntraAuthorityOptions, 'authorityUrl' | 'tenantId'>): string {
  return `${authorityUrl.replace(/\/$/, '')}/${tenantId}/v2.0`;
}

/** The tenant's signing keys, where its metadata says they are; they are fetched when first needed, and kept. */
async function findKeys(options: AccessTokenOptions): Promise<RemoteJWKSet> {
  const { fetch, timeoutMs } = options;
  const expected = issuerOf(options);
  const url = `${expected}/.well-known/openid-configuration`;
  const { body } = await requestJson(fetch, { vendor: 'entra', url, timeoutMs }).catch((error: unknown) => {
    // Whatever Entra says of its metadata, it says nothing of the token.
    throw asAppError(error)?.retryable === false ? unusable('Entra refuses to tell its metadata', error) : error;
  });
  const metadata = Metadata.safeParse(body);
  if (!metadata.success) throw unusable('Entra tells no keys in its metadata', metadata.error);
  const { issuer, jwks_uri: keysUrl } = metadata.data;
  if (issuer !== expected) throw unusable('The metadata of the tenant names another issuer');
  if (new URL(keysUrl).origin !== new URL(expected).origin) throw unusable('The metadata of the tenant names keys elsewhere');
  return createRemoteJWKSet(new URL(keysUrl), {
    ...{ timeoutDuration: timeoutMs, cacheMaxAge: keysKeptMs, cooldownDuration: keysCooldownMs },
    [customFetch]: (input, init) => fetch(input, init),
  });
}

function readHolder(payload: JWTPayload, wanted: { tenantId: string; scope: string }): TokenHolder {
  const claims = Claims.safeParse(payload);
  if (!claims.success) throw refused('it is no access token of a person');
  const { tid, oid, scp, preferred_username: email, roles, azp } = claims.data;
  if (tid !== wanted.tenantId) throw refused('it is of another tenant');
  if (!scp.split(' ').includes(wanted.scope)) {
    throw new AppError('forbidden', 'The access token does not have the scope of this application', { vendor: 'entra' });
  }
  return { tenantId: tid, oid, email, appRoles: roles, clientId: azp };
}

/** What jose threw: the token is bad, or the keys cannot be had. What is none of its errors is the network. */
function translate(error: unknown): AppError {
  const known = asAppError(error);
  if (known) return known;
  if (error instanceof errors.JWKSTimeout) return new AppError('timeout', 'The keys of Entra took too long', about(error));
  if (error instanceof errors.JWKSInvalid || !(error instanceof errors.JOSEError) || error.code === 'ERR_JOSE_GENERIC') {
    return unusable('The keys of Entra cannot be had', error);
  }
  return refused(`it fails with ${error.code}`, error);
}

function unusable(what: string, cause?: unknown): AppError {
  return new AppError('upstream', what, about(cause));
}

function refused(why: string, cause?: unknown): AppError {
  return new AppError('unauthorized', `The access token is refused: ${why}`, about(cause));
}

function about(cause: unknown) {
  return { vendor: 'entra', cause } as const;
}
