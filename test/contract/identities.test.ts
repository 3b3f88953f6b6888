import { expect } from 'vitest';
import { cacheIdentities } from '../../shared/domain/identity/index.ts';
import type { Identities, IdentityDocument } from '../../shared/ports/people.ts';
import { createFakeClock } from '../support/fakes/fake-clock.ts';
import { createFakeIdentities } from '../support/fakes/fake-identities.ts';
import { verifies } from '../verifies.ts';
import { startCosmosStores } from './store-implementations.ts';

const implementations: Readonly<Record<string, () => Promise<Identities>>> = {
  memory: () => Promise.resolve(createFakeIdentities()),
  cosmos: async () => (await startCosmosStores()).identities,
  'memory, remembered': () => Promise.resolve(cacheIdentities(createFakeIdentities(), createFakeClock())),
};

const lid: IdentityDocument = { id: 'acme:lid', workspace: 'acme', kind: 'lid', conversationId: 'acme:c1', createdAt: 1 };

for (const [name, start] of Object.entries(implementations)) {
  verifies('adapters:identities', `${name}: what is claimed is found, what is not is absent`, async () => {
    const identities = await start();

    const claimed = await identities.claim(lid);

    expect(claimed).toEqual(lid);
    expect(await identities.load('acme:lid')).toEqual(lid);
    expect(await identities.load('acme:phone')).toBeUndefined();
  });

  verifies('adapters:identities', `${name}: of parallel claims one stands, and all are told which`, async () => {
    const identities = await start();
    const claims = [1, 2, 3, 4].map((n) => ({ ...lid, conversationId: `acme:c${n}`, createdAt: n }));

    const answers = await Promise.all(claims.map((claim) => identities.claim(claim)));

    expect(new Set(answers.map(({ conversationId }) => conversationId)).size).toBe(1);
    expect(await identities.load('acme:lid')).toEqual(answers[0]);
  });

  verifies('adapters:identities', `${name}: fields are set, and an undefined one is gone`, async () => {
    const identities = await start();
    await identities.claim({ ...lid, personId: 'p1' });

    await identities.update('acme:lid', { conversationId: 'acme:c2', pair: 'acme:phone', personId: undefined });
    const loaded = await identities.load('acme:lid');
    const again = await identities.claim(lid);

    expect(loaded).toEqual({ ...lid, conversationId: 'acme:c2', pair: 'acme:phone' });
    expect(again).toEqual(loaded);
  });

  verifies('adapters:identities', `${name}: what is not there cannot be updated`, async () => {
    const identities = await start();

    await expect(identities.update('acme:nobody', { personId: 'p1' })).rejects.toMatchObject({ code: 'not-found' });
  });

  verifies('adapters:identities', `${name}: a change is written as it was read, or refused`, async () => {
    const identities = await start();
    await identities.claim({ ...lid, personId: 'p1' });
    const read = (await identities.loadCurrent('acme:lid')) ?? expect.unreachable();

    await identities.change(read, { personId: 'p2', formerly: ['acme:c0'], pair: undefined });
    const late = identities.change(read, { personId: undefined });

    await expect(late).rejects.toMatchObject({ code: 'conflict' });
    const now = await identities.loadCurrent('acme:lid');
    expect(now?.document).toEqual({ ...lid, personId: 'p2', formerly: ['acme:c0'] });
    expect(now?.version).not.toBe(read.version);
    expect(await identities.loadCurrent('acme:phone')).toBeUndefined();
  });
}
