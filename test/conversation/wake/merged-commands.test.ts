import { expect } from 'vitest';
import { askUnasked } from '../../../shared/conversation/ask-unasked.ts';
import { AppError } from '../../../shared/core/errors.ts';
import { asksFor } from '../../support/fakes/fake-model.ts';
import { verifies } from '../../verifies.ts';
import { createLife } from './life.ts';
import { phoneChat, startMerged, store, type MergedWorld } from './merging.ts';
import { ref, type World } from './world.ts';

const away = new AppError('upstream', 'The model is away', { vendor: 'openai' });
const graphAway = { fails: new AppError('upstream', 'Graph is away', { vendor: 'msgraph' }), done: false };
const here = { ...ref, after: [phoneChat.conversationId] };
const nothingDone = 'Cancelled: I have done nothing of it.';
const told =
  'I cannot reach my language model at the moment. Your message is safe: I keep trying and answer as soon as it works.';

/** A turn of the former conversation waits for a model that is away. */
async function startParked(): Promise<MergedWorld> {
  const world = await startMerged();
  world.ports.model.always(away);
  await store(world, 'Book a review', phoneChat);
  await world.ports.bell.ring(phoneChat);
  await world.work([], world.clock.now());
  return world;
}

const unfinishedThere = ({ ports }: World) => ports.conversations.documents(phoneChat).filter(({ dueAt }) => dueAt !== undefined);

verifies('conversation:cancel-merged', 'what is parked in the former conversation is ended undone, and told once', async () => {
  const world = await startParked();
  await store(world, 'Cancel that', here);

  await world.work([], world.clock.now());
  world.ports.model.always({ text: 'All right.' });
  await world.work();

  expect(world.shown()).toEqual([told, nothingDone]);
  expect(world.bookings.booked).toEqual([]);
  expect([world.unfinished(), unfinishedThere(world)]).toEqual([[], []]);
  expect(world.ports.conversations.document(phoneChat, 'lease')).toMatchObject({ owner: null, waiting: 0 });
  expect(world.lease()).toMatchObject({ owner: null, waiting: 0 });
});

verifies('conversation:cancel-merged', 'what waits behind it here is ended with it', async () => {
  const world = await startParked();
  await store(world, 'And list my bookings', here);
  await store(world, 'Cancel that', here);

  await world.work([], world.clock.now());
  world.ports.model.always({ text: 'All right.' });
  await world.work();

  expect(world.shown()).toEqual([told, nothingDone]);
  expect([world.unfinished(), unfinishedThere(world)]).toEqual([[], []]);
});

verifies('conversation:cancel-merged', 'what was done there before is told', async () => {
  const world = await startMerged();
  world.ports.model.next(asksFor(['book', { subject: 'One' }], ['book', { subject: 'Two' }]));
  world.bookings.nextCreates(undefined, graphAway, graphAway, graphAway);
  await store(world, 'Book two things', phoneChat);
  await world.ports.bell.ring(phoneChat);
  await world.work([], world.clock.now());
  await store(world, 'Never mind', here);

  await world.work([], world.clock.now());

  expect(world.bookings.booked.map(({ subject }) => subject)).toEqual(['One']);
  expect(world.shown().at(-1)).toBe(
    'Cancelled. What I had done before stays:\n✓ Booked: One\n? I cannot tell whether this was done (book): please check',
  );
});

verifies('conversation:cancel-merged', 'what was said there later is left alone', async () => {
  const world = await startMerged();
  await store(world, 'Cancel that', here);
  await store(world, 'Said later', phoneChat);

  await world.ports.bell.ring(phoneChat);
  await world.work();

  expect(world.shown()).toEqual(['All right.', 'All right.']);
});

verifies('conversation:cancel-merged', 'STOP drops what waits there to be said unasked, and is answered once', async () => {
  const world = await startMerged();
  await store(world, 'Hello', phoneChat);
  await world.ports.bell.ring(phoneChat);
  await world.work();
  const line = 'Book: Offsite';
  const proposals = [{ call: { callId: 'c1', name: 'book', arguments: '{"subject":"Offsite"}' }, line }];
  const asking = { personId: 'acme:person-ana', requestId: 'mcp-1', proposals, because: 'Asked.', approvalMs: 3_600_000 };
  await askUnasked(world.ports, phoneChat, asking);
  world.ports.bell.rung.length = 0;
  await store(world, 'STOP', here);

  await world.work();

  expect(world.shown()).toEqual([
    'All right.',
    'I will not write to you unasked any more. I still answer when you write to me. START undoes this.',
  ]);
  expect(unfinishedThere(world)).toEqual([]);
});

for (const how of ['before', 'after'] as const) {
  verifies('conversation:cancel-merged', `a worker lost at any call (${how}): told once, done nothing`, async () => {
    for (let at = 1; at < 40; at += 1) {
      const world = await startParked();
      await store(world, 'Cancel that', here);
      const life = createLife(world.clock, { at, how });

      await world.work([life]);

      expect([at, world.shown(), world.bookings.booked]).toEqual([at, [told, nothingDone], []]);
      expect([at, world.unfinished(), unfinishedThere(world)]).toEqual([at, [], []]);
      if (life.struck() === undefined) return;
    }
    throw new Error('The sweep did not come to its end');
  });
}
