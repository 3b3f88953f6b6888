import { expect } from 'vitest';
import { errorCode } from '../../shared/core/errors.ts';
import type { People } from '../../shared/ports/people.ts';
import { createFakePeople } from '../support/fakes/fake-people.ts';
import { verifies } from '../verifies.ts';
import { person, tokens } from './people-documents.ts';
import { startCosmosStores } from './store-implementations.ts';

const implementations: Readonly<Record<string, () => Promise<People>>> = {
  memory: () => Promise.resolve(createFakePeople()),
  cosmos: async () => (await startCosmosStores()).people,
};

for (const [name, start] of Object.entries(implementations)) {
  verifies('adapters:people', `${name}: a person is erased with their tokens, as often as it is asked for`, async () => {
    const people = await start();
    await people.save(person);
    await people.save({ ...person, id: 'p2' });
    await people.saveTokens(tokens, undefined);
    const read = await people.loadTokens('p1');

    await people.erase('p1');
    await people.erase('p1');

    expect([await people.load('p1'), await people.loadTokens('p1')]).toEqual([undefined, undefined]);
    expect(await people.load('p2')).toEqual({ ...person, id: 'p2' });
    // A refresh that was under way brings nothing back.
    await expect(people.saveTokens({ ...tokens, sealed: 'dQ==' }, read?.version)).rejects.toThrow();
    expect(await people.loadTokens('p1')).toBeUndefined();
  });

  verifies('adapters:people', `${name}: who was erased stays erased, whatever was under way`, async () => {
    const people = await start();
    await people.save(person);

    await people.erase('p1');
    const late = [people.save({ ...person, linkedAt: 6 }), people.saveTokens(tokens, undefined), people.setRole('p1', 'admin')];
    const codes = await Promise.all(
      late.map((one) =>
        one.then(
          () => 'done',
          (error: unknown) => errorCode(error),
        ),
      ),
    );
    // One of whom nothing was stored yet: their first sign-in was under way.
    await people.erase('p2');

    expect(codes).toEqual(['gone', 'gone', 'not-found']);
    await expect(people.save({ ...person, id: 'p2' })).rejects.toMatchObject({ code: 'gone' });
    expect([await people.load('p1'), await people.loadTokens('p1'), await people.load('p2')]).toEqual([
      ...[undefined, undefined, undefined],
    ]);
  });

  verifies('adapters:people', `${name}: a person is saved, saved anew and found`, async () => {
    const people = await start();

    await people.save(person);
    await people.save({ ...person, linkedAt: 6 });

    expect(await people.load('p1')).toEqual({ ...person, linkedAt: 6 });
    expect(await people.load('p2')).toBeUndefined();
  });

  verifies('adapters:people', `${name}: a role is set and nothing else touched; nobody has none`, async () => {
    const people = await start();
    await people.save(person);

    await people.setRole('p1', 'admin');

    expect(await people.load('p1')).toEqual({ ...person, role: 'admin' });
    await expect(people.setRole('p2', 'admin')).rejects.toMatchObject({ code: 'not-found' });
    expect(await people.load('p2')).toBeUndefined();
  });

  verifies('adapters:people', `${name}: tokens are written on the version read; a writer who is late is told so`, async () => {
    const people = await start();
    await people.saveTokens(tokens, undefined);
    const read = await people.loadTokens('p1');

    await people.saveTokens({ ...tokens, sealed: 'dQ==' }, read?.version);
    const late = people.saveTokens({ ...tokens, sealed: 'dg==' }, read?.version);

    await expect(late).rejects.toMatchObject({ code: 'conflict' });
    expect((await people.loadTokens('p1'))?.document).toEqual({ ...tokens, sealed: 'dQ==' });
  });

  verifies('adapters:people', `${name}: signing in anew overwrites whatever is there, and outdates what was read`, async () => {
    const people = await start();
    const none = await people.loadTokens('p1');
    await people.saveTokens(tokens, undefined);
    const read = await people.loadTokens('p1');

    await people.saveTokens({ ...tokens, expired: true }, undefined);

    expect(none).toBeUndefined();
    expect((await people.loadTokens('p1'))?.document.expired).toBe(true);
    await expect(people.saveTokens(tokens, read?.version)).rejects.toMatchObject({ code: 'conflict' });
  });
}
