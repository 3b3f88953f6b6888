import { createHash, randomBytes } from 'node:crypto';
import type { JWTPayload } from 'jose';
import type { SandboxClock } from '../kit/clock.ts';
import type { SigningKey } from './keys.ts';
import type { Audience, EntraClient, VerifiedToken } from './options.ts';
import type { GrantedScopes } from './scopes.ts';
import { assignedRoles, type Account, type Tenant } from './tenant.ts';

/** Whom a token is made for. */
export interface TokenSubject {
  readonly client: EntraClient;
  readonly account: Account;
  readonly granted: GrantedScopes;
}

export interface Tokens {
  readonly accessTokenLifetimeSeconds: number;
  accessToken(subject: TokenSubject): Promise<string>;
  applicationToken(client: EntraClient, granted: Pick<GrantedScopes, 'audience' | 'api'>): Promise<string>;
  idToken(subject: TokenSubject, nonce: string | undefined): Promise<string>;
  verify(token: string, audience: Audience): Promise<VerifiedToken | undefined>;
}

const graphAudience = 'https://graph.microsoft.com';
const idTokenLifetimeSeconds = 3_600;
const defaultAccessTokenLifetimeSeconds = 3_900;

export function createTokens(options: {
  readonly clock: SandboxClock;
  readonly tenant: Tenant;
  readonly key: SigningKey;
  readonly accessTokenLifetimeSeconds: number | undefined;
}): Tokens {
  const { clock, tenant, key, accessTokenLifetimeSeconds = defaultAccessTokenLifetimeSeconds } = options;
  const lifetime = (seconds: number) => {
    const now = Math.floor(clock.now() / 1_000);
    return { iat: now, nbf: now, exp: now + seconds, tid: tenant.tenantId, uti: randomBytes(16).toString('base64url') };
  };
  // Microsoft Graph takes tokens of the old form, an application of v2.0 takes the new one.
  const addressed = ({ audience, api }: Pick<GrantedScopes, 'audience' | 'api'>, client: EntraClient) =>
    audience === 'msgraph'
      ? { aud: graphAudience, iss: `https://sts.windows.net/${tenant.tenantId}/`, appid: client.clientId, ver: '1.0' }
      : { aud: (api ?? client).clientId, iss: tenant.issuer(), azp: client.clientId, azpacr: '1', ver: '2.0' };

  return {
    accessTokenLifetimeSeconds,
    accessToken: ({ client, account, granted }) =>
      key.sign({
        ...addressed(granted, client),
        ...lifetime(accessTokenLifetimeSeconds),
        ...personClaims(granted.audience, account),
        ...(granted.api ? rolesClaim(assignedRoles(granted.api, account)) : {}),
        scp: granted.names.join(' '),
        sub: pairwise(account, granted.api?.clientId ?? graphAudience),
      }),
    applicationToken: (client, granted) =>
      key.sign({
        ...addressed(granted, client),
        ...lifetime(accessTokenLifetimeSeconds),
        ...(granted.audience === 'msgraph' ? { idtyp: 'app', ...rolesClaim(client.applicationPermissions ?? []) } : {}),
        oid: client.clientId,
        sub: client.clientId,
      }),
    idToken: ({ client, account, granted }, nonce) =>
      key.sign({
        aud: client.clientId,
        iss: tenant.issuer(),
        ...lifetime(idTokenLifetimeSeconds),
        ...(granted.names.includes('profile') ? personClaims('app', account) : {}),
        ...(granted.names.includes('email') ? { email: account.email } : {}),
        ...(nonce === undefined ? {} : { nonce }),
        ...rolesClaim(assignedRoles(client, account)),
        sub: pairwise(account, client.clientId),
        ver: '2.0',
      }),
    async verify(token, audience) {
      const claims = await key.verify(token).catch(() => undefined);
      return claims && isFor(claims, audience, tenant) ? readClaims(claims) : undefined;
    },
  };
}

function personClaims(audience: Audience, { oid, name, userPrincipalName: upn, kind, home }: Account) {
  return {
    oid,
    name,
    ...(audience === 'msgraph' ? { upn, unique_name: upn, idtyp: 'user' } : { preferred_username: upn }),
    ...(kind === 'member' ? {} : { idp: `https://sts.windows.net/${home.tenantId}/` }),
  };
}

function rolesClaim(roles: readonly string[]) {
  return roles.length === 0 ? {} : { roles };
}

/** The subject differs for each application, so that two cannot compare notes. */
function pairwise({ oid }: Account, resource: string): string {
  return createHash('sha256').update(`${resource}/${oid}`).digest('base64url');
}

function isFor(claims: JWTPayload, audience: Audience, { clients }: Tenant): boolean {
  if (typeof claims.aud !== 'string') return false;
  if (audience === 'msgraph') return claims.aud === graphAudience;
  // An id token has the same audience; only an access token says which application it was given to.
  return claims.azp !== undefined && clients.some(({ clientId }) => clientId === claims.aud);
}

function readClaims(claims: JWTPayload): VerifiedToken {
  const { scp, oid, roles, appid, azp } = claims as JWTPayload & {
    scp?: string;
    oid?: string;
    roles?: string[];
    appid?: string;
    azp?: string;
  };
  return {
    ...(scp === undefined || oid === undefined ? {} : { oid }),
    scopes: scp?.split(' ') ?? [],
    roles: roles ?? [],
    clientId: appid ?? azp ?? '',
  };
}

/** What MSAL makes its home account id of. */
export function clientInfo({ home }: Account): string {
  return Buffer.from(JSON.stringify({ uid: home.oid, utid: home.tenantId })).toString('base64url');
}
