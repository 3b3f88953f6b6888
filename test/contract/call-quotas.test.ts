import { expect } from 'vitest';
import { createCosmosCallQuotas } from '../../shared/adapters/cosmos/call-quotas.ts';
import { createCosmosIdentities } from '../../shared/adapters/cosmos/people.ts';
import { systemClock, systemIds } from '../../shared/adapters/system/clock.ts';
import { createCallLimit } from '../../shared/domain/limits/index.ts';
import type { CallQuotas } from '../../shared/ports/call-quotas.ts';
import { startCosmos } from '../support/cosmos.ts';
import { createFakeCallQuotas } from '../support/fakes/fake-call-quotas.ts';
import { verifies } from '../verifies.ts';

const implementations: Readonly<Record<string, () => Promise<CallQuotas>>> = {
  memory: () => Promise.resolve(createFakeCallQuotas()),
  cosmos: async () => createCosmosCallQuotas((await startCosmos()).cosmos),
};
const quota = { id: 'acme:account', left: 588.5, at: 1_000, ttl: 7_200 };
const conflict = { code: 'conflict' };

for (const [name, start] of Object.entries(implementations)) {
  verifies('mcp:hourly', `${name}: there is none at first; then what was saved last`, async () => {
    const quotas = await start();

    const before = await quotas.load(quota.id);
    await quotas.save(quota, undefined);
    const first = await quotas.load(quota.id);
    await quotas.save({ ...quota, left: 0 }, first?.version);

    expect([before, first?.quota, (await quotas.load(quota.id))?.quota]).toEqual([undefined, quota, { ...quota, left: 0 }]);
    expect(await quotas.load('acme:other')).toBeUndefined();
  });

  verifies('mcp:hourly', `${name}: of those who count at once one is stored, and the others are told`, async () => {
    const quotas = await start();
    await quotas.save(quota, undefined);
    const version = (await quotas.load(quota.id))?.version;
    await quotas.save({ ...quota, left: 10 }, version);

    await expect(quotas.save({ ...quota, left: 20 }, undefined)).rejects.toMatchObject(conflict);
    await expect(quotas.save({ ...quota, left: 20 }, version)).rejects.toMatchObject(conflict);
    await expect(quotas.save({ ...quota, id: 'acme:gone' }, version)).rejects.toMatchObject(conflict);
    expect((await quotas.load(quota.id))?.quota.left).toBe(10);
  });
}

verifies('mcp:hourly', 'cosmos: two processes that count at the same time give out what there is, and no more', async () => {
  const { cosmos, another } = await startCosmos();
  // Time stands still, so that nothing flows in; who waits waits indeed.
  const clock = { ...systemClock, now: () => 1_000 };
  const limits = [cosmos, another()].map((each) =>
    createCallLimit({ clock, ids: systemIds, callQuotas: createCosmosCallQuotas(each) }, { perHour: 50 }),
  );
  const asked = limits.flatMap((limit) => Array.from({ length: 40 }, () => limit.count(quota.id)));

  const passed = (await Promise.allSettled(asked)).filter(({ status }) => status === 'fulfilled').length;

  expect(passed).toBe(50);
});

verifies('mcp:hourly', 'cosmos: the account itself is left alone', async () => {
  const { cosmos } = await startCosmos();
  const identities = createCosmosIdentities(cosmos);
  await identities.claim({ id: quota.id, workspace: 'acme', kind: 'account', personId: 'acme:ana', createdAt: 0 });

  await createCosmosCallQuotas(cosmos).save(quota, undefined);

  expect(await identities.load(quota.id)).toMatchObject({ personId: 'acme:ana' });
});
