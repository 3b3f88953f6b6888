import { expect } from 'vitest';
import { AppError } from '../../../shared/core/errors.ts';
import { linesOf } from '../../support/fakes/fake-model.ts';
import { verifies } from '../../verifies.ts';
import { phoneChat, startMerged, store } from './merging.ts';
import { ref, type World } from './world.ts';

const away = new AppError('upstream', 'The model is away', { vendor: 'openai' });

/** Ana wrote under her phone, then under her lid; the two became one conversation. */
async function startBoth(): ReturnType<typeof startMerged> {
  const world = await startMerged();
  await store(world, 'Said first', phoneChat);
  await store(world, 'Said second', { ...ref, after: [phoneChat.conversationId] });
  return world;
}

const questions = (world: World) => world.ports.model.requests.map((request) => linesOf(request).at(-1));

verifies(
  'conversation:merge-order',
  'what is due in the conversation that was merged into this one is worked off first',
  async () => {
    const world = await startBoth();

    await world.work();

    expect(questions(world)).toEqual(['user: Said first', 'user: Said second']);
    expect(world.shown()).toEqual(['All right.', 'All right.']);
  },
);

verifies('conversation:merge-order', 'what is parked there is waited for, without ringing all the while', async () => {
  const world = await startBoth();
  world.ports.model.next(away, away);

  await world.work();

  expect(questions(world)).toEqual(['user: Said first', 'user: Said first', 'user: Said first', 'user: Said second']);
  expect(world.ports.conversations.calls.filter((call) => call === 'takeLease').length).toBeLessThan(20);
});

verifies('conversation:merge-order', 'what was said there later does not hold up what was said here before', async () => {
  const world = await startBoth();
  await world.work();
  await store(world, 'Said third', { ...ref, after: [phoneChat.conversationId] });
  await store(world, 'Said fourth', phoneChat);

  await world.work();

  expect(questions(world)).toEqual(['user: Said first', 'user: Said second', 'user: Said third']);
});
