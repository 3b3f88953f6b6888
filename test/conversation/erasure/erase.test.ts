import { expect } from 'vitest';
import { readCommand } from '../../../shared/conversation/commands.ts';
import { AppError } from '../../../shared/core/errors.ts';
import type { FailureDocument } from '../../../shared/ports/documents.ts';
import { verifies } from '../../verifies.ts';
import { ref } from '../wake/world.ts';
import { audited, done, expectErased, other, person, startErasing } from './erasing.ts';

verifies('conversation:erasure', 'what is said in passing is answered by what would be erased, and erases nothing', async () => {
  const world = await startErasing();
  const before = world.ports.conversations.documents(ref).length;
  await world.hear({ text: 'Erase my data' });

  await world.work([], { until: world.clock.now() });

  expect(world.shown()).toHaveLength(1);
  expect(world.shown()[0]).toContain('send exactly this, in capitals: ERASE EVERYTHING');
  expect(world.ports.conversations.documents(ref).length).toBeGreaterThan(before);
  expect(world.lease()).not.toHaveProperty('erased');
  expect(world.ports.people.people.has(person)).toBe(true);
});

verifies('conversation:erasure', 'only the very words erase, in capitals and alone', () => {
  const texts = [
    'ERASE EVERYTHING',
    ' ERASE EVERYTHING. ',
    'erase everything',
    'Erase Everything',
    'ERASE EVERYTHING NOW',
    'Forget everything',
  ];

  expect(texts.map(readCommand)).toEqual(['erase-everything', 'erase-everything', 'erase', 'erase', undefined, 'erase']);
});

verifies(
  'conversation:erasure',
  'all that is kept goes, parked, unasked and unreadable; the last reply is said once',
  async () => {
    const world = await startErasing();
    const { ports, clock, bookings } = world;
    const kinds = new Set(ports.conversations.documents(ref).map(({ type }) => type));
    await world.hear({ text: 'ERASE EVERYTHING' });

    await world.work([], { until: clock.now() });

    expect([...kinds].sort()).toEqual(['approval', 'calls', 'failure', 'lease', 'memory', 'message', 'reply', 'unreadable']);
    await expectErased(world);
    expect(world.shown()).toEqual([expect.stringMatching(done)]);
    expect(bookings.booked.map(({ subject }) => subject)).toEqual(['One']);
    await world.work();
    expect(bookings.booked).toHaveLength(1);
    expect(world.shown()).toHaveLength(1);
  },
);

verifies('conversation:erasure', 'the trail keeps by ids what was done and that it was erased, once', async () => {
  const world = await startErasing();
  await world.hear({ text: 'ERASE EVERYTHING' });

  await world.work();

  expect(audited(world, 'conversation.erased')).toMatchObject([
    { detail: { conversation: other.conversationId } },
    { who: person, detail: { conversation: ref.conversationId } },
  ]);
  const calls = audited(world, 'turn.call').map(({ detail }) => `${detail?.['tool'] ?? ''} ${detail?.['status'] ?? ''}`);
  expect(calls).toEqual(['book done', 'book unknown']);
  expect(JSON.stringify([...world.ports.audit.lines])).not.toMatch(/One|Two|Ana|271828|15550100001|alderfinch/);
});

verifies('conversation:erasure', 'more than a batch takes goes in several', async () => {
  const world = await startErasing();
  const { ports, clock } = world;
  const failure: Omit<FailureDocument, 'id'> = {
    ...{ ...ref, type: 'failure', turnId: 'x', at: clock.now(), reason: 'x', messageIds: [] },
  };
  const many = Array.from({ length: 250 }, (_, index) => ({ ...failure, id: `failure:x${index}` }));
  for (const one of many) await ports.conversations.createUnasked(ref, [one]);
  await world.hear({ text: 'ERASE EVERYTHING' });

  await world.work();

  await expectErased(world);
});

verifies('conversation:erasure', 'what expires by itself in between holds nothing up', async () => {
  const world = await startErasing();
  const { conversations } = world.ports;
  const listIds = conversations.listIds.bind(conversations);
  let [times, isLast] = [0, false];
  conversations.listIds = async (...given) => {
    const ids = await listIds(...given);
    const isEnding = !isLast && ids.length > 0 && world.shown().length > 0;
    isLast ||= isEnding;
    return (times += 1) === 1 || isEnding ? [...ids, 'expired'] : ids;
  };
  await world.hear({ text: 'ERASE EVERYTHING' });

  await world.work([], { until: world.clock.now() });
  const parked = world.lines.filter((line) => line.includes('erasure.parked')).length;
  await world.work();

  expect([isLast, parked]).toEqual([true, 1]);
  await expectErased(world);
});

verifies(
  'conversation:erasure',
  'where the last reply cannot be sent, it is tried for an hour, and the rest is gone long before',
  async () => {
    const world = await startErasing();
    const { messenger, conversations, people } = world.ports;
    messenger.sendText = () => Promise.reject(new AppError('upstream', 'WAHA is down', { vendor: 'waha' }));
    const before = world.clock.now();
    await world.hear({ text: 'ERASE EVERYTHING' });

    await world.work([], { until: before + 2_000 });
    const left = conversations.documents(ref).map(({ id, type }) => (type === 'reply' ? 'reply' : id));
    const peopleLeft = people.people.size;
    await world.work();

    expect([left.sort(), peopleLeft]).toEqual([['erasure', 'lease', 'reply'], 0]);
    expect(world.lease()).toMatchObject({ erased: 'done' });
    expect(world.shown()).toEqual([]);
    expect(world.clock.now() - before).toBeGreaterThan(3_600_000);
    expect(world.clock.now() - before).toBeLessThan(2 * 3_600_000);
  },
);

verifies('conversation:erasure', 'a trail that cannot be written holds it up for an hour at most', async () => {
  const world = await startErasing();
  world.ports.audit.append = (() => {
    const append = world.ports.audit.append.bind(world.ports.audit);
    return (key, line, signal) =>
      line.what === 'turn.call' ? Promise.reject(new AppError('upstream', 'It is away')) : append(key, line, signal);
  })();
  await world.hear({ text: 'ERASE EVERYTHING' });

  await world.work();

  expect(world.lease()).toMatchObject({ erased: 'done' });
  expect(world.ports.conversations.documents(ref)).toHaveLength(1);
});

verifies('conversation:erasure', 'a stranger who never signed in erases what they said', async () => {
  const world = await startErasing();
  const names = { lid: '999999999999999', phone: undefined };
  const { conversationId } = await world.hear({ ...names, text: 'Hi' });
  await world.hear({ ...names, text: 'ERASE EVERYTHING' });

  await world.work([], { until: world.clock.now() });

  const left = world.ports.conversations.documents({ workspace: 'acme', conversationId });
  expect(left).toMatchObject([{ id: 'lease', erased: 'done' }]);
  expect(world.ports.people.people.has(person)).toBe(true);
  expect(world.lease()).not.toHaveProperty('erased');
});
