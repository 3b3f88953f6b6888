import { decodeJwt } from 'jose';
import { expect } from 'vitest';
import { verifies } from '../../verifies.ts';
import {
  choose,
  codeFor,
  createPkce,
  redirectUri,
  scopes,
  sentBack,
  startEntra,
  tenantId,
  type StartedEntra,
} from './start-entra.ts';

const ana = { email: 'ana@alderfinch.example', oid: '00000000-0000-4000-8000-000000000001' };

/** The whole way by msal-node; the cache is what a fresh client may go on from. */
async function signIn({ msal }: StartedEntra, email: string) {
  const application = msal();
  const { verifier, challenge } = createPkce();
  const url = await application.getAuthCodeUrl({
    scopes,
    redirectUri,
    state: 'state-1',
    nonce: 'nonce-1',
    codeChallenge: challenge,
    codeChallengeMethod: 'S256',
    prompt: 'select_account',
  });
  const { code = '', state = '' } = sentBack(await choose(url, email));
  const result = await application.acquireTokenByCode(
    { code, codeVerifier: verifier, redirectUri, scopes, state: 'state-1', nonce: 'nonce-1' },
    { code, state },
  );
  return { result, cache: application.getTokenCache().serialize() };
}

verifies('entra:code-flow', 'msal-node signs a person in with PKCE, state and nonce', async () => {
  const started = await startEntra();

  const { result } = await signIn(started, ana.email);

  expect(result.account).toMatchObject({ homeAccountId: `${ana.oid}.${tenantId}`, username: ana.email, tenantId });
  expect(result.idTokenClaims).toMatchObject({
    ...{ oid: ana.oid, tid: tenantId, preferred_username: ana.email, name: 'Ana Ribeiro', nonce: 'nonce-1', ver: '2.0' },
  });
  expect(result.scopes).toEqual(expect.arrayContaining(scopes));
  expect(await started.entra.verify(result.accessToken, 'msgraph')).toMatchObject({ oid: ana.oid });
  expect(started.entra.busy()).toBe(false);
});

verifies('entra:code-flow', 'a fresh client finds its token in the kept cache and asks nobody', async () => {
  const started = await startEntra();
  const { result, cache } = await signIn(started, ana.email);
  const asked = started.context.journal.entries('entra').length;
  const fresh = started.msal();
  fresh.getTokenCache().deserialize(cache);
  const account = await fresh.getTokenCache().getAccountByHomeId(`${ana.oid}.${tenantId}`);

  const silent = await fresh.acquireTokenSilent({ account: account ?? expect.unreachable(), scopes });

  expect(silent).toMatchObject({ fromCache: true, accessToken: result.accessToken });
  expect(started.context.journal.entries('entra')).toHaveLength(asked);
});

verifies('entra:code-flow', 'a nonce that is not the one of the request is noticed by msal-node', async () => {
  const started = await startEntra();
  const form = await codeFor(started, ana.email, { nonce: 'another' });

  const redeeming = started
    .msal()
    .acquireTokenByCode({ code: form.code, codeVerifier: form.code_verifier, redirectUri, scopes, nonce: 'nonce-1' });

  await expect(redeeming).rejects.toMatchObject({ errorCode: 'nonce_mismatch' });
});

verifies('entra:code-flow', 'an answer holds only what was asked for', async () => {
  const started = await startEntra();
  const { client_info, ...form } = await codeFor(started, ana.email, { scope: 'https://graph.microsoft.com/User.Read' });

  const { status, body } = await started.ask(form);

  expect(client_info).toBe('1');
  expect(status).toBe(200);
  expect(Object.keys(body).sort()).toEqual(['access_token', 'expires_in', 'ext_expires_in', 'scope', 'token_type']);
  expect(body).toMatchObject({ scope: 'https://graph.microsoft.com/User.Read', expires_in: 3_900 });
  expect(decodeJwt(String(body['access_token']))).toMatchObject({ scp: 'User.Read', aud: 'https://graph.microsoft.com' });
});

verifies('entra:roles', 'the id token holds the app roles of the person, and none where there is none', async () => {
  const started = await startEntra();

  const claims = [];
  for (const name of ['ana', 'ben', 'chloe']) {
    claims.push((await signIn(started, `${name}@alderfinch.example`)).result.idTokenClaims);
  }

  expect(claims.map((each) => (each as { roles?: string[] }).roles)).toEqual([['Admin'], ['Staff'], undefined]);
});

verifies('entra:guest', 'an invited guest comes with an address and a home tenant from elsewhere', async () => {
  const started = await startEntra();

  const { result } = await signIn(started, 'guest@elsewhere.example');

  expect(result.idTokenClaims).toMatchObject({ tid: tenantId, preferred_username: 'guest@elsewhere.example' });
  expect(result.account?.homeAccountId).not.toContain(tenantId);
});

verifies('entra:guest', 'who was not invited is refused by Entra itself, on its own page', async () => {
  const started = await startEntra();

  const refused = await codeFor(started, 'stranger@elsewhere.example').catch((error: unknown) => String(error));

  expect(refused).toBe('Error: 403 sends nobody anywhere');
  expect(started.context.journal.entries('entra').at(-1)?.response).toContain('AADSTS50020');
});
