import { expect } from 'vitest';
import type { WrappedKeys } from '../../shared/ports/wrapped-keys.ts';
import { createFakeWrappedKeys } from '../support/fakes/fake-wrapped-keys.ts';
import { verifies } from '../verifies.ts';
import { startCosmosStores } from './store-implementations.ts';

const implementations: Readonly<Record<string, () => Promise<WrappedKeys>>> = {
  memory: () => Promise.resolve(createFakeWrappedKeys()),
  cosmos: async () => (await startCosmosStores()).wrappedKeys,
};

for (const [name, start] of Object.entries(implementations)) {
  verifies('adapters:wrapped-keys', `${name}: an owner keeps the first key, whoever comes second`, async () => {
    const keys = await start();

    const answers = await Promise.all(['one', 'two', 'three'].map((wrapped) => keys.create({ owner: 'acme:c1', wrapped })));

    expect(new Set(answers.map(({ wrapped }) => wrapped)).size).toBe(1);
    expect(await keys.load('acme:c1')).toEqual(answers[0]);
    expect(await keys.load('acme:c2')).toBeUndefined();
  });

  verifies('adapters:wrapped-keys', `${name}: a dropped key leaves a tombstone: no other takes its place`, async () => {
    const keys = await start();
    await keys.create({ owner: 'acme:c1', wrapped: 'one' });

    await keys.drop('acme:c1');
    const created = await keys.create({ owner: 'acme:c1', wrapped: 'two' });

    expect(created).toEqual({ owner: 'acme:c1', wrapped: undefined });
    expect(await keys.load('acme:c1')).toEqual({ owner: 'acme:c1', wrapped: undefined });
  });

  verifies('adapters:wrapped-keys', `${name}: an owner without a key can be dropped before ever having one`, async () => {
    const keys = await start();

    await keys.drop('acme:c9');

    expect((await keys.create({ owner: 'acme:c9', wrapped: 'one' })).wrapped).toBeUndefined();
  });
}
