import { expect } from 'vitest';
import { readSpans } from '../../../shared/telemetry/index.ts';
import { verifies } from '../../verifies.ts';
import { codeIn, comeBack, evasChat, linkIn, signInChat, startSignIn } from './start-sign-in.ts';

verifies('sign-in:domains', 'an address of elsewhere is refused in plain words, and another account may be used', async () => {
  const world = await startSignIn();
  const link = linkIn(await world.say(evasChat, 'Hello'));

  const refused = await world.pages.finish(await comeBack(world, link, 'guest@elsewhere.example'));
  const shown = await world.pages.finish(await comeBack(world, link, 'eva@alderfinch.example'));

  expect(refused.status).toBe(403);
  expect(refused.body).toContain('You signed in as guest@elsewhere.example. Only accounts with an address of alderfinch.example');
  expect(codeIn(shown)).toMatch(/^\d{6}$/);
});

verifies('sign-in:domains', 'the domains are configuration, compared as domains are', async () => {
  const settings = { ALLOWED_EMAIL_DOMAINS: 'finch.example, Elsewhere.Example' };
  const world = await startSignIn({ settings });

  expect(await signInChat(world, evasChat, 'guest@elsewhere.example')).toContain('(guest@elsewhere.example)');

  world.clock.advance(60_000);
  const link = linkIn(await world.signInFor({ ...evasChat, turnId: 'r' }).renew(new AbortController().signal));
  // The end of a domain is not the domain.
  const refused = await world.pages.finish(await comeBack(world, link, 'eva@alderfinch.example'));
  expect(refused).toMatchObject({
    status: 403,
    body: expect.stringContaining('an address of finch.example or elsewhere.example') as string,
  });
});

verifies('sign-in:domains', 'an account of another tenant is refused, whatever its address', async () => {
  const world = await startSignIn({ settings: { ENTRA_TENANT_ID: '00000000-0000-4000-8000-0000000000ff' } });
  const link = linkIn(await world.say(evasChat, 'Hello'));

  const refused = await world.pages.finish(await comeBack(world, link, 'eva@alderfinch.example'));

  expect(refused).toMatchObject({ status: 403, body: expect.stringContaining('not one of this organisation') as string });
});

verifies('sign-in:domains', 'what Entra refuses, for want of consent or for good, is a page and no error', async () => {
  const world = await startSignIn();
  const link = linkIn(await world.say(evasChat, 'Hello'));
  const { query, cookie } = await comeBack(world, link, 'eva@alderfinch.example');
  const state = query.get('state') ?? '';

  const noConsent = await world.pages.finish({ query: new URLSearchParams({ state, error: 'consent_required' }), cookie });
  const wrongCode = await world.pages.finish({ query: new URLSearchParams({ state, code: 'wrong' }), cookie });

  expect(noConsent).toMatchObject({ status: 403, body: expect.stringContaining('your IT department') as string });
  expect(wrongCode).toMatchObject({ status: 403, body: expect.stringContaining('Nothing was linked') as string });
});

verifies('sign-in:domains', 'while Entra or a store is down the page says to try again, and that works', async () => {
  const world = await startSignIn();
  const link = linkIn(await world.say(evasChat, 'Hello'));
  const back = await comeBack(world, link, 'eva@alderfinch.example');

  world.context.faults.add({ vendor: 'entra', effect: 'answer', status: 503 });
  const down = await world.pages.finish(back);
  const shown = await world.pages.finish(back);

  expect(down).toMatchObject({ status: 503, body: expect.stringContaining('try again in a moment') as string });
  expect(codeIn(shown)).toMatch(/^\d{6}$/);
});

verifies(
  'sign-in:cache-encrypted',
  'no number, name, address, code or secret reaches a store, a log line or a span',
  async () => {
    const world = await startSignIn();
    const newSpans = readSpans();
    newSpans();
    const link = linkIn(await world.say(evasChat, 'Hello'));
    await world.pages.show({ link, cookie: null });
    const confirmed = await world.pages.confirm({ link, site: null });
    await world.pages.finish(await comeBack(world, link, 'guest@elsewhere.example'));
    const back = await comeBack(world, link, 'eva@alderfinch.example');
    const code = codeIn(await world.pages.finish(back));
    await world.say(evasChat, '987654');
    await world.say(evasChat, code);
    await world.work.tokenFor((await world.callerOf(evasChat))?.personId ?? '');

    const kept = JSON.stringify([
      ...[world.people.people, world.people.tokens, world.signIns.documents, world.identities.documents].map((map) => [...map]),
      [...world.audit.lines],
    ]);
    const told = JSON.stringify([world.logs, newSpans().items]);
    const secrets = [link, link.split('-')[1] ?? '', back.query.get('state') ?? '', back.query.get('code') ?? ''];
    const personal = [evasChat.phone.slice(1), evasChat.lid, 'Lindqvist', 'alderfinch.example', 'elsewhere'];
    for (const hidden of [...secrets, ...personal, confirmed.cookies?.[0]?.value ?? '', 'RefreshToken']) {
      expect(kept).not.toContain(hidden);
      expect(told).not.toContain(hidden);
    }
    // Standing alone, not within a hex id.
    for (const digits of [code, '987654']) expect(kept + told).not.toMatch(new RegExp(`(?<!\\w)${digits}(?!\\w)`));
  },
);
