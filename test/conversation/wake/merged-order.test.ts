import { expect } from 'vitest';
import { wake } from '../../../shared/conversation/wake.ts';
import { AppError } from '../../../shared/core/errors.ts';
import { linesOf } from '../../support/fakes/fake-model.ts';
import { verifies } from '../../verifies.ts';
import { createLife } from './life.ts';
import { chatId, ref, startWorld, type World } from './world.ts';

const phoneChat = { workspace: 'acme', conversationId: 'acme:ana-by-phone' };
const lid = chatId.replace('@lid', '');
const away = new AppError('upstream', 'The model is away', { vendor: 'openai' });

/** A message in one of the two; `after` is what the webhook knows of the merge. */
async function store(world: World, text: string, place: { conversationId: string; after?: string[] }): Promise<void> {
  const { clock, ports } = world;
  const id = `message ${text}`;
  const sealed = (await ports.dataKeys.keyFor(place.conversationId)).seal({ text, chatId, lid }, id);
  const [now, where] = [clock.now(), { workspace: 'acme', ...place }];
  await ports.conversations.storeMessage({
    ...where,
    id,
    type: 'message',
    kind: 'text',
    sentAt: now,
    arrivedAt: now,
    dueAt: now,
    sealed,
  });
  clock.advance(1_000);
}

/** Ana wrote under her phone, then under her lid; the two became one conversation. */
async function startMerged(): Promise<World & { work(): Promise<void> }> {
  const world = await startWorld();
  const { ports, indexes, clock, workOf } = world;
  await ports.identities.update(indexes.lid(lid), { formerly: [phoneChat.conversationId] });
  await store(world, 'Said first', phoneChat);
  await store(world, 'Said second', { ...ref, after: [phoneChat.conversationId] });
  /** Takes bells as they come, the newer conversation's first. */
  const work = async () => {
    await ports.bell.ring(ref);
    for (let bells = 0; bells < 40; bells += 1) {
      ports.bell.rung.sort((a, b) => (a.atMs ?? 0) - (b.atMs ?? 0));
      const bell = ports.bell.rung.shift();
      if (!bell) return;
      clock.set(Math.max(clock.now(), bell.atMs ?? 0));
      await wake(workOf(createLife(clock)), bell.ref);
    }
  };
  return { ...world, work };
}

const questions = (world: World) => world.ports.model.requests.map((request) => linesOf(request).at(-1));

verifies(
  'conversation:merge-order',
  'what is due in the conversation that was merged into this one is worked off first',
  async () => {
    const world = await startMerged();

    await world.work();

    expect(questions(world)).toEqual(['user: Said first', 'user: Said second']);
    expect(world.shown()).toEqual(['All right.', 'All right.']);
  },
);

verifies('conversation:merge-order', 'what is parked there is waited for, without ringing all the while', async () => {
  const world = await startMerged();
  world.ports.model.next(away, away);

  await world.work();

  expect(questions(world)).toEqual(['user: Said first', 'user: Said first', 'user: Said first', 'user: Said second']);
  expect(world.ports.conversations.calls.filter((call) => call === 'takeLease').length).toBeLessThan(20);
});

verifies('conversation:merge-order', 'what was said there later does not hold up what was said here before', async () => {
  const world = await startMerged();
  await world.work();
  await store(world, 'Said third', { ...ref, after: [phoneChat.conversationId] });
  await store(world, 'Said fourth', phoneChat);

  await world.work();

  expect(questions(world)).toEqual(['user: Said first', 'user: Said second', 'user: Said third']);
});
