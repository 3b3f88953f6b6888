import { expect } from 'vitest';
import { askUnasked } from '../../../shared/conversation/ask-unasked.ts';
import { splitReply } from '../../../shared/conversation/turn/communication/split-reply.ts';
import { createReply } from '../../../shared/conversation/turn/turn-documents.ts';
import { verifies } from '../../verifies.ts';
import { chatId, ref, startWorld, type World } from './world.ts';

const asking = {
  personId: 'acme:person-ana',
  requestId: 'mcp-1',
  because: 'Another program asks for this in your name.',
  approvalMs: 3_600_000,
  proposals: [{ call: { callId: 'c1', name: 'book', arguments: '{"subject":"Offsite"}' }, line: 'Book: Offsite' }],
};
const question =
  /^Another program asks for this in your name\.\n• Book: Offsite\nAnswer “yes (\d{3})” and I do exactly this, or “no \1” to leave it\.$/;

const stopped = 'I will not write to you unasked any more. I still answer when you write to me. START undoes this.';

/** A conversation in which something was said before, so that the chat is known. */
async function startKnown(): Promise<World> {
  const world = await startWorld();
  await world.say('Hello');
  await world.run();
  return world;
}

/** Something long that nobody asked for, in several parts. */
async function sayUnasked(world: World, parts: number): Promise<void> {
  const key = await world.ports.dataKeys.keyFor(ref.conversationId);
  const texts = splitReply(Array.from({ length: parts }, (_, index) => `Part ${index + 1}`).join('\n\n'), 10);
  const lease = { ...ref, owner: '0', epoch: 0, attempts: 0 };
  const news = { name: 'news', turnId: 'news', chatId, texts, traceparent: undefined, now: world.clock.now() };
  await world.ports.conversations.createUnasked(ref, [{ ...createReply(lease, key, news), unasked: true }]);
  await world.ports.bell.ring(ref);
}

verifies('conversation:stop', 'what nobody asked for is said once, and after STOP not at all', async () => {
  const world = await startKnown();
  const first = await askUnasked(world.ports, ref, asking);
  const again = await askUnasked(world.ports, ref, asking);
  await world.run();
  await world.say('STOP');
  await world.run();
  const after = await askUnasked(world.ports, ref, { ...asking, requestId: 'mcp-2' });
  await world.run();

  expect(first).toEqual(again);
  expect(after).toEqual({ kind: 'cannot-ask' });
  expect(world.shown().filter((text) => question.test(text))).toHaveLength(1);
});

verifies('conversation:stop', 'START undoes it', async () => {
  const world = await startKnown();
  await world.say('STOP');
  await world.run();
  await world.say('START');
  await world.run();

  expect(await askUnasked(world.ports, ref, asking)).toMatchObject({ kind: 'asked' });
  await world.run();
  expect(world.shown().at(-1)).toMatch(question);
});

verifies('conversation:stop', 'the last word counts, though one said before it arrives later', async () => {
  for (const [last, late, told] of [
    ['STOP', 'START', stopped],
    ['START', 'STOP', 'I will write to you again when there is something to tell.'],
  ] as const) {
    const world = await startKnown();
    const saidBefore = world.clock.now();
    world.clock.advance(60_000);
    await world.say(last);
    await world.run();
    await world.say(late, { sentAt: saidBefore });
    await world.run();

    expect(world.shown().slice(-2)).toEqual([told, `That reached me late, and you have told me since what to do. ${told}`]);
    expect(world.documents('preferences')).toMatchObject([{ stopped: last === 'STOP', at: saidBefore + 60_000 }]);
    const asked = await askUnasked(world.ports, ref, asking);
    expect(asked.kind).toBe(last === 'STOP' ? 'cannot-ask' : 'asked');
  }
});

verifies('conversation:stop', 'a STOP that comes before a part keeps that part and the rest back', async () => {
  const world = await startKnown();
  await sayUnasked(world, 3);
  const { messenger } = world.ports;
  const before = messenger.shown.length;
  const send = messenger.sendText.bind(messenger);
  // STOP becomes true while the first part is on its way.
  messenger.sendText = async (...given) => {
    await send(...given);
    await markStopped(world);
  };

  await world.run();

  expect(world.shown().slice(before)).toEqual(['Part 1']);
  expect(world.documents('reply').find(({ unasked }) => unasked)).toMatchObject({
    state: 'dropped',
    parts: [{ state: 'sent' }, { state: 'dropped' }, { state: 'dropped' }],
  });
  expect(world.unfinished()).toEqual([]);
});

verifies('conversation:stop', 'STOP drops what waits to be said unasked, and no answer to what was asked', async () => {
  const world = await startKnown();
  await sayUnasked(world, 2);
  await world.say('STOP');
  await world.say('Who am I?');

  await world.run();

  expect(world.shown().slice(1)).toEqual([stopped, 'All right.']);
  expect(world.documents('reply').find(({ unasked }) => unasked)).toMatchObject({ state: 'dropped' });
  expect(world.unfinished()).toEqual([]);
});

async function markStopped({ ports }: World): Promise<void> {
  const documents = ports.conversations.documents(ref);
  const lease = documents.find(({ id }) => id === 'lease');
  if (lease?.type !== 'lease' || lease.owner === null) throw new Error('Nobody holds the lease');
  const document = { ...ref, id: 'preferences', type: 'preferences', stopped: true } as const;
  await ports.conversations.commit(
    { ...ref, owner: lease.owner, epoch: lease.epoch, attempts: 1 },
    { after: { kind: 'hold', until: lease.until }, changes: [{ kind: 'upsert', document }] },
  );
}

verifies('limits:waited', 'what was asked from outside needs its number: a bare yes may mean another thing', async () => {
  const world = await startKnown();
  await askUnasked(world.ports, ref, asking);
  await world.run();
  const [, number = ''] = question.exec(world.shown().at(-1) ?? '') ?? [];
  await world.say('yes');
  await world.run();
  const [asked, booked] = [world.shown().at(-1), world.bookings.booked.length];
  await world.say(`yes ${number}`);
  await world.run();

  expect(asked).toContain(`Answer “yes ${number}”`);
  expect(booked).toBe(0);
  expect(world.bookings.booked.map(({ subject }) => subject)).toEqual(['Offsite']);
});

verifies('limits:waited', 'nobody is asked more than five things at once', async () => {
  const world = await startKnown();
  const kinds: string[] = [];
  for (let count = 0; count < 7; count += 1) {
    const line = `Book: Offsite ${count}`;
    const proposals = [{ call: { callId: 'c1', name: 'book', arguments: `{"subject":"Offsite ${count}"}` }, line }];
    kinds.push((await askUnasked(world.ports, ref, { ...asking, requestId: `mcp-${count}`, proposals })).kind);
  }

  expect(kinds).toEqual([...Array<string>(5).fill('asked'), 'cannot-ask', 'cannot-ask']);
});
