import { onTestFinished } from 'vitest';
import { createEntra, type EntraOptions } from '../../../sandbox/entra/entra.ts';
import { createSandboxContext } from '../../../sandbox/kit/context.ts';
import { listen, serveVendor } from '../../../sandbox/kit/http.ts';
import { organisation } from '../../../sandbox/seed/organisation.ts';
import { people } from '../../../sandbox/seed/people.ts';
import { createEntraAuthority, type EntraAuthorityOptions } from '../../../shared/adapters/entra/authority.ts';
import type { Authority, SignedInAccount } from '../../../shared/ports/authority.ts';
import { choose, createPkce, sentBack } from '../../sandbox/entra/start-entra.ts';

export const { tenantId, clientId, clientSecret } = organisation;
export const redirectUri = 'http://127.0.0.1:7071/api/sign-in/callback';
export const registration = { clientId, clientSecret, redirectUris: [redirectUri], appRoles: ['Admin', 'Staff'] };
export const emails = { ana: 'ana@alderfinch.example', ben: 'ben@alderfinch.example', chloe: 'chloe@alderfinch.example' };

/** The adapter in front of the stand-in, mounted under a prefix as in the sandbox. */
export async function startAuthority(
  options: { readonly entra?: Partial<EntraOptions>; readonly authority?: Partial<EntraAuthorityOptions> } = {},
) {
  const context = createSandboxContext();
  let authorityUrl = '';
  const entra = createEntra(context, {
    ...{ tenantId, people, clients: [registration], baseUrl: () => authorityUrl },
    ...options.entra,
  });
  const { port, close } = await listen(serveVendor(context, entra.vendor, '/login'));
  authorityUrl = `http://127.0.0.1:${port}/login`;
  onTestFinished(async () => {
    context.clock.stop();
    await close();
  });
  const authority = createEntraAuthority({
    ...{ tenantId, clientId, credential: { secret: clientSecret }, authorityUrl, fetch, timeoutMs: 5_000 },
    ...options.authority,
  });
  return { context, entra, authority, authorityUrl, requests: () => context.journal.entries('entra').length };
}

/** Signs `email` in by the page, up to the code; what `redeemCode` takes. */
export async function codeOf(authority: Authority, email: string, nonce = 'the-nonce') {
  const { verifier: codeVerifier, challenge: codeChallenge } = createPkce();
  const url = await authority.authorizationUrl({ redirectUri, state: 'the-state', nonce, codeChallenge });
  const { code = '' } = sentBack(await choose(url, email));
  return { code, redirectUri, codeVerifier, nonce: 'the-nonce' };
}

export async function signIn(authority: Authority, email: string): Promise<SignedInAccount> {
  return authority.redeemCode(await codeOf(authority, email));
}
