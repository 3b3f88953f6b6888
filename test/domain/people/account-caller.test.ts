import { expect } from 'vitest';
import { createAccountCallers } from '../../../shared/domain/people/index.ts';
import { verifies } from '../../verifies.ts';
import { evasChat, signInChat, startSignIn, type SignInWorld } from './start-sign-in.ts';

const eva = 'eva@alderfinch.example';

/** Whoever Eva is outside of any chat. */
async function outside({ entra, settings, indexes, ...ports }: SignInWorld) {
  const callers = createAccountCallers(ports, { indexes, allowedEmailDomains: settings.ALLOWED_EMAIL_DOMAINS });
  const verified = await entra.verify(await entra.issueToken({ phoneOrEmail: eva, audience: 'app' }), 'app');
  const { ENTRA_TENANT_ID: tenantId, ENTRA_CLIENT_ID: clientId } = settings;
  const holder = { tenantId, oid: verified?.oid ?? '', email: eva, appRoles: ['Staff'], clientId };
  return callers.find(holder, (_personId, run) => run());
}

verifies('mcp:callers', 'who called before any chat was linked is the same person once one is, and after it', async () => {
  const world = await startSignIn();

  const before = await outside(world);
  await signInChat(world, evasChat, eva);
  const [inChat, after] = [await world.callerOf(evasChat), await outside(world)];

  expect(before).toMatchObject({ name: 'Somebody', role: 'staff' });
  expect(inChat).toMatchObject({ personId: before.personId, name: 'Eva Lindqvist', role: 'user' });
  expect(after).toEqual({ ...inChat, role: 'staff' });
});
