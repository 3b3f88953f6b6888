import { expect } from 'vitest';
import { findCaller, leaveErased } from '../../../shared/domain/identity/index.ts';
import { createTestDataKeys } from '../../support/data-keys.ts';
import { createFakePeople } from '../../support/fakes/fake-people.ts';
import { verifies } from '../../verifies.ts';
import { byBoth, byLid, byPhone, lid, phone, startPairs } from './pairs.ts';

const stranger = { lid: '999999999999999' };

/** Someone who wrote under these names and was erased. */
async function startErased(names: typeof byBoth) {
  const pairs = startPairs();
  const { clock, indexes, identities, write } = pairs;
  const { conversationId } = await write(names, 'A');
  const ids = [...(names.lid ? [indexes.lid(lid)] : []), ...(names.phone ? [indexes.phone(phone)] : [])];
  const erased = { workspace: 'acme', conversationIds: [conversationId], erasedAt: clock.now() } as const;
  const leave = () => leaveErased({ identities }, erased, { names: ids });
  await leave();
  clock.advance(2_000);
  return { ...pairs, leave, before: conversationId, erasedAt: erased.erasedAt };
}

verifies(
  'privacy:newer-waits',
  'all names of an erased chat begin the same conversation, and a second run moves nothing',
  async () => {
    const { write, leave, link, identityOf, before } = await startErased(byBoth);

    const [first, second] = [await write(byLid, 'B'), await write(byPhone, 'C')];
    link(byLid, 'somebody new');
    const names = [identityOf(byLid), identityOf(byPhone)];
    await leave();

    expect(first.conversationId).toBe(second.conversationId);
    expect(first.conversationId).not.toBe(before);
    expect([identityOf(byLid), identityOf(byPhone)]).toEqual(names);
  },
);

verifies('privacy:old-refused', 'a lid that is met after its phone was erased inherits the tombstone', async () => {
  const { write, identityOf, erasedAt, clock } = await startErased(byPhone);

  await write(byBoth, 'B');
  clock.set(erasedAt - 1_000);
  const old = await write(byLid, 'C');

  expect(identityOf(byLid)).toMatchObject({ erasedAt });
  expect(old.outcome).toBe('erased');
});

verifies('privacy:old-refused', 'whoever is given the number later is not taken for its former owner', async () => {
  const { write, identityOf, erasedAt, clock } = await startErased(byBoth);

  const newOwner = await write({ ...stranger, phone }, 'B');
  const formerOwner = await write(byLid, 'C');
  clock.set(erasedAt - 1_000);
  const byTheirLid = await write(stranger, 'D');

  expect(newOwner.conversationId).not.toBe(formerOwner.conversationId);
  expect(identityOf(stranger)).not.toHaveProperty('erasedAt');
  expect(byTheirLid).toMatchObject({ outcome: 'stored', conversationId: newOwner.conversationId });
});

verifies('privacy:anew', 'a person whose key was dropped is nobody, whatever still names them', async () => {
  const { clock, indexes, identities, write, link } = startPairs();
  const [people, dataKeys] = [createFakePeople(), createTestDataKeys(clock)];
  const { conversationId } = await write(byLid, 'A');
  link(byLid, 'p1');
  const profile = { name: 'Ana', email: 'ana@alderfinch.example', timeZone: 'UTC' };
  const sealed = (await dataKeys.keyFor('p1')).seal(profile, 'person');
  await people.save({ id: 'p1', workspace: 'acme', role: 'user', homeAccountId: 'h', conversationId, linkedAt: 0, sealed });
  const find = () => findCaller({ identities, people, dataKeys }, indexes, { names: { lid, phone: undefined }, conversationId });

  const before = await find();
  await dataKeys.drop('p1');

  expect(before).toMatchObject({ personId: 'p1', name: 'Ana' });
  expect(await find()).toBeUndefined();
});
