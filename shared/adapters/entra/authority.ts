import type { AuthenticationResult } from '@azure/msal-node';
import { z } from 'zod';
import { AppError } from '../../core/errors.ts';
import type { Authority, SignedInAccount } from '../../ports/authority.ts';
import { createEntraClient, toAuthority, type EntraAuthorityOptions, type EntraClient } from './client.ts';
import { translateAcquireError, translateRedeemError } from './translate-error.ts';

export type { EntraAuthorityOptions } from './client.ts';

/** What the assistant may do as the person: what its adapters need and no more; each can be consented to by a person. */
export const delegatedScopes: readonly string[] = [
  'User.Read',
  'User.ReadBasic.All',
  'MailboxSettings.Read',
  'Calendars.ReadWrite',
  'Mail.Send',
];

const IdClaims = z.object({
  tid: z.string(),
  oid: z.string(),
  name: z.string().default(''),
  preferred_username: z.string(),
  roles: z.array(z.string()).default([]),
});

/** @see https://learn.microsoft.com/entra/identity-platform/v2-oauth2-auth-code-flow */
export function createEntraAuthority(options: EntraAuthorityOptions): Authority {
  const scopes = [...(options.scopes ?? delegatedScopes)];
  return {
    async authorizationUrl({ redirectUri, state, nonce, codeChallenge }) {
      const { application } = createEntraClient(options, {});
      const url = await application.getAuthCodeUrl({
        ...{ scopes, redirectUri, state, nonce, codeChallenge, codeChallengeMethod: 'S256' },
        prompt: 'select_account',
        responseMode: 'query', // a form posted from elsewhere would come without the SameSite=Lax cookie
      });
      return toAuthority(options, url);
    },
    async redeemCode({ code, redirectUri, codeVerifier, nonce }, signal) {
      const client = createEntraClient(options, { signal });
      const request = { code, redirectUri, codeVerifier, nonce, scopes };
      const result = await client.run(() => client.application.acquireTokenByCode(request), translateRedeemError);
      return readAccount(result, client, options.tenantId);
    },
    async acquireToken({ homeAccountId, cache }, signal) {
      const client = createEntraClient(options, { cache, signal });
      const account = await client.application.getTokenCache().getAccountByHomeId(homeAccountId);
      if (!account) throw new AppError('sign-in-required', 'The token cache does not hold the account', { vendor: 'entra' });
      const request = { account, scopes };
      const result = await client.run(() => client.application.acquireTokenSilent(request), translateAcquireError);
      return {
        accessToken: result.accessToken,
        expiresAtMs: result.expiresOn?.getTime() ?? 0,
        cache: client.changedCache(),
        appRoles: IdClaims.pick({ roles: true }).parse(result.idTokenClaims).roles,
      };
    },
  };
}

function readAccount({ account, idTokenClaims }: AuthenticationResult, client: EntraClient, tenantId: string): SignedInAccount {
  const claims = IdClaims.safeParse(idTokenClaims);
  const cache = client.changedCache();
  if (!claims.success || account === null || cache === undefined) {
    throw new AppError('upstream', 'Entra told too little about who signed in', { vendor: 'entra', cause: claims.error });
  }
  const { tid, oid, name, preferred_username: email, roles } = claims.data;
  if (tid !== tenantId) throw new AppError('unauthorized', 'The account signed in to another tenant', { vendor: 'entra' });
  return { homeAccountId: account.homeAccountId, tenantId: tid, oid, name, email, appRoles: roles, cache };
}
