import { expect } from 'vitest';
import { AppError } from '../../shared/core/errors.ts';
import { ref, replyOf } from '../contract/conversations/implementations.ts';
import { verifies } from '../verifies.ts';
import { startHolding, times } from './holding.ts';

const down = new AppError('upstream', 'cosmos is away');
const lost = { code: 'lease-lost' };

verifies('conversation:lease', 'while a vendor is waited for, beats keep it', async () => {
  const { held, lease, pass, clock, commits } = await startHolding();

  await pass(60_000);

  expect(commits()).toBe(Math.floor(60_000 / times.beatMs));
  expect(lease().until).toBeGreaterThan(clock.now() + times.leaseMs - times.beatMs - 1_000);
  expect(held.signal.aborted).toBe(false);
});

verifies('conversation:lease', 'a batch extends it, and the next beat comes that much later', async () => {
  const { held, pass, commits } = await startHolding();

  for (let second = 0; second < 12; second += 1) {
    await pass(5_000);
    await held.commit([]);
  }

  expect(commits()).toBe(12);
});

verifies(
  'conversation:lease',
  'taken by another, it is lost at the next beat: what waits under it stops, and nothing is written',
  async () => {
    const { held, takeAway, pass, lease, commits } = await startHolding();
    await takeAway();

    await pass(times.beatMs);
    const commitsThen = commits();
    await pass(60_000);

    expect(held.signal.aborted).toBe(true);
    expect(held.signal.reason).toMatchObject(lost);
    expect(() => held.ensureTime()).toThrow('Too little of the lease');
    expect(commits(), 'no beat comes after the loss').toBe(commitsThen);
    expect(lease().owner).toBe('b'.repeat(32));
  },
);

verifies('conversation:lease', 'a batch that finds it lost says so and ends the beats', async () => {
  const { held, takeAway, conversations } = await startHolding();
  await takeAway();

  await expect(held.commit([{ kind: 'create', document: replyOf('r1') }])).rejects.toMatchObject(lost);
  expect(held.signal.aborted).toBe(true);
  expect(conversations.document(ref, 'r1')).toBeUndefined();
});

verifies('conversation:lease', 'with less than three seconds left nothing begins; a moment more and it does', async () => {
  const { held, conversations, pass } = await startHolding();
  conversations.failNext('commit', down, { times: 10 });

  await pass(times.leaseMs - times.marginMs);
  expect(() => held.ensureTime()).not.toThrow();
  await pass(250);

  expect(() => held.ensureTime()).toThrow('Too little of the lease');
});

verifies('conversation:lease', 'beats that fail are repeated, and it is held again once one succeeds', async () => {
  const { held, conversations, pass, clock, lease } = await startHolding();
  conversations.failNext('commit', down);

  await pass(2 * times.beatMs + 1_000);

  expect(held.signal.aborted).toBe(false);
  expect(lease().until).toBeGreaterThan(clock.now() + 10_000);
  expect(() => held.ensureTime()).not.toThrow();
});

verifies('conversation:lease', 'beats that fail until its end lose it, though nobody took it', async () => {
  const { held, conversations, pass } = await startHolding();
  conversations.failNext('commit', down, { times: 10 });

  await pass(times.leaseMs + times.beatMs);

  expect(held.signal.reason).toMatchObject(lost);
});

verifies('conversation:lease', 'letting go is the last act: no beat, no write, and it is free', async () => {
  const { held, pass, lease, commits } = await startHolding();

  await held.release([{ kind: 'create', document: replyOf('r1') }]);
  const after = commits();
  await pass(30_000);

  expect(commits()).toBe(after);
  expect(lease()).toMatchObject({ owner: null, until: 0, attempts: 0 });
  expect(() => held.ensureTime()).toThrow('Too little of the lease');
});

verifies(
  'conversation:lease',
  'a worker that gives up leaves it as it is, even if a beat of its own fails after that',
  async () => {
    const { held, conversations, pass, lease } = await startHolding();
    const before = lease();
    const { commit } = conversations;
    const answer = Promise.withResolvers<undefined>();
    conversations.commit = () => answer.promise;

    await pass(times.beatMs);
    held.abandon();
    conversations.commit = commit;
    answer.reject(down);
    await pass(60_000);

    expect(lease()).toEqual(before);
  },
);

verifies('conversation:lease', 'batches go one after the other, in the order they were asked for', async () => {
  const { held, conversations } = await startHolding();
  const ids = Array.from({ length: 5 }, (_, index) => `r${index}`);

  await Promise.all(ids.map((id) => held.commit([{ kind: 'create', document: replyOf(id) }])));

  const created = conversations.documents(ref).flatMap((document) => (document.type === 'reply' ? [document.id] : []));
  expect(created).toEqual(ids);
});
