import { expect } from 'vitest';
import { people } from '../../../sandbox/seed/people.ts';
import { AppError } from '../../../shared/core/errors.ts';
import { verifies } from '../../verifies.ts';
import { comeBack, evasChat, linkIn, signInChat, startSignIn } from './start-sign-in.ts';

const address = 'eva@alderfinch.example';

/** Eva, who signs in by a name that is no address of hers. */
async function startWith(userPrincipalName: string) {
  const renamed = people.map((person) => (person.email === address ? { ...person, userPrincipalName } : person));
  const world = await startSignIn({ entra: { people: renamed } });
  world.directory.address = address;
  return world;
}

verifies('sign-in:own-mailbox', 'the mail goes to their mailbox, not to what they sign in by', async () => {
  const world = await startWith('u1009@alderfinch.example');

  const told = await signInChat(world, evasChat, 'u1009@alderfinch.example');

  expect(told).toContain('Eva Lindqvist (u1009@alderfinch.example)');
  expect(world.directory.mails).toEqual([
    expect.objectContaining({ to: address, text: expect.stringContaining('your account u1009@alderfinch.example') as string }),
  ]);
  expect(await world.callerOf(evasChat)).toMatchObject({ email: address });
});

verifies(
  ['sign-in:own-mailbox', 'sign-in:domains'],
  'a mailbox of elsewhere gets the mail, and makes nobody there a colleague',
  async () => {
    const world = await startWith('u1009@alderfinch.example');
    world.directory.address = 'eva@elsewhere.example';

    await signInChat(world, evasChat, 'u1009@alderfinch.example');

    expect(world.directory.mails.map(({ to }) => to)).toEqual(['eva@elsewhere.example']);
    expect(await world.callerOf(evasChat)).toMatchObject({ email: 'u1009@alderfinch.example' });
  },
);

verifies('sign-in:own-mailbox', 'where Microsoft Graph does not tell the mailbox, no mail is sent to a guess', async () => {
  const world = await startWith('u1009@alderfinch.example');
  world.directory.loadProfile = () => Promise.reject(new AppError('upstream', 'Graph is away', { vendor: 'msgraph' }));

  const told = await signInChat(world, evasChat, 'u1009@alderfinch.example');

  expect(told).toContain('You are signed in as Eva Lindqvist');
  expect(world.directory.mails).toEqual([]);
  expect(world.logs.join('\n')).toContain('sign-in.mail-failed');
});

verifies('sign-in:domains', 'who signs in by a name of elsewhere is refused, whatever their mailbox', async () => {
  const world = await startWith('eva@alderfinch.onmicrosoft.example');
  const link = linkIn(await world.say(evasChat, 'Hello'));

  const refused = await world.pages.finish(await comeBack(world, link, 'eva@alderfinch.onmicrosoft.example'));

  expect(refused.status).toBe(403);
});
