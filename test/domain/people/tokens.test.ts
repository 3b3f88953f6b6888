import { expect } from 'vitest';
import { AppError } from '../../../shared/core/errors.ts';
import { createTokenSource } from '../../../shared/domain/people/index.ts';
import { noGrant, TokenContent } from '../../../shared/ports/people.ts';
import { verifies } from '../../verifies.ts';
import { anasChat, evasChat, linkIn, signInChat, startSignIn, winCode } from './start-sign-in.ts';

// MSAL refreshes what has less than five minutes left: with this every token is refreshed when it is asked for.
const shortLived = { entra: { accessTokenLifetimeSeconds: 60 } };
const minute = 60_000;
const signal = new AbortController().signal;

async function startLinked(options: Parameters<typeof startSignIn>[0] = {}) {
  const world = await startSignIn(options);
  await signInChat(world, evasChat, 'eva@alderfinch.example');
  const personId = (await world.callerOf(evasChat))?.personId ?? expect.unreachable();
  const requests = () => world.context.journal.entries('entra').length;
  const stored = () => world.people.tokens.get(personId)?.document ?? expect.unreachable();
  return { world, personId, requests, stored };
}

verifies('sign-in:cache-encrypted', "the cache opens with the person's own key, in its own place, and no other", async () => {
  const { world, personId, stored } = await startLinked();
  await signInChat(world, anasChat, 'ana@alderfinch.example');
  const anasId = (await world.callerOf(anasChat))?.personId ?? '';
  const [key, anasKey] = [await world.dataKeys.keyFor(personId), await world.dataKeys.keyFor(anasId)];

  const content = TokenContent.parse(key.open(stored().sealed, 'tokens'));

  expect(content.cache).toContain('RefreshToken');
  expect(() => anasKey.open(stored().sealed, 'tokens')).toThrow(AppError);
  expect(() => key.open(stored().sealed, 'person')).toThrow(AppError);
});

verifies('sign-in:cache-encrypted', 'a token is used while it lasts; stored tokens are looked at once a minute', async () => {
  const { world, personId, requests } = await startLinked();
  const before = requests();

  const first = await world.work.tokenFor(personId);
  const [reads, more] = [world.people.tokenReads(), await Promise.all([1, 2, 3].map(() => world.work.tokenFor(personId)))];
  const readsWithinTheMinute = world.people.tokenReads() - reads;
  world.clock.advance(minute);
  const later = await world.work.tokenFor(personId);

  expect([...more, later]).toEqual([first, first, first, first]);
  expect([readsWithinTheMinute, world.people.tokenReads() - reads, requests() - before]).toEqual([0, 1, 0]);
  expect(await world.entra.verify(first, 'msgraph')).toMatchObject({ scopes: expect.arrayContaining(['Mail.Send']) as string[] });
});

verifies('sign-in:cache-encrypted', 'a token that runs out is refreshed silently, and the changed cache goes on', async () => {
  const { world, personId, stored } = await startLinked(shortLived);
  const before = stored().sealed;

  const tokens = [await world.work.tokenFor(personId), await world.work.tokenFor(personId)];
  world.context.clock.advance(60 * 24 * 60 * minute);
  tokens.push(await world.work.tokenFor(personId));
  world.context.clock.advance(60 * 24 * 60 * minute);
  tokens.push(await world.work.tokenFor(personId));

  expect(new Set(tokens).size).toBe(4);
  expect(stored().sealed).not.toBe(before);
});

verifies('sign-in:cache-encrypted', 'two instances may refresh at once; one asks once for all who wait', async () => {
  const { world, personId, requests, stored } = await startLinked(shortLived);
  const another = createTokenSource(world);
  const before = requests();

  const [one, same, other] = await Promise.all([
    world.work.tokenFor(personId),
    world.work.tokenFor(personId),
    another.tokenFor(personId),
  ]);

  expect(same).toBe(one);
  expect(other).not.toBe(one);
  expect(requests() - before).toBe(2);
  expect(stored().expired).toBe(false);
  await expect(another.tokenFor(personId)).resolves.toBeDefined();
});

verifies(
  'sign-in:cache-encrypted',
  'who signs in anew is served with the new grant by every instance within a minute',
  async () => {
    const { world, personId } = await startLinked();
    const another = createTokenSource(world);
    const before = [await world.work.tokenFor(personId), await another.tokenFor(personId)];
    world.clock.advance(minute);

    const link = linkIn(await world.signInFor({ ...evasChat, turnId: 'r' }).renew(signal));
    await world.say(evasChat, await winCode(world, link, 'eva@alderfinch.example'));

    const after = [await world.work.tokenFor(personId), await another.tokenFor(personId)];
    expect(new Set(before).size).toBe(1);
    expect(after[0]).not.toBe(before[0]);
    expect(after[1]).toBe(after[0]);
  },
);

verifies('sign-in:expired-grant', 'is remembered, leads to a new link, and the code of that link renews it', async () => {
  const { world, personId, requests, stored } = await startLinked(shortLived);
  world.entra.revoke('eva@alderfinch.example');
  world.clock.advance(minute);

  await expect(world.work.tokenFor(personId)).rejects.toMatchObject({ code: 'sign-in-required' });
  const [asked, expired] = [requests(), stored().expired];
  await expect(world.work.tokenFor(personId)).rejects.toMatchObject({ code: 'sign-in-required' });
  const askedAgain = requests() - asked;
  const { renew } = world.signInFor({ ...evasChat, turnId: 'renewal' });
  const told = await renew(signal);

  expect([expired, askedAgain]).toEqual([true, 0]);
  expect(told).toContain('Your sign-in to Microsoft 365 has expired');
  expect(await renew(signal)).toBe(told);
  const renewed = await world.say(evasChat, await winCode(world, linkIn(told), 'eva@alderfinch.example'));
  expect(renewed).toContain('You are signed in as Eva Lindqvist');
  expect(renewed).not.toContain('another chat');
  await expect(world.work.tokenFor(personId)).resolves.toBeDefined();
});

verifies('sign-in:expired-grant', 'a grant renewed while the old one is refused is used at once', async () => {
  const { world, personId, stored } = await startLinked(shortLived);
  const good = stored();
  const key = await world.dataKeys.keyFor(personId);
  const broken = key.seal({ homeAccountId: 'nobody', cache: '{}' }, 'tokens');
  const { version } = (await world.people.loadTokens(personId)) ?? expect.unreachable();
  await world.people.saveTokens({ ...good, sealed: broken }, version);
  let renewed = false;
  const authority: typeof world.authority = {
    ...world.authority,
    async acquireToken(request, given) {
      if (!renewed) await world.people.saveTokens(good, undefined);
      renewed = true;
      return world.authority.acquireToken(request, given);
    },
  };

  await expect(createTokenSource({ ...world, authority }).tokenFor(personId)).resolves.toBeDefined();
  expect(stored().expired).toBe(false);
});

verifies('sign-in:one-grant', 'a refresh under way does not bring back a grant that was taken away', async () => {
  const { world, personId, stored } = await startLinked(shortLived);
  const authority: typeof world.authority = {
    ...world.authority,
    async acquireToken(request, given) {
      const { document, version } = (await world.people.loadTokens(personId)) ?? expect.unreachable();
      await world.people.saveTokens({ ...document, sealed: noGrant, expired: true }, version);
      return world.authority.acquireToken(request, given);
    },
  };

  await createTokenSource({ ...world, authority }).tokenFor(personId);

  expect(stored()).toMatchObject({ sealed: noGrant, expired: true });
  await expect(createTokenSource({ ...world }).tokenFor(personId)).rejects.toMatchObject({ code: 'sign-in-required' });
});

verifies('sign-in:expired-grant', 'an outage of Entra is none: it may pass, and nothing is marked', async () => {
  const { world, personId, stored } = await startLinked(shortLived);
  world.context.faults.add({ vendor: 'entra', effect: 'answer', status: 503 });

  await expect(world.work.tokenFor(personId)).rejects.toMatchObject({ code: 'upstream', retryable: true });

  expect(stored().expired).toBe(false);
  await expect(world.work.tokenFor(personId)).resolves.toBeDefined();
});

verifies('sign-in:expired-grant', 'an erased person, and one who never signed in, has to sign in', async () => {
  const { world, personId } = await startLinked();
  await world.dataKeys.drop(personId);

  await expect(world.work.tokenFor(personId)).rejects.toMatchObject({ code: 'sign-in-required' });
  await expect(world.work.tokenFor('alderfinch:nobody')).rejects.toMatchObject({ code: 'sign-in-required' });
});

verifies('sign-in:roles', 'a role changed in Entra is taken over at the next refresh, and written down', async () => {
  const { world, personId } = await startLinked(shortLived);
  const authority: typeof world.authority = {
    ...world.authority,
    acquireToken: async (request, given) => ({ ...(await world.authority.acquireToken(request, given)), appRoles: ['Staff'] }),
  };

  await createTokenSource({ ...world, authority }).tokenFor(personId);

  expect(await world.callerOf(evasChat)).toMatchObject({ role: 'staff', name: 'Eva Lindqvist' });
  expect([...world.audit.lines.values()]).toContainEqual(
    expect.objectContaining({ what: 'person.role-changed', who: personId, detail: { from: 'user', to: 'staff' } }),
  );
});
