import { expect, onTestFinished } from 'vitest';
import { findCaller } from '../../../shared/domain/identity/index.ts';
import { setLogSink } from '../../../shared/telemetry/index.ts';
import { createFakePeople } from '../../support/fakes/fake-people.ts';
import { verifies } from '../../verifies.ts';
import { byBoth, byLid, byPhone, lid, phone, startPairs } from './pairs.ts';

const stranger = '999999999999999';

/** Somebody whose messages come by number alone, and the look-ups that the bridge is asked for. */
function startByNumber() {
  const world = startPairs(1, { isCached: true });
  const { messenger, ports, indexes } = world;
  const logs: string[] = [];
  onTestFinished(setLogSink((_level, line) => void logs.push(line)));
  const people = createFakePeople();
  const lookUp = messenger.lookUpIdentity.bind(messenger);
  let [lookUps, isDown] = [0, false];
  messenger.lookUpIdentity = (known, signal) => {
    lookUps += 1;
    return isDown ? Promise.reject(new Error('down')) : lookUp(known, signal);
  };
  const signIn = async (conversationId: string) => {
    const profile = { name: 'Ana', email: 'ana@alderfinch.example', timeZone: 'UTC' };
    const sealed = (await ports.dataKeys.keyFor('ana')).seal(profile, 'person');
    await people.save({ id: 'ana', workspace: 'acme', role: 'user', homeAccountId: 'h', conversationId, linkedAt: 0, sealed });
    for (const names of [byLid, byPhone]) world.link(names, 'ana');
    world.clock.advance(61_000);
  };
  const callerIn = async (conversationId: string, names: { lid?: string; phone?: string }) =>
    (
      await findCaller({ ...ports, identities: world.identities, people }, indexes, {
        names: { lid: names.lid, phone: names.phone },
        conversationId,
      })
    )?.personId;
  const setDown = (down: boolean) => {
    isDown = down;
  };
  return { ...world, logs, signIn, callerIn, setDown, lookUps: () => lookUps };
}

verifies(
  'conversation:recycled-by-number',
  'by number alone: the bridge names another lid, and whoever writes is nobody we know',
  async () => {
    const { write, messenger, signIn, callerIn, clock } = startByNumber();
    messenger.pairs.set(lid, phone);
    const before = await write(byPhone, 'A');
    await signIn(before.conversationId);
    const owner = [await write(byPhone, 'B'), await callerIn(before.conversationId, byPhone)];
    messenger.pairs.clear();
    messenger.pairs.set(stranger, phone);
    clock.advance(60 * 60_000);

    const after = await write(byPhone, 'C');

    expect(owner).toMatchObject([{ conversationId: before.conversationId }, 'ana']);
    expect(after.conversationId).not.toBe(before.conversationId);
    for (const names of [byPhone, { lid: stranger, phone }]) expect(await callerIn(after.conversationId, names)).toBeUndefined();
    expect(await callerIn(before.conversationId, byPhone)).toBeUndefined();
    expect(await callerIn(before.conversationId, byLid)).toBe('ana');
  },
);

verifies(
  'conversation:recycled-by-number',
  'a lid that could not be asked for at first is learnt with the next message, so that another is seen to be another',
  async () => {
    const { write, messenger, signIn, callerIn, clock, setDown, identityOf } = startByNumber();
    messenger.pairs.set(lid, phone);
    setDown(true);
    const before = await write(byPhone, 'A');
    await signIn(before.conversationId);
    setDown(false);
    const learnt = await write(byPhone, 'B');
    clock.advance(60_000);

    const after = await write({ lid: stranger, phone }, 'C');

    expect(learnt.conversationId).toBe(before.conversationId);
    expect(identityOf(byLid)).toMatchObject({ conversationId: before.conversationId, personId: 'ana' });
    expect(after.conversationId).not.toBe(before.conversationId);
    expect(await callerIn(after.conversationId, { lid: stranger, phone })).toBeUndefined();
  },
);

verifies(
  'conversation:recycled-by-number',
  'where the bridge knows no lid, or does not answer, people are who they were, and the log says so',
  async () => {
    const { write, signIn, callerIn, clock, setDown, logs } = startByNumber();
    const before = await write(byPhone, 'A');
    await signIn(before.conversationId);

    const unknown = await write(byPhone, 'B');
    const told = logs.length;
    clock.advance(60 * 60_000);
    setDown(true);
    const down = await write(byPhone, 'C');

    expect([unknown, down]).toEqual([before, before]);
    expect(await callerIn(before.conversationId, byPhone)).toBe('ana');
    expect([told, logs]).toEqual([0, [expect.stringContaining('identity.not-looked-up')]]);
  },
);

verifies(
  'conversation:recycled-by-number',
  'what the bridge said before an envelope told another lid of the number counts no more',
  async () => {
    const { write, messenger, signIn, callerIn, clock } = startByNumber();
    messenger.pairs.set(lid, phone);
    const before = await write(byPhone, 'A');
    await signIn(before.conversationId);
    messenger.pairs.clear();
    messenger.pairs.set(stranger, phone);

    const told = await write({ lid: stranger, phone }, 'B');
    clock.advance(61_000);
    const byNumber = await write(byPhone, 'C');

    expect([told.conversationId === before.conversationId, byNumber.conversationId]).toEqual([false, told.conversationId]);
    expect(await callerIn(told.conversationId, byPhone)).toBeUndefined();
  },
);

verifies('conversation:recycled-by-number', 'one look-up an hour and number, and none where the lid is told', async () => {
  const { write, messenger, clock, lookUps, setDown } = startByNumber();
  messenger.pairs.set(lid, phone);
  const counts: number[] = [];
  const count = async (...names: Parameters<typeof write>[0][]) => {
    const before = lookUps();
    await Promise.all(names.map((one) => write(one, `${String(clock.now())}${JSON.stringify(one)}`)));
    counts.push(lookUps() - before);
  };

  await write(byBoth);
  await count(byBoth, byLid);
  await count(byPhone, byPhone, byPhone);
  clock.advance(59 * 60_000);
  await count(byPhone, { phone: '+15550107777' });
  clock.advance(60_000);
  setDown(true);
  await count(byPhone, byPhone);
  await count(byPhone);
  clock.advance(60_000);
  await count(byPhone);

  expect(counts).toEqual([0, 1, 1, 1, 0, 1]);
});
