import { expect, onTestFinished } from 'vitest';
import { AppError } from '../../../shared/core/errors.ts';
import { currentRole } from '../../../shared/domain/people/index.ts';
import { setLogSink } from '../../../shared/telemetry/index.ts';
import { createFakePeople } from '../../support/fakes/fake-people.ts';
import { verifies } from '../../verifies.ts';

const { signal } = new AbortController();
const admin = { personId: 'ana', role: 'admin' } as const;

/** Ana, as she is stored; each refresh of her grant may say otherwise. */
async function start(refresh: (setRole: (role: 'user' | 'admin') => Promise<void>) => Promise<string>) {
  onTestFinished(setLogSink(() => undefined));
  const people = createFakePeople();
  await people.save({ id: 'ana', workspace: 'acme', role: 'admin', homeAccountId: 'h', linkedAt: 0, sealed: '' });
  let asked = 0;
  const tokenFor = () => {
    asked += 1;
    return refresh((role) => people.setRole('ana', role));
  };
  return { ports: { people, tokens: { tokenFor } }, asked: () => asked };
}

verifies('sign-in:roles-current', 'an admin who no longer is one in Entra is none here after the next refresh', async () => {
  const { ports } = await start((setRole) => setRole('user').then(() => 'token'));

  expect(await currentRole(ports, admin, signal)).toBe('user');
});

verifies(
  'sign-in:roles-current',
  'who has no grant any more, or while Entra cannot be asked, has the rights of a user',
  async () => {
    const gone = await start(() => Promise.reject(new AppError('sign-in-required', 'The account is disabled')));
    const away = await start(() => Promise.reject(new AppError('upstream', 'Entra is away', { vendor: 'entra' })));

    expect(await currentRole(gone.ports, admin, signal)).toBe('user');
    expect(await currentRole(away.ports, admin, signal)).toBe('user');
  },
);

verifies('sign-in:roles-current', 'an admin stays one, and nobody is asked about a user', async () => {
  const { ports, asked } = await start(() => Promise.resolve('token'));

  expect(await currentRole(ports, admin, signal)).toBe('admin');
  expect(await currentRole(ports, { personId: 'ben', role: 'user' }, signal)).toBe('user');
  expect(asked()).toBe(1);
});
