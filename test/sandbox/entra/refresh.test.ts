import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished } from 'vitest';
import { verifies } from '../../verifies.ts';
import { clientId, codeFor, otherClient, redirectUri, scopes, startEntra, tenantId, type StartedEntra } from './start-entra.ts';

const ana = { email: 'ana@alderfinch.example', oid: '00000000-0000-4000-8000-000000000001' };
const day = 24 * 60 * 60_000;

async function refreshTokenOf(started: StartedEntra, email = ana.email): Promise<string> {
  const { body } = await started.ask(await codeFor(started, email));
  return String(body['refresh_token']);
}

const refreshBy = (token: string) => ({
  grant_type: 'refresh_token',
  refresh_token: token,
  scope: 'openid offline_access User.Read',
});

/** A client of msal-node that is signed in. */
async function signedIn(started: StartedEntra) {
  const application = started.msal();
  const { code, code_verifier } = await codeFor(started, ana.email);
  await application.acquireTokenByCode({ code, codeVerifier: code_verifier, redirectUri, scopes, nonce: 'the-nonce' });
  const account = await application.getTokenCache().getAccountByHomeId(`${ana.oid}.${tenantId}`);
  return { application, account: account ?? expect.unreachable() };
}

verifies('entra:refresh', 'msal-node gets a new token by it, also for a scope it did not have', async () => {
  const started = await startEntra();
  const { application, account } = await signedIn(started);
  const before = await application.acquireTokenSilent({ account, scopes });

  const forced = await application.acquireTokenSilent({ account, scopes, forceRefresh: true });
  const wider = await application.acquireTokenSilent({ account, scopes: ['Mail.Send'] });

  expect(forced.fromCache).toBe(false);
  expect(forced.accessToken).not.toBe(before.accessToken);
  expect((await started.entra.verify(wider.accessToken, 'msgraph'))?.scopes).toContain('Mail.Send');
});

verifies('entra:refresh', 'it is replaced on every use, and the old one stays valid', async () => {
  const started = await startEntra();
  const first = await refreshTokenOf(started);

  const [once, twice] = [await started.ask(refreshBy(first)), await started.ask(refreshBy(first))];

  expect([once.status, twice.status]).toEqual([200, 200]);
  expect(new Set([first, once.body['refresh_token'], twice.body['refresh_token']]).size).toBe(3);
});

verifies('entra:refresh', 'its successor comes unasked, and without a scope it gives those it was given for', async () => {
  const started = await startEntra();
  const token = await refreshTokenOf(started);

  const narrow = await started.ask({ ...refreshBy(token), scope: 'Calendars.Read' });
  const same = await started.ask({ grant_type: 'refresh_token', refresh_token: token });

  expect(narrow.body).toMatchObject({ scope: 'Calendars.Read', refresh_token: expect.any(String) as string });
  expect(same.body).toMatchObject({ scope: 'User.Read openid profile' });
});

verifies('entra:refresh', 'after 90 days without use it is expired', async () => {
  const started = await startEntra();
  const first = await refreshTokenOf(started);

  started.context.clock.advance(60 * day);
  const { body } = await started.ask(refreshBy(first));
  started.context.clock.advance(31 * day);

  expect(await started.ask(refreshBy(first))).toMatchObject({
    status: 400,
    body: { error: 'invalid_grant', error_codes: [700082], suberror: 'token_expired' },
  });
  expect(await started.ask(refreshBy(String(body['refresh_token'])))).toMatchObject({ status: 200 });
});

verifies('entra:refresh', 'revoking kills all of one person and of nobody else; signing in again helps', async () => {
  const started = await startEntra();
  const { application, account } = await signedIn(started);
  const [hers, his] = [await refreshTokenOf(started), await refreshTokenOf(started, 'ben@alderfinch.example')];

  started.entra.revoke(ana.email);

  expect(await started.ask(refreshBy(hers))).toMatchObject({ body: { error: 'invalid_grant', error_codes: [50173] } });
  await expect(application.acquireTokenSilent({ account, scopes, forceRefresh: true })).rejects.toMatchObject({
    name: 'InteractionRequiredAuthError',
  });
  expect(await started.ask(refreshBy(his))).toMatchObject({ status: 200 });
  expect(await started.ask(refreshBy(await refreshTokenOf(started)))).toMatchObject({ status: 200 });
});

verifies('entra:refresh', 'it is good for its own client alone', async () => {
  const started = await startEntra();
  const token = await refreshTokenOf(started);
  const other = { client_id: otherClient.clientId, client_secret: otherClient.clientSecret };

  const [foreign, unknown] = [await started.ask({ ...refreshBy(token), ...other }), await started.ask(refreshBy('made-up'))];

  expect(foreign.body).toMatchObject({ error: 'invalid_grant', error_codes: [70000] });
  expect(unknown.body).toMatchObject({ error: 'invalid_grant', error_codes: [9002313] });
});

verifies('entra:restart', 'codes, refresh tokens, revocations and signed tokens outlive it', async () => {
  const directory = mkdtempSync(join(tmpdir(), 'entra-'));
  onTestFinished(() => rmSync(directory, { recursive: true, force: true }));
  const before = await startEntra({ directory });
  const revoked = await refreshTokenOf(before);
  before.entra.revoke(ana.email);
  const [token, form, used] = [await refreshTokenOf(before), await codeFor(before, ana.email), await codeFor(before, ana.email)];
  const { body } = await before.ask(used);

  const after = await startEntra({ directory });

  expect(await after.ask(form)).toMatchObject({ status: 200 });
  expect(await after.ask(used)).toMatchObject({ body: { error_codes: [54005] } });
  expect(await after.ask(refreshBy(token))).toMatchObject({ status: 200 });
  expect(await after.ask(refreshBy(revoked))).toMatchObject({ body: { error_codes: [50173] } });
  expect(await after.entra.verify(String(body['access_token']), 'msgraph')).toMatchObject({ oid: ana.oid, clientId });
});
