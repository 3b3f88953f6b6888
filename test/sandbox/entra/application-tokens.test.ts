import { exportJWK, generateKeyPair, SignJWT } from 'jose';
import { expect } from 'vitest';
import { verifies } from '../../verifies.ts';
import { client, clientId, codeFor, otherClient, startEntra, tenantId } from './start-entra.ts';

const graphDefault = 'https://graph.microsoft.com/.default';
const jwtBearer = 'urn:ietf:params:oauth:grant-type:jwt-bearer';
const assertionType = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer';

verifies(
  'entra:client-credentials',
  'msal-node gets a token of the application, with its permissions and no person',
  async () => {
    const { msal, entra } = await startEntra();

    const result = await msal().acquireTokenByClientCredential({ scopes: [graphDefault] });

    const token = result?.accessToken ?? '';
    expect(await entra.verify(token, 'msgraph')).toEqual({ scopes: [], roles: ['Sites.Selected'], clientId });
    expect(await entra.verify(token, 'app')).toBeUndefined();
  },
);

verifies('entra:client-credentials', 'only the default of a known resource can be had', async () => {
  const { ask } = await startEntra();
  const codes = [];

  for (const scope of [
    'https://graph.microsoft.com/User.Read',
    'https://vault.azure.net/.default',
    `api://${clientId}/.default`,
  ]) {
    codes.push((await ask({ grant_type: 'client_credentials', scope })).body['error_codes']);
  }

  expect(codes).toEqual([[1002012], [500011], undefined]);
});

verifies('entra:client-credentials', 'id and secret may come as Basic', async () => {
  const { base } = await startEntra();
  const ask = async (secret: string) => {
    const response = await fetch(`${base}/${tenantId}/oauth2/v2.0/token`, {
      method: 'POST',
      headers: { authorization: `Basic ${Buffer.from(`${clientId}:${secret}`).toString('base64')}` },
      body: new URLSearchParams({ grant_type: 'client_credentials', scope: graphDefault }),
    });
    return response.status;
  };

  expect([await ask(client.clientSecret), await ask('wrong')]).toEqual([200, 401]);
});

verifies('entra:on-behalf-of', 'msal-node exchanges a token for the application for one to Microsoft Graph', async () => {
  const { msal, entra } = await startEntra();
  const callers = await entra.issueToken({ phoneOrEmail: '+15550100002', audience: 'app' });

  const result = await msal().acquireTokenOnBehalfOf({ oboAssertion: callers, scopes: ['Calendars.ReadWrite'] });

  expect(await entra.verify(result?.accessToken ?? '', 'msgraph')).toMatchObject({
    oid: '00000000-0000-4000-8000-000000000002',
    scopes: expect.arrayContaining(['Calendars.ReadWrite']) as string[],
  });
});

verifies('entra:on-behalf-of', 'a token that is foreign, forged, too old or of an application is refused', async () => {
  const { ask, entra, context } = await startEntra();
  const exchange = async (assertion: string, over: Record<string, string> = {}) => {
    const form = { grant_type: jwtBearer, requested_token_use: 'on_behalf_of', scope: 'User.Read', assertion, ...over };
    return (await ask(form)).body['error_codes'];
  };
  const own = await entra.issueToken({ phoneOrEmail: 'ben@alderfinch.example', audience: 'app' });
  const toGraph = await entra.issueToken({ phoneOrEmail: 'ben@alderfinch.example', audience: 'msgraph' });
  const { body } = await ask({ grant_type: 'client_credentials', scope: `api://${clientId}/.default` });

  expect(await exchange(toGraph)).toEqual([500131]);
  expect(await exchange(`${own.slice(0, -6)}AAAAAA`)).toEqual([50013]);
  expect(await exchange(String(body['access_token']))).toEqual([7000114]);
  expect(await exchange(own, { requested_token_use: 'other' })).toEqual([90023]);
  expect(await exchange(own, { client_id: otherClient.clientId, client_secret: otherClient.clientSecret })).toEqual([500131]);
  expect(await exchange(own)).toBeUndefined();
  context.clock.advance(3_901_000);
  expect(await exchange(own)).toEqual([500133]);
});

async function managedIdentity() {
  const { privateKey, publicKey } = await generateKeyPair('RS256');
  const issuer = `https://login.microsoftonline.com/${tenantId}/v2.0`;
  const keys = [{ ...(await exportJWK(publicKey)), kid: 'identity' }];
  const sign = (claims: Record<string, unknown> = {}) =>
    new SignJWT({ iss: issuer, sub: 'principal', aud: 'api://AzureADTokenExchange', ...claims })
      .setProtectedHeader({ alg: 'RS256', kid: 'identity' })
      .setIssuedAt()
      .setExpirationTime('10 minutes')
      .sign(privateKey);
  return { sign, credential: { issuer, subject: 'principal', keys } };
}

verifies('entra:federated', "msal-node proves who it is by a managed identity's token", async () => {
  const { sign, credential } = await managedIdentity();
  const started = await startEntra({ clients: [{ ...client, federatedCredentials: [credential] }] });
  const application = started.msal({ clientSecret: '', clientAssertion: () => sign() });
  const { code, code_verifier, redirect_uri } = await codeFor(started, 'ana@alderfinch.example');

  const result = await application.acquireTokenByCode({
    ...{ code, codeVerifier: code_verifier, redirectUri: redirect_uri, scopes: ['User.Read'], nonce: 'the-nonce' },
  });

  expect(result.account?.username).toBe('ana@alderfinch.example');
});

verifies('entra:federated', 'an assertion that matches no record, is forged or expired, is refused for just that', async () => {
  const [{ sign, credential }, forger] = [await managedIdentity(), await managedIdentity()];
  const { ask, context } = await startEntra({ clients: [{ ...client, federatedCredentials: [credential] }] });
  const present = async (assertion: string, type = assertionType) => {
    const proof = { client_assertion: assertion, client_assertion_type: type };
    return (await ask({ grant_type: 'client_credentials', scope: graphDefault, ...proof })).body['error_codes'];
  };

  expect(await present(await sign({ iss: 'https://evil.example' }))).toEqual([700211]);
  expect(await present(await sign({ sub: 'another' }))).toEqual([700213]);
  expect(await present(await sign({ aud: 'api://other' }))).toEqual([700212]);
  expect(await present(await forger.sign())).toEqual([700027]);
  expect(await present('no.jwt')).toEqual([50027]);
  expect(await present(await sign(), 'other')).toEqual([900144]);
  const assertion = await sign();
  expect(await present(assertion)).toBeUndefined();
  context.clock.advance(11 * 60_000);
  expect(await present(assertion)).toEqual([700024]);
});
