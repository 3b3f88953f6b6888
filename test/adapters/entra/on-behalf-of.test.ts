import { decodeJwt } from 'jose';
import { expect } from 'vitest';
import { createEntraAccessTokens } from '../../../shared/adapters/entra/access-tokens.ts';
import { verifies } from '../../verifies.ts';
import { clientId, clientSecret, emails, startAuthority, tenantId } from './start-authority.ts';

async function start({
  accessTokenLifetimeSeconds = 3_900,
  secret = clientSecret,
}: { accessTokenLifetimeSeconds?: number; secret?: string } = {}) {
  const started = await startAuthority({ entra: { accessTokenLifetimeSeconds } });
  const { context, entra, authorityUrl } = started;
  const tokens = createEntraAccessTokens({
    ...{ tenantId, clientId, credential: { secret }, authorityUrl, fetch, timeoutMs: 2_000 },
    ...{ clock: { now: () => context.clock.now(), sleep: () => Promise.resolve() }, scope: 'access_as_user' },
  });
  const issue = (email: string) => entra.issueToken({ phoneOrEmail: email, audience: 'app' });
  return { ...started, tokens, issue };
}

verifies(
  'mcp:on-behalf-of',
  'a caller’s token is exchanged for one of theirs at Microsoft Graph, and of nobody else',
  async () => {
    const { tokens, issue, entra } = await start();
    const [ana, ben] = await Promise.all([emails.ana, emails.ben].map(issue));

    const exchanged = await Promise.all([ana, ben, ana].map((token) => tokens.exchange(token ?? '')));

    const [forAna, forBen] = await Promise.all(exchanged.map((token) => entra.verify(token, 'msgraph')));
    expect([forAna?.oid, forBen?.oid]).toEqual([ana, ben].map((token) => decodeJwt(token ?? '')['oid']));
    expect(forAna?.scopes).toContain('Calendars.ReadWrite');
    expect(exchanged[2]).toBe(exchanged[0]);
  },
);

verifies('mcp:on-behalf-of', 'it is asked for once, by however many at a time, until it is about to end', async () => {
  const { tokens, issue, context, requests } = await start({ accessTokenLifetimeSeconds: 3_900 });
  const token = await issue(emails.ana);
  await tokens.exchange(token);
  const before = requests();

  const same = await Promise.all([1, 2, 3].map(() => tokens.exchange(token)));
  const meanwhile = requests();
  context.clock.advance(3_700_000);
  const later = await tokens.exchange(token);

  expect(meanwhile).toBe(before);
  expect(new Set(same).size).toBe(1);
  expect(later).not.toBe(same[0]);
});

verifies('mcp:on-behalf-of', 'what cannot be exchanged is told apart: the person, ourselves, or later', async () => {
  const { tokens, issue, context } = await start();
  const strange = await start({ secret: 'another-secret' });
  const token = await issue(emails.ana);
  context.faults.add({ vendor: 'entra', match: { path: '/oauth2/v2.0/token' }, effect: 'answer', status: 503, times: 1 });

  const away = await tokens.exchange(token).catch((error: unknown) => error);
  const wrongSecret = await strange.tokens.exchange(await strange.issue(emails.ana)).catch((error: unknown) => error);
  context.clock.advance(4_000_000);
  const expired = await tokens.exchange(token).catch((error: unknown) => error);

  expect(away).toMatchObject({ code: 'upstream', retryable: true });
  expect(wrongSecret).toMatchObject({ code: 'settings' });
  expect(expired).toMatchObject({ code: 'sign-in-required' });
});

verifies(
  'mcp:claims',
  'a token that was refused is forgotten: the next one is another, and nobody else’s is touched',
  async () => {
    const { tokens, issue, context } = await start();
    const [ana, ben] = [await issue(emails.ana), await issue(emails.ben)];
    const [first, ofBen] = [await tokens.exchange(ana), await tokens.exchange(ben)];
    context.clock.advance(1_000);

    tokens.forget(ana);

    expect(await tokens.exchange(ana)).not.toBe(first);
    expect(await tokens.exchange(ben)).toBe(ofBen);
  },
);

verifies('mcp:claims', 'what Entra wants the person to prove is told with the error', async () => {
  const { tokens, issue, context } = await start();
  const claims = { access_token: { capolids: { essential: true, values: ['00000000-0000-4000-8000-0000000000f1'] } } };
  const refusal = (told: string) => ({
    ...{ error: 'invalid_grant', suberror: 'basic_action', error_codes: [50_076] },
    ...{ error_description: 'AADSTS50076: The person must use multi-factor authentication.', claims: told },
  });
  const refuse = (told: string) =>
    context.faults.add({
      ...{ vendor: 'entra', match: { path: '/oauth2/v2.0/token' }, effect: 'answer', status: 400 },
      body: refusal(told),
    });
  refuse(JSON.stringify(claims));
  const asked = await tokens.exchange(await issue(emails.ana)).catch((error: unknown) => error);
  refuse('no JSON at all');

  const garbled = await tokens.exchange(await issue(emails.ana)).catch((error: unknown) => error);

  expect(asked).toMatchObject({ code: 'sign-in-required', claims: JSON.stringify(claims) });
  expect(garbled).toMatchObject({ code: 'sign-in-required', claims: undefined });
});
