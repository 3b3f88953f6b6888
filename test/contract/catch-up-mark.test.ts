import { expect } from 'vitest';
import type { CatchUpMark } from '../../shared/ports/catch-up-mark.ts';
import { createFakeCatchUpMark } from '../support/fakes/fake-catch-up-mark.ts';
import { verifies } from '../verifies.ts';
import { startCosmosStores } from './store-implementations.ts';

const implementations: Readonly<Record<string, () => Promise<CatchUpMark>>> = {
  memory: () => Promise.resolve(createFakeCatchUpMark()),
  cosmos: async () => (await startCosmosStores()).catchUpMarkOf('acme'),
};

for (const [name, start] of Object.entries(implementations)) {
  verifies('adapters:catch-up-mark', `${name}: there is none before the first run; then the last one saved`, async () => {
    const mark = await start();

    const before = await mark.load();
    await mark.save(1_000);
    await mark.save(2_000);

    expect([before, await mark.load()]).toEqual([undefined, 2_000]);
  });
}

verifies('adapters:catch-up-mark', 'each workspace has its own', async () => {
  const { catchUpMarkOf } = await startCosmosStores();

  await catchUpMarkOf('acme').save(1_000);

  expect([await catchUpMarkOf('other').load(), await catchUpMarkOf('acme').load()]).toEqual([undefined, 1_000]);
});
