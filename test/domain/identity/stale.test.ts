import { expect } from 'vitest';
import { verifies } from '../../verifies.ts';
import { byBoth, byLid, byPhone, lid, phone, seeded, startPairs } from './pairs.ts';

verifies(
  'conversation:identity-pairs',
  'who signed in within the minute is not unlinked by what a webhook remembers',
  async () => {
    const { write, link, clock, identityOf } = startPairs(1, { isCached: true });
    await write(byLid, 'A');
    clock.advance(1_000);
    const signingIn = await write(byPhone, 'B');
    link(byPhone, 'ana');

    const joined = await write(byBoth, 'C');

    expect(joined.conversationId).toBe(signingIn.conversationId);
    expect([identityOf(byLid)?.personId, identityOf(byPhone)?.personId]).toEqual(['ana', 'ana']);
  },
);

verifies('conversation:identity-pairs', 'nor is who changed their number, or whose names were joined by another', async () => {
  const { write, link, identities, identityOf } = startPairs(1, { isCached: true });
  const before = await write(byBoth, 'A');
  await write({ lid, phone: '+15550107777' }, 'B');
  link(byLid, 'ana');

  const again = await write({ lid, phone: '+15550108888' }, 'C');

  expect(again.conversationId).toBe(before.conversationId);
  expect(identityOf({ phone: '+15550108888' })).toMatchObject({ personId: 'ana', conversationId: before.conversationId });
  expect(identityOf(byLid)?.personId).toBe('ana');
  expect([...identities.documents.values()].filter(({ personId }) => personId === 'ana')).toHaveLength(2);
});

verifies(
  'conversation:identity-pairs',
  'a sign-in that crosses the joining of two names is kept, however it crosses',
  async () => {
    const lost: number[] = [];
    for (let seed = 1; seed <= 200; seed += 1) {
      const { write, clock, ports, indexes, identityOf } = startPairs(seed);
      await write(byLid, 'A');
      clock.advance(1_000);
      await write(byPhone, 'B');
      const random = seeded(seed * 13);
      const signIn = async () => {
        for (let turns = Math.floor(random() * 12); turns > 0; turns -= 1) await new Promise((resolve) => setImmediate(resolve));
        await ports.identities.update(indexes.phone(phone), { personId: 'ana' });
      };

      await Promise.all([write(byBoth, 'C'), write(byBoth, 'D'), signIn()]);
      await write(byBoth, 'E');

      const found = [identityOf(byLid), identityOf(byPhone)];
      if (found.some((identity) => identity?.personId !== 'ana')) lost.push(seed);
    }

    expect(lost).toEqual([]);
  },
);

verifies('conversation:identity-pairs', 'names that others keep changing are told as worth a repeat', async () => {
  const { write, clock, identities, identityOf, conversations } = startPairs();
  await write(byLid, 'A');
  clock.advance(1_000);
  await write(byPhone, 'B');
  const loadCurrent = identities.loadCurrent.bind(identities);
  let movedAt = 0;
  identities.loadCurrent = async (id) => {
    const current = await loadCurrent(id);
    await identities.update(id, { movedAt: (movedAt += 1) });
    return current;
  };

  await expect(write(byBoth, 'C')).rejects.toMatchObject({ code: 'upstream', retryable: true });
  expect(identityOf(byLid)?.conversationId).not.toBe(identityOf(byPhone)?.conversationId);
  expect(conversations.calls.filter((method) => method === 'storeMessage')).toHaveLength(2);
});

verifies('conversation:once', 'what claims a message is forgotten after a week', async () => {
  const { write, identities } = startPairs();

  await write(byLid, 'A');

  const claims = [...identities.documents.values()].filter(({ kind }) => kind === 'claim');
  expect(claims.map(({ ttl }) => ttl)).toEqual([7 * 86_400]);
  expect([...identities.documents.values()].filter(({ kind, ttl }) => kind !== 'claim' && ttl !== undefined)).toEqual([]);
});
