import { expect } from 'vitest';
import { askUnasked } from '../../../shared/conversation/ask-unasked.ts';
import { wake } from '../../../shared/conversation/wake.ts';
import { AppError } from '../../../shared/core/errors.ts';
import { verifies } from '../../verifies.ts';
import { ana, client, startCalls } from '../single-call/calls.ts';
import { createLife } from '../wake/life.ts';
import { ref } from '../wake/world.ts';
import { done, expectErased, other, person, startErasing, type Erasing } from './erasing.ts';

/** The other conversation of hers, held by a worker for so long, who then lets go of it or is gone. */
async function hold({ ports, clock }: Erasing, forMs: number) {
  const taking = await ports.conversations.takeLease(other, { owner: 'abc', until: clock.now() + forMs, now: clock.now() });
  if (taking.kind !== 'taken') throw new Error(taking.kind);
  return () =>
    ports.conversations.commit(taking.lease, { after: { kind: 'release', notBefore: 0, keepAttempts: false }, changes: [] });
}

verifies('conversation:erasure', 'somebody at work in a merged conversation is waited for before anything is said', async () => {
  const world = await startErasing({ isBrief: true });
  const letGo = await hold(world, 20_000);
  await world.hear({ text: 'ERASE EVERYTHING' });

  await world.work([], { until: world.clock.now() });
  const meanwhile = [...world.shown()];
  const newer = await world.hear({ text: 'New', sentAt: world.clock.now() + 2_000 });
  await letGo();
  await world.work();

  expect(meanwhile).toEqual([]);
  expect(newer.outcome).toBe('erasing');
  await expectErased(world);
});

verifies('conversation:erasure', 'a merged conversation whose worker is gone rests first, and is erased then', async () => {
  const world = await startErasing({ isBrief: true });
  await hold(world, 1_000);
  world.clock.advance(2_000);
  await world.hear({ text: 'ERASE EVERYTHING' });

  await world.work();

  await expectErased(world);
});

verifies('conversation:erasure', 'nothing is said to be done while a merged conversation is still parked', async () => {
  const world = await startErasing({ isBrief: true });
  const { ports, clock } = world;
  const { drop } = ports.dataKeys;
  const away = new AppError('upstream', 'Key Vault is away', { vendor: 'keyvault' });
  // The key of the other alone cannot be dropped.
  ports.dataKeys.drop = (owner, signal) => (owner === other.conversationId ? Promise.reject(away) : drop(owner, signal));
  await world.hear({ text: 'ERASE EVERYTHING' });

  await world.work([], { until: clock.now() + 120_000 });
  const meanwhile = { shown: [...world.shown()], erased: ports.conversations.document(other, 'lease') };
  ports.dataKeys.drop = drop;
  await world.work();

  expect(meanwhile).toMatchObject({ shown: [], erased: { erased: 'erased' } });
  await expectErased(world);
});

verifies(
  'conversation:erasure',
  'asked for in both conversations of one chat, both end: one of the two does not wait for the other',
  async () => {
    const world = await startErasing({ isBrief: true });
    const { ports, clock, workOf } = world;
    const key = await ports.dataKeys.keyFor(other.conversationId);
    const [id, now] = ['erase there', clock.now()];
    const sealed = key.seal({ text: 'ERASE EVERYTHING', chatId: '271828182845901@lid', lid: '271828182845901' }, id);
    const times = { sentAt: now, arrivedAt: now, dueAt: now };
    const there = { ...other, id, type: 'message', kind: 'text', ...times, command: 'erase-everything', sealed } as const;
    await ports.conversations.storeMessage(there);
    await world.hear({ text: 'ERASE EVERYTHING' });

    await Promise.all([other, ref].map((where) => wake(workOf(createLife(clock)), where)));
    await world.work();

    const left = [ref, other].map((where) => ports.conversations.documents(where));
    expect(left).toMatchObject([[{ id: 'lease', erased: 'done' }], [{ id: 'lease', erased: 'done' }]]);
    expect(world.shown().filter((text) => !done.test(text))).toEqual([]);
    expect(world.shown().length).toBeGreaterThan(0);
    expect(ports.people.people.size).toBe(0);
  },
);

verifies('privacy:former-chats', 'all that lies in a former chat is erased, and whoever writes there begins anew', async () => {
  const world = await startErasing({ isBrief: true });
  const { people, conversations, dataKeys } = world.ports;
  const there = { lid: '314159265358979', phone: undefined };
  const { conversationId } = await world.hear({ ...there, text: 'Said long ago' });
  const known = (await people.load(person)) ?? expect.unreachable();
  await people.save({ ...known, formerChats: [{ conversationId, names: [world.indexes.lid(there.lid)] }] });
  await world.hear({ text: 'ERASE EVERYTHING' });

  await world.work();
  world.clock.advance(1_000);
  const anew = await world.hear({ ...there, text: 'Hello?' });

  await expectErased(world);
  expect(conversations.documents({ workspace: 'acme', conversationId })).toMatchObject([{ id: 'lease', erased: 'done' }]);
  await expect(dataKeys.keyFor(conversationId)).rejects.toMatchObject({ code: 'gone' });
  expect(anew.outcome).toBe('stored');
  expect(anew.conversationId).not.toBe(conversationId);
});

verifies('conversation:erasure', 'nobody is asked anything in a chat that was erased', async () => {
  const world = await startErasing({ isBrief: true });
  await world.hear({ text: 'ERASE EVERYTHING' });
  await world.work();
  const proposals = [{ call: { callId: 'c', name: 'book', arguments: '{}' }, line: 'Book' }];

  const asked = await askUnasked(world.ports, ref, {
    ...{ personId: person, requestId: 'mcp-2', because: 'Asked elsewhere.', approvalMs: 3_600_000, proposals },
  });

  expect(asked).toEqual({ kind: 'cannot-ask' });
  await expectErased(world);
});

verifies(
  ['conversation:erasure', 'mcp:audit'],
  'a call from outside whose person was erased stands in the trail, and rings for nobody any more',
  async () => {
    const calls = startCalls();
    calls.audit.failWith(new Error('The trail is away'));
    await calls.ask();
    const before = await calls.ringOverdue();
    calls.audit.failWith(undefined);
    await calls.dataKeys.drop(ana.personId);

    const rung = [await calls.ringOverdue(), await calls.ringOverdue()];

    expect(before).toBe(1);
    expect(rung).toEqual([1, 0]);
    expect([...calls.audit.lines.values()]).toMatchObject([
      { what: 'mcp.call', who: ana.personId, detail: { client, tool: 'book', status: 'done' } },
    ]);
    expect(JSON.stringify([...calls.audit.lines])).not.toMatch(/Review|k1/);
  },
);

verifies('mcp:audit', 'a call that never ended, of a person who was erased, is told as unknown', async () => {
  const calls = startCalls();
  await calls.ask({ life: createLife(calls.clock, { at: 1, call: 'bookings.create', how: 'after' }) }).catch(() => undefined);
  await calls.dataKeys.drop(ana.personId);

  const rung = [await calls.ringOverdue(), await calls.ringOverdue(), await calls.ringOverdue()];

  expect(rung.at(-1)).toBe(0);
  expect([...calls.audit.lines.values()]).toMatchObject([
    { what: 'mcp.call', who: ana.personId, detail: { client, tool: 'book', status: 'unknown' } },
  ]);
});
