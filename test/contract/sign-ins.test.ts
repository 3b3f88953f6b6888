import { expect } from 'vitest';
import type { SignIns } from '../../shared/ports/people.ts';
import { createFakeSignIns } from '../support/fakes/fake-sign-ins.ts';
import { verifies } from '../verifies.ts';
import { signIn } from './people-documents.ts';
import { startCosmosStores } from './store-implementations.ts';

const implementations: Readonly<Record<string, () => Promise<SignIns>>> = {
  memory: () => Promise.resolve(createFakeSignIns()),
  cosmos: async () => (await startCosmosStores()).signIns,
};

for (const [name, start] of Object.entries(implementations)) {
  verifies('adapters:sign-ins', `${name}: one that was removed stays so, whoever had read it`, async () => {
    const signIns = await start();
    await signIns.create(signIn);
    const read = await signIns.load('s1');

    await signIns.remove('s1');
    await signIns.remove('s1');
    const late = signIns.replace({ ...signIn, state: 'confirmed' }, read?.version ?? '');

    await expect(late).rejects.toMatchObject({ code: 'conflict' });
    expect(await signIns.load('s1')).toBeUndefined();
  });

  verifies('adapters:sign-ins', `${name}: the first of an id stands, and who comes second is told of it`, async () => {
    const signIns = await start();
    const absent = await signIns.load('s1');

    const created = await signIns.create(signIn);
    const second = await signIns.create({ ...signIn, turnId: 't2' });

    expect([absent, created, second]).toEqual([undefined, signIn, signIn]);
    expect((await signIns.load('s1'))?.document).toEqual(signIn);
  });

  verifies('adapters:sign-ins', `${name}: of two who replace the same version one is told that it was changed`, async () => {
    const signIns = await start();
    await signIns.create(signIn);
    const version = (await signIns.load('s1'))?.version ?? '';

    const both = await Promise.allSettled([
      signIns.replace({ ...signIn, state: 'confirmed' }, version),
      signIns.replace({ ...signIn, state: 'refused' }, version),
    ]);

    const now = await signIns.load('s1');
    expect(both.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
    expect(both.find(({ status }) => status === 'rejected')).toMatchObject({ reason: { code: 'conflict' } });
    expect(['confirmed', 'refused']).toContain(now?.document.state);
    expect(now?.version).not.toBe(version);
  });

  verifies('adapters:sign-ins', `${name}: it moves on by the version of its last state`, async () => {
    const signIns = await start();
    await signIns.create(signIn);

    for (const state of ['confirmed', 'awaiting-code', 'linked'] as const)
      await signIns.replace({ ...signIn, state }, (await signIns.load('s1'))?.version ?? '');

    expect((await signIns.load('s1'))?.document.state).toBe('linked');
  });
}
