import { expect } from 'vitest';
import { findCaller, isChatOf } from '../../../shared/domain/identity/index.ts';
import { createFakePeople } from '../../support/fakes/fake-people.ts';
import { verifies } from '../../verifies.ts';
import { byBoth, byLid, byPhone, phone, startPairs, type Names } from './pairs.ts';

/** A lid and a phone with a conversation each, the phone's linked to Ana. */
async function startTwo() {
  const world = startPairs();
  const people = createFakePeople();
  const older = await world.write(byLid, 'A');
  world.clock.advance(1_000);
  const linked = await world.write(byPhone, 'B');
  const savePerson = async (id: string, conversationId: string) => {
    const profile = { name: id, email: `${id}@alderfinch.example`, timeZone: 'UTC' };
    const sealed = (await world.ports.dataKeys.keyFor(id)).seal(profile, 'person');
    const person = { id, workspace: 'acme', role: 'user' as const, homeAccountId: 'h', conversationId, linkedAt: 0, sealed };
    await people.save(person);
  };
  await savePerson('ana', linked.conversationId);
  world.link(byPhone, 'ana');
  const callerIn = async (conversationId: string, { lid, phone }: Names) => {
    const ports = { ...world.ports, people };
    return (await findCaller(ports, world.indexes, { names: { lid, phone }, conversationId }))?.personId;
  };
  return { ...world, people, older, linked, savePerson, callerIn };
}

verifies(
  'conversation:identity-pairs',
  'what is still due in a conversation that was merged into another comes from the same person',
  async () => {
    const { write, older, linked, callerIn, identityOf, identities, indexes } = await startTwo();
    const before = await callerIn(older.conversationId, byLid);

    const joined = await write(byBoth, 'C');

    expect([before, joined.conversationId]).toEqual([undefined, linked.conversationId]);
    for (const names of [byLid, byPhone, byBoth]) {
      expect(await callerIn(older.conversationId, names)).toBe('ana');
      expect(await callerIn(linked.conversationId, names)).toBe('ana');
      expect(await callerIn('acme:another', names)).toBeUndefined();
    }
    expect(identityOf(byLid)?.formerly).toEqual([older.conversationId]);
    const chat = { chatId: `${phone.slice(1)}@c.us`, conversationId: older.conversationId };
    expect(await isChatOf({ identities }, indexes, chat)).toBe(true);
  },
);

verifies('conversation:identity-pairs', 'who gets a number finds nothing of what was merged under its owner before', async () => {
  const { write, older, linked, callerIn, identityOf } = await startTwo();
  await write(byBoth, 'C');

  const recycled = await write({ lid: '999999999999999', phone }, 'D');

  expect(identityOf(byPhone)).not.toHaveProperty('formerly');
  for (const { conversationId } of [older, linked, recycled]) {
    expect(await callerIn(conversationId, byPhone)).toBeUndefined();
  }
  expect(await callerIn(older.conversationId, byLid)).toBe('ana');
});

verifies(
  'conversation:identity-pairs',
  'a conversation in which somebody else had signed in is not taken for the winner',
  async () => {
    const { write, link, older, linked, callerIn, savePerson } = await startTwo();
    link(byLid, 'ben');
    await savePerson('ben', older.conversationId);

    const joined = await write(byBoth, 'C');

    expect(joined.conversationId).toBe(older.conversationId);
    expect(await callerIn(linked.conversationId, byPhone)).toBeUndefined();
    expect(await callerIn(older.conversationId, byBoth)).toBe('ben');
  },
);
