import { expect } from 'vitest';
import { delegatedScopes } from '../../../shared/adapters/entra/authority.ts';
import { createPkce } from '../../sandbox/entra/start-entra.ts';
import { verifies } from '../../verifies.ts';
import { codeOf, emails, redirectUri, signIn, startAuthority, tenantId } from './start-authority.ts';

verifies('authority:sign-in', 'tells who signed in, their app roles, and the cache to keep', async () => {
  const { authority } = await startAuthority();

  const [ana, chloe] = [await signIn(authority, emails.ana), await signIn(authority, emails.chloe)];

  expect(ana).toEqual({
    homeAccountId: `00000000-0000-4000-8000-000000000001.${tenantId}`,
    tenantId,
    oid: '00000000-0000-4000-8000-000000000001',
    name: 'Ana Ribeiro',
    email: emails.ana,
    appRoles: ['Admin'],
    cache: expect.stringContaining('RefreshToken') as string,
  });
  expect(chloe).toMatchObject({ name: 'Chloe Martin', appRoles: [] });
});

verifies(
  'authority:sign-in',
  'asks with PKCE, state and nonce, for a choice of account and the scopes of the assistant',
  async () => {
    const { authority, authorityUrl } = await startAuthority();
    const { challenge } = createPkce();

    const url = new URL(await authority.authorizationUrl({ redirectUri, state: 's', nonce: 'n', codeChallenge: challenge }));

    expect(`${url.origin}${url.pathname}`).toBe(`${authorityUrl}/${tenantId}/oauth2/v2.0/authorize`);
    expect(Object.fromEntries(url.searchParams)).toMatchObject({
      ...{ code_challenge: challenge, code_challenge_method: 'S256', state: 's', nonce: 'n', redirect_uri: redirectUri },
      ...{ prompt: 'select_account', response_mode: 'query', response_type: 'code' },
    });
    expect(url.searchParams.get('scope')?.split(' ')).toEqual(expect.arrayContaining([...delegatedScopes, 'offline_access']));
  },
);

verifies('authority:sign-in', 'against Microsoft the address is its own, and nobody is asked to make it', async () => {
  const { authority, requests } = await startAuthority({ authority: { authorityUrl: 'https://login.microsoftonline.com/' } });

  const url = await authority.authorizationUrl({ redirectUri, state: 's', nonce: 'n', codeChallenge: createPkce().challenge });

  expect(url).toMatch(`https://login.microsoftonline.com/${tenantId}/oauth2/v2.0/authorize?`);
  expect(requests()).toBe(0);
});

verifies('authority:sign-in', "an invited guest's home account is of another tenant", async () => {
  const { authority } = await startAuthority();

  const guest = await signIn(authority, 'guest@elsewhere.example');

  expect(guest).toMatchObject({ tenantId, email: 'guest@elsewhere.example' });
  expect(guest.homeAccountId).not.toContain(tenantId);
});

verifies('authority:refuses', 'a used code and an old one are gone', async () => {
  const { authority, context } = await startAuthority();
  const [used, old] = [await codeOf(authority, emails.ana), await codeOf(authority, emails.ana)];
  await authority.redeemCode(used);
  context.clock.advance(11 * 60_000);

  await expect(authority.redeemCode(used)).rejects.toMatchObject({
    code: 'gone',
    message: expect.stringContaining('54005') as string,
  });
  await expect(authority.redeemCode(old)).rejects.toMatchObject({
    code: 'gone',
    message: expect.stringContaining('70008') as string,
  });
});

verifies('authority:refuses', 'a wrong verifier, a wrong nonce and a made-up code are unauthorized', async () => {
  const { authority } = await startAuthority();
  const good = await codeOf(authority, emails.ana);
  const otherNonce = await codeOf(authority, emails.ana, 'of-another-browser');

  for (const request of [{ ...good, codeVerifier: 'x'.repeat(43) }, otherNonce, { ...good, code: 'made-up' }]) {
    await expect(authority.redeemCode(request)).rejects.toMatchObject({ code: 'unauthorized', vendor: 'entra' });
  }
});

verifies('authority:refuses', 'an account that signed in to another tenant is unauthorized', async () => {
  const otherTenant = '00000000-0000-4000-8000-0000000000b0';
  // A wrong turn on the way: the adapter asks for its own tenant and is answered by another one.
  const elsewhere = (url: string) => url.replace(`/${tenantId}/`, `/${otherTenant}/`);
  const { authority } = await startAuthority({
    entra: { tenantId: otherTenant },
    authority: { fetch: (url, init) => fetch(elsewhere(url as string), init) },
  });
  const misled = {
    ...authority,
    authorizationUrl: async (request: Parameters<typeof authority.authorizationUrl>[0]) =>
      elsewhere(await authority.authorizationUrl(request)),
  };

  const redeeming = authority.redeemCode(await codeOf(misled, emails.ana));

  await expect(redeeming).rejects.toMatchObject({ code: 'unauthorized', message: 'The account signed in to another tenant' });
});
