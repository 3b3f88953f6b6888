import { expect } from 'vitest';
import { verifies } from '../../verifies.ts';
import { emails, signIn, startAuthority } from './start-authority.ts';

// MSAL refreshes what has less than five minutes left: with this every token is refreshed when it is asked for.
const shortLived = { entra: { accessTokenLifetimeSeconds: 60 } };
const day = 24 * 60 * 60_000;

verifies('authority:tokens', 'from the cache while it lasts, without a request and without a new cache', async () => {
  const { authority, entra, requests } = await startAuthority();
  const ana = await signIn(authority, emails.ana);
  const before = requests();

  const token = await authority.acquireToken(ana);

  expect(token).toMatchObject({ cache: undefined, appRoles: ['Admin'] });
  expect(token.expiresAtMs - Date.now()).toBeGreaterThan(3_800_000);
  expect(await entra.verify(token.accessToken, 'msgraph')).toMatchObject({ oid: ana.oid });
  expect(requests()).toBe(before);
});

verifies('authority:tokens', 'refreshed when it runs out; the cache handed back goes on', async () => {
  const { authority, context } = await startAuthority(shortLived);
  const ana = await signIn(authority, emails.ana);

  const first = await authority.acquireToken(ana);
  context.clock.advance(60 * day);
  const second = await authority.acquireToken({ ...ana, cache: first.cache ?? expect.unreachable() });
  context.clock.advance(60 * day);
  const third = await authority.acquireToken({ ...ana, cache: second.cache ?? expect.unreachable() });

  expect(new Set([first, second, third].map(({ accessToken }) => accessToken)).size).toBe(3);
  expect(third.appRoles).toEqual(['Admin']);
});

verifies('authority:tokens', 'two instances may refresh from the same cache at once', async () => {
  const { authority } = await startAuthority(shortLived);
  const ana = await signIn(authority, emails.ana);

  const [one, other] = await Promise.all([authority.acquireToken(ana), authority.acquireToken(ana)]);

  for (const { cache } of [one, other]) {
    await expect(authority.acquireToken({ ...ana, cache: cache ?? expect.unreachable() })).resolves.toBeDefined();
  }
});

verifies('authority:apart', 'people who sign in and refresh at once get caches of their own', async () => {
  const { authority, entra } = await startAuthority(shortLived);
  const [ana, ben] = await Promise.all([signIn(authority, emails.ana), signIn(authority, emails.ben)]);

  const [hers, his] = await Promise.all([authority.acquireToken(ana), authority.acquireToken(ben)]);

  expect([ana.cache.includes(ben.oid), ben.cache.includes(ana.oid)]).toEqual([false, false]);
  expect([hers.cache?.includes(ben.oid), his.cache?.includes(ana.oid)]).toEqual([false, false]);
  expect(await entra.verify(hers.accessToken, 'msgraph')).toMatchObject({ oid: ana.oid });
  expect(await entra.verify(his.accessToken, 'msgraph')).toMatchObject({ oid: ben.oid });
});

verifies('authority:apart', "somebody else's cache gives no token", async () => {
  const { authority } = await startAuthority();
  const [ana, ben] = [await signIn(authority, emails.ana), await signIn(authority, emails.ben)];

  const acquiring = authority.acquireToken({ homeAccountId: ana.homeAccountId, cache: ben.cache });

  await expect(acquiring).rejects.toMatchObject({ code: 'sign-in-required' });
});

verifies('authority:expired-grant', 'revoked, or idle for 90 days', async () => {
  const { authority, entra, context } = await startAuthority(shortLived);
  const [ana, ben] = [await signIn(authority, emails.ana), await signIn(authority, emails.ben)];

  entra.revoke(emails.ana);
  await expect(authority.acquireToken(ana)).rejects.toMatchObject({ code: 'sign-in-required', vendor: 'entra' });
  await expect(authority.acquireToken(ben)).resolves.toBeDefined();
  context.clock.advance(91 * day);
  await expect(authority.acquireToken(ben)).rejects.toMatchObject({
    code: 'sign-in-required',
    message: expect.stringContaining('AADSTS700082') as string,
  });
});

const interactions = [
  { error: 'invalid_grant', suberror: 'consent_required', error_codes: [65001] },
  { error: 'invalid_grant', suberror: 'basic_action', error_codes: [50076], claims: '{"access_token":{}}' },
  { error: 'interaction_required', error_codes: [50079] },
  { error: 'invalid_grant', error_codes: [70043] },
];

verifies('authority:expired-grant', 'consent withdrawn, a second factor or another policy in the way', async () => {
  const { authority, context } = await startAuthority(shortLived);
  const ana = await signIn(authority, emails.ana);

  for (const body of interactions) {
    context.faults.add({ vendor: 'entra', effect: 'answer', status: 400, body: { ...body, error_description: 'AADSTS' } });

    await expect(authority.acquireToken(ana), JSON.stringify(body)).rejects.toMatchObject({ code: 'sign-in-required' });
  }

  await expect(authority.acquireToken(ana)).resolves.toBeDefined();
});

verifies('authority:expired-grant', 'a cache that holds nobody', async () => {
  const { authority } = await startAuthority();

  const acquiring = authority.acquireToken({ homeAccountId: 'nobody', cache: '{}' });

  await expect(acquiring).rejects.toMatchObject({ code: 'sign-in-required' });
});
