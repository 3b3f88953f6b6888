import { exportJWK, generateKeyPair, SignJWT } from 'jose';
import { expect, onTestFinished, vi } from 'vitest';
import { listen } from '../../../sandbox/kit/http.ts';
import { createManagedIdentityAssertion } from '../../../shared/adapters/entra/managed-identity.ts';
import { verifies } from '../../verifies.ts';
import { codeOf, emails, registration, signIn, startAuthority, tenantId } from './start-authority.ts';

const shortLived = { entra: { accessTokenLifetimeSeconds: 60 } };

const faults = [
  [
    { effect: 'answer', status: 429, retryAfterSeconds: 7 },
    { code: 'rate-limited', retryAfterMs: 7_000 },
  ],
  [
    { effect: 'answer', status: 503, retryAfterSeconds: 3 },
    { code: 'upstream', retryAfterMs: 3_000 },
  ],
  [{ effect: 'answer', status: 500 }, { code: 'upstream' }],
  [{ effect: 'drop' }, { code: 'upstream' }],
  [{ effect: 'answer', status: 401 }, { code: 'settings' }],
] as const;

verifies('authority:failures', 'each is told apart, at both ends, and the next try is a fresh one', async () => {
  const { authority, context } = await startAuthority(shortLived);
  const ana = await signIn(authority, emails.ana);
  const code = await codeOf(authority, emails.ana);

  for (const [fault, error] of faults) {
    context.faults.add({ vendor: 'entra', times: 2, ...fault });

    await expect(authority.acquireToken(ana), fault.effect).rejects.toMatchObject({ ...error, vendor: 'entra' });
    await expect(authority.redeemCode(code), fault.effect).rejects.toMatchObject({ ...error, vendor: 'entra' });
    await expect(authority.acquireToken(ana)).resolves.toBeDefined();
  }

  await expect(authority.redeemCode(code)).resolves.toMatchObject({ email: emails.ana });
});

verifies('authority:failures', 'silence ends after the time limit', async () => {
  const { authority, context } = await startAuthority({ ...shortLived, authority: { timeoutMs: 150 } });
  const ana = await signIn(authority, emails.ana);
  context.faults.add({ vendor: 'entra', effect: 'hang' });

  await expect(authority.acquireToken(ana)).rejects.toMatchObject({ code: 'timeout', retryable: true });
});

verifies('authority:failures', 'the caller can stop waiting', async () => {
  const { authority, context } = await startAuthority(shortLived);
  const ana = await signIn(authority, emails.ana);
  context.faults.add({ vendor: 'entra', effect: 'hang' });
  const stop = new AbortController();

  const acquiring = authority.acquireToken(ana, stop.signal);
  stop.abort();

  await expect(acquiring).rejects.toMatchObject({ code: 'upstream' });
});

verifies('authority:failures', 'an answer that is not JSON, or that redirects, is none', async () => {
  const { port, close } = await listen((request, response) => {
    if (request.url?.includes('token') === true) response.writeHead(307, { location: '/elsewhere' }).end();
    else response.writeHead(200).end('{}');
  });
  const html = await listen((_, response) => response.writeHead(200).end('<html>maintenance</html>'));
  onTestFinished(() => Promise.all([close(), html.close()]).then(() => undefined));
  const request = { code: 'c', redirectUri: 'http://x', codeVerifier: 'v', nonce: 'n' };

  for (const authorityUrl of [`http://127.0.0.1:${html.port}`, `http://127.0.0.1:${port}`]) {
    const { authority } = await startAuthority({ authority: { authorityUrl } });

    await expect(authority.redeemCode(request)).rejects.toMatchObject({
      code: 'upstream',
      message: expect.stringContaining('usable') as string,
    });
  }
});

verifies('authority:failures', 'a wrong secret is a matter of settings, and no error tells one', async () => {
  const { authority } = await startAuthority({ authority: { credential: { secret: 'wrong-secret' } } });

  const error: unknown = await signIn(authority, emails.ana).catch((thrown: unknown) => thrown);

  expect(error).toMatchObject({ code: 'settings', message: expect.stringContaining('AADSTS7000215') as string });
  expect(String(error)).not.toContain('wrong-secret');
});

const identityClientId = '00000000-0000-4000-8000-0000000000d1';

/** The identity endpoint of a function app, and the record by which the tenant trusts its tokens. */
async function startManagedIdentity() {
  const { privateKey, publicKey } = await generateKeyPair('RS256');
  const issuer = `https://login.microsoftonline.com/${tenantId}/v2.0`;
  const asked: (string | undefined)[] = [];
  const sign = (claims: Record<string, string>) =>
    new SignJWT(claims).setProtectedHeader({ alg: 'RS256', kid: 'mi' }).setIssuedAt().setExpirationTime('1 day').sign(privateKey);
  const { port, close } = await listen(async (request, response) => {
    asked.push(request.url);
    const access_token = await sign({ iss: issuer, sub: 'principal', aud: 'api://AzureADTokenExchange' });
    const expires_on = Math.floor(Date.now() / 1_000) + 86_400;
    response.writeHead(200, { 'content-type': 'application/json' });
    response.end(JSON.stringify({ access_token, expires_on, resource: 'api://AzureADTokenExchange', token_type: 'Bearer' }));
  });
  onTestFinished(close);
  const credential = { issuer, subject: 'principal', keys: [{ ...(await exportJWK(publicKey)), kid: 'mi' }] };
  return { endpoint: `http://127.0.0.1:${port}/msi/token`, credential, asked };
}

verifies('authority:managed-identity', 'signs people in and refreshes without a secret', async () => {
  const { endpoint, credential, asked } = await startManagedIdentity();
  vi.stubEnv('IDENTITY_ENDPOINT', endpoint);
  vi.stubEnv('IDENTITY_HEADER', 'header');
  onTestFinished(() => void vi.unstubAllEnvs());
  const { authority } = await startAuthority({
    entra: { clients: [{ ...registration, federatedCredentials: [credential] }], accessTokenLifetimeSeconds: 60 },
    authority: { credential: { assertion: createManagedIdentityAssertion({ clientId: identityClientId }) } },
  });

  const ana = await signIn(authority, emails.ana);
  await authority.acquireToken(ana);

  expect(asked).toHaveLength(1);
  expect(asked[0]).toContain(`client_id=${identityClientId}`);
});

verifies('authority:managed-identity', 'an identity that gives no token is an outage, not a bug', async () => {
  const { authority } = await startAuthority({
    authority: { credential: { assertion: createManagedIdentityAssertion({ clientId: 'not-there' }) } },
  });
  const { port, close } = await listen(() => undefined);
  await close();
  vi.stubEnv('IDENTITY_ENDPOINT', `http://127.0.0.1:${port}/msi/token`);
  vi.stubEnv('IDENTITY_HEADER', 'header');
  onTestFinished(() => void vi.unstubAllEnvs());

  await expect(signIn(authority, emails.ana)).rejects.toMatchObject({ code: 'upstream' });
});
