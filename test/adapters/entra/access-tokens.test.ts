import { createHmac, generateKeyPairSync } from 'node:crypto';
import { decodeJwt, decodeProtectedHeader, SignJWT, UnsecuredJWT, type JWTPayload } from 'jose';
import { expect } from 'vitest';
import { createEntraAccessTokens, type AccessTokenOptions } from '../../../shared/adapters/entra/access-tokens.ts';
import { verifies } from '../../verifies.ts';
import { clientId, clientSecret, emails, signIn, startAuthority, tenantId } from './start-authority.ts';

const refused = { code: 'unauthorized', retryable: false, vendor: 'entra' };

/** The adapter in front of the stand-in, and a key of its own that the tenant publishes beside the real one. */
async function start(options: Partial<AccessTokenOptions> = {}) {
  const started = await startAuthority();
  const { context, entra, authorityUrl } = started;
  const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2_048 });
  const published = { ...publicKey.export({ format: 'jwk' }), kid: 'ours', use: 'sig', alg: 'RS256' };
  const asked: string[] = [];
  const spied: typeof fetch = async (input, init) => {
    asked.push(new URL(new Request(input).url).pathname);
    const response = await fetch(input, init);
    if (!asked.at(-1)?.endsWith('/keys') || !response.ok) return response;
    const { keys } = (await response.json()) as { keys: object[] };
    return Response.json({ keys: [...keys, published] });
  };
  const tokens = createEntraAccessTokens({
    ...{ tenantId, clientId, credential: { secret: clientSecret }, authorityUrl, fetch: spied, timeoutMs: 2_000 },
    ...{ clock: { now: () => context.clock.now(), sleep: () => Promise.resolve() }, scope: 'access_as_user' },
    ...options,
  });
  const now = Math.floor(context.clock.now() / 1_000);
  const issue = (email: string) => entra.issueToken({ phoneOrEmail: email, audience: 'app' });
  /** Ana's own token with other claims, signed by a key that the tenant publishes. */
  const forge = async (claims: JWTPayload, key: Parameters<SignJWT['sign']>[0] = privateKey, kid = 'ours') =>
    new SignJWT(Object.assign(decodeJwt(await issue(emails.ana)), claims))
      .setProtectedHeader({ alg: 'RS256', typ: 'JWT', kid })
      .sign(key);
  return { ...started, tokens, issue, forge, asked, now, published };
}

verifies('mcp:token', 'a token of the tenant for this application tells who holds it, and with which roles', async () => {
  const { tokens, issue } = await start();

  const [ana, chloe] = await Promise.all([emails.ana, emails.chloe].map(async (email) => tokens.verify(await issue(email))));

  expect(ana).toMatchObject({ tenantId, email: emails.ana, appRoles: ['Admin'], clientId: clientId });
  expect(chloe).toMatchObject({ tenantId, email: emails.chloe, appRoles: [] });
  expect(ana?.oid).not.toBe(chloe?.oid);
});

verifies('mcp:token', 'claims that are not right are refused, each for itself', async () => {
  const { tokens, forge, authorityUrl, now } = await start();
  const wrong: readonly JWTPayload[] = [
    { iss: 'https://login.microsoftonline.com/11111111-1111-4111-8111-111111111111/v2.0' },
    { iss: `https://sts.windows.net/${tenantId}/`, ver: '1.0' },
    { iss: `${authorityUrl}/${tenantId}/v2.0/` },
    { aud: 'https://graph.microsoft.com' },
    { aud: `api://${clientId}` },
    { aud: [] },
    { tid: '11111111-1111-4111-8111-111111111111' },
    { exp: now - 61 },
    { exp: undefined },
    { nbf: now + 120 },
    { nbf: undefined },
    { ver: '1.0' },
    { scp: undefined },
    { oid: undefined },
    { oid: '' },
    { azp: undefined },
    { azp: 'A program with a name' },
  ];

  const accepted = await tokens.verify(await forge({}));

  expect(accepted.email).toBe(emails.ana);
  for (const claims of wrong)
    await expect(tokens.verify(await forge(claims)), JSON.stringify(claims)).rejects.toMatchObject(refused);
  await expect(tokens.verify(await forge({ exp: now - 30 }))).resolves.toMatchObject({ email: emails.ana });
});

verifies('mcp:token', 'signatures that are not the tenant’s are refused, however they are made', async () => {
  const { tokens, issue, forge, published } = await start();
  const token = await issue(emails.ana);
  const [header = '', payload = '', signature = ''] = token.split('.');
  const stranger = generateKeyPairSync('rsa', { modulusLength: 2_048 }).privateKey;
  const hmacHeader = Buffer.from(JSON.stringify({ alg: 'HS256', typ: 'JWT', kid: 'ours' })).toString('base64url');
  const hmac = createHmac('sha256', JSON.stringify(published)).update(`${hmacHeader}.${payload}`).digest('base64url');
  const changed = Buffer.from(JSON.stringify({ ...decodeJwt(token), name: 'Somebody else' })).toString('base64url');
  const bad = {
    'a stranger’s key under a known name': await forge({}, stranger),
    'an unknown key': await forge({}, stranger, 'nobody'),
    'the name of the real key': await forge({}, stranger, decodeProtectedHeader(token).kid),
    'no algorithm': new UnsecuredJWT(decodeJwt(token)).encode(),
    'the public key as a secret': `${hmacHeader}.${payload}.${hmac}`,
    'changed claims': `${header}.${changed}.${signature}`,
    'no signature': `${header}.${payload}.`,
    'two parts': `${header}.${payload}`,
    'no token': 'secret',
    nothing: '',
    'far too much': `${header}.${'A'.repeat(20_000)}.${signature}`,
  };

  for (const [what, token] of Object.entries(bad)) await expect(tokens.verify(token), what).rejects.toMatchObject(refused);
});

verifies(
  'mcp:token',
  'neither a token for Microsoft Graph, nor an id token, nor one without the scope opens anything',
  async () => {
    const { tokens, entra, forge, authority } = await start();
    const forGraph = await entra.issueToken({ phoneOrEmail: emails.ana, audience: 'msgraph' });
    const { cache } = await signIn(authority, emails.ana);
    const [idToken] = Object.values((JSON.parse(cache) as { IdToken: Record<string, { secret: string }> }).IdToken);

    await expect(tokens.verify(forGraph)).rejects.toMatchObject(refused);
    expect(decodeJwt(idToken?.secret ?? '')).toMatchObject({ aud: clientId });
    await expect(tokens.verify(idToken?.secret ?? '')).rejects.toMatchObject(refused);
    await expect(tokens.verify(await forge({ scp: 'openid access_as_user_too' }))).rejects.toMatchObject({ code: 'forbidden' });
  },
);

verifies('mcp:token', 'the keys are asked for once, and an unknown one once in a while', async () => {
  const { tokens, issue, forge, asked } = await start();
  const stranger = generateKeyPairSync('rsa', { modulusLength: 2_048 }).privateKey;
  const token = await issue(emails.ana);

  await Promise.all([1, 2, 3].map(() => tokens.verify(token)));
  for (const kid of ['a', 'b', 'c']) await tokens.verify(await forge({}, stranger, kid)).catch(() => undefined);
  await tokens.verify(token);

  expect(asked).toEqual([`/login/${tenantId}/v2.0/.well-known/openid-configuration`, `/login/${tenantId}/discovery/v2.0/keys`]);
});

verifies('mcp:token', 'while the keys cannot be had nobody is refused for it, and the next request asks anew', async () => {
  const { tokens, issue, context } = await start();
  const token = await issue(emails.ana);
  const failures = [
    [{ effect: 'answer', status: 503, match: { path: '/openid-configuration' } }, 'upstream'],
    [{ effect: 'answer', status: 401, match: { path: '/openid-configuration' } }, 'upstream'],
    [{ effect: 'answer', status: 404, match: { path: '/openid-configuration' } }, 'upstream'],
    [{ effect: 'drop', match: { path: '/openid-configuration' } }, 'upstream'],
    [{ effect: 'answer', status: 500, match: { path: '/keys' } }, 'upstream'],
    [{ effect: 'drop', match: { path: '/keys' } }, 'upstream'],
    [{ effect: 'hang', match: { path: '/keys' } }, 'timeout'],
  ] as const;

  for (const [fault, code] of failures) {
    context.faults.add({ vendor: 'entra', times: 1, ...fault });
    await expect(tokens.verify(token), JSON.stringify(fault)).rejects.toMatchObject({ code, retryable: true });
  }

  await expect(tokens.verify(token)).resolves.toMatchObject({ email: emails.ana });
});

verifies('mcp:token', 'metadata that names another issuer, or keys elsewhere, is not believed', async () => {
  const honest = await start();
  const token = await honest.issue(emails.ana);
  const issuer = `${honest.authorityUrl}/${tenantId}/v2.0`;
  const lies = [
    { issuer: 'https://evil.example/v2.0', jwks_uri: `${honest.authorityUrl}/${tenantId}/discovery/v2.0/keys` },
    { issuer, jwks_uri: 'https://evil.example/keys' },
    { issuer },
    [],
  ];

  for (const lie of lies) {
    const { tokens } = await start({ authorityUrl: honest.authorityUrl, fetch: () => Promise.resolve(Response.json(lie)) });
    await expect(tokens.verify(token), JSON.stringify(lie)).rejects.toMatchObject({ code: 'upstream' });
  }
});
