import { createRemoteJWKSet, jwtVerify } from 'jose';
import { expect } from 'vitest';
import { verifies } from '../../verifies.ts';
import { clientId, codeFor, redirectUri, startEntra, tenantId } from './start-entra.ts';

interface Metadata {
  issuer: string;
  jwks_uri: string;
  token_endpoint: string;
  authorization_endpoint: string;
  end_session_endpoint: string;
}

async function discover(base: string): Promise<Metadata> {
  return (await (await fetch(`${base}/${tenantId}/v2.0/.well-known/openid-configuration`)).json()) as Metadata;
}

verifies('entra:metadata', 'the endpoints stand where the metadata says', async () => {
  const { base } = await startEntra();

  const metadata = await discover(base);

  expect(metadata).toMatchObject({
    issuer: `${base}/${tenantId}/v2.0`,
    token_endpoint: `${base}/${tenantId}/oauth2/v2.0/token`,
    authorization_endpoint: `${base}/${tenantId}/oauth2/v2.0/authorize`,
  });
});

verifies('entra:metadata', 'anyone can verify its id and access tokens with the served keys, and tell a forged one', async () => {
  const started = await startEntra();
  const metadata = await discover(started.base);
  const keys = createRemoteJWKSet(new URL(metadata.jwks_uri));
  const { body } = await started.ask(
    await codeFor(started, 'ana@alderfinch.example', { scope: `openid profile api://${clientId}/access_as_user` }),
  );
  const expected = { issuer: metadata.issuer, audience: clientId };
  const accessToken = String(body['access_token']);

  const id = await jwtVerify(String(body['id_token']), keys, expected);
  const access = await jwtVerify(accessToken, keys, expected);

  expect(id).toMatchObject({ protectedHeader: { alg: 'RS256' }, payload: { nonce: 'the-nonce', tid: tenantId } });
  expect(access.payload).toMatchObject({ scp: 'access_as_user openid profile', roles: ['Admin'], azp: clientId });
  await expect(jwtVerify(`${accessToken.slice(0, -6)}AAAAAA`, keys, expected)).rejects.toThrow('signature');
});

verifies('entra:metadata', 'a token is verified for its audience alone, until it expires', async () => {
  const { entra, context } = await startEntra({ accessTokenLifetimeSeconds: 60 });
  const toApp = await entra.issueToken({ phoneOrEmail: 'ana@alderfinch.example', audience: 'app' });
  const toGraph = await entra.issueToken({ phoneOrEmail: '+15550100001', audience: 'msgraph' });

  expect(await entra.verify(toApp, 'app')).toMatchObject({ roles: ['Admin'], scopes: ['access_as_user'] });
  expect(await entra.verify(toGraph, 'msgraph')).toMatchObject({ roles: [], clientId });
  expect(await entra.verify(toApp, 'msgraph')).toBeUndefined();
  expect(await entra.verify(toGraph, 'app')).toBeUndefined();
  context.clock.advance(61_000);
  expect(await entra.verify(toApp, 'app')).toBeUndefined();
});

verifies('entra:metadata', 'an id token is no access token', async () => {
  const started = await startEntra();
  const { body } = await started.ask(await codeFor(started, 'ana@alderfinch.example'));

  expect(await started.entra.verify(String(body['id_token']), 'app')).toBeUndefined();
});

verifies('entra:metadata', 'signing out leads back to a registered address only', async () => {
  const { base } = await startEntra();
  const { end_session_endpoint } = await discover(base);
  const leave = (to: string) =>
    fetch(`${end_session_endpoint}?post_logout_redirect_uri=${encodeURIComponent(to)}`, { redirect: 'manual' });

  const [back, nowhere] = [await leave(redirectUri), await leave('https://evil.example')];

  expect([back.status, back.headers.get('location')]).toEqual([302, redirectUri]);
  expect([nowhere.status, nowhere.headers.get('location')]).toEqual([200, null]);
});
