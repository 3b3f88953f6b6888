import { expect } from 'vitest';
import { erasePerson } from '../../../shared/domain/privacy/index.ts';
import { verifies } from '../../verifies.ts';
import { evasChat, signInChat, startSignIn } from './start-sign-in.ts';

const email = 'eva@alderfinch.example';

verifies('privacy:anew', 'who was erased signs in again with the same account, as somebody new', async () => {
  const world = await startSignIn();
  await signInChat(world, evasChat, email);
  const [before] = [...world.people.people.values()];
  const { id = '', account } = before ?? {};

  await erasePerson(world, { id, account });
  const left = [world.people.people.size, world.people.tokens.size, world.identities.documents.get(account ?? '')?.personId];
  const again = await signInChat(
    world,
    { ...evasChat, conversationId: 'alderfinch:eva-anew', lid: '271828182845919', phone: '+15550100019' },
    email,
  );
  await erasePerson(world, { id, account });

  const [after, ...others] = [...world.people.people.values()];
  expect(left).toEqual([0, 0, undefined]);
  expect(again).toContain('Eva Lindqvist');
  expect(others).toEqual([]);
  expect(after?.id).not.toBe(id);
  expect(world.identities.documents.get(account ?? '')?.personId).toBe(after?.id);
  await expect(world.dataKeys.keyFor(id)).rejects.toMatchObject({ code: 'gone' });
});

verifies('privacy:anew', 'an account that still names a person whose key was dropped shuts nobody out', async () => {
  const world = await startSignIn();
  await signInChat(world, evasChat, email);
  const [before] = [...world.people.people.keys()];
  const [token] = [await world.work.tokenFor(before ?? '')];

  await erasePerson(world, { id: before ?? '' });
  const again = await signInChat(world, { conversationId: 'alderfinch:eva-anew', lid: '271828182845919' }, email);

  expect(token).not.toBe('');
  expect(again).toContain('Eva Lindqvist');
  expect([...world.people.people.keys()]).not.toContain(before);
});
