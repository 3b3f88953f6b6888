import { expect } from 'vitest';
import { wake } from '../../../shared/conversation/wake.ts';
import { AppError } from '../../../shared/core/errors.ts';
import type { ModelAnswer } from '../../../shared/ports/model.ts';
import { asksFor } from '../../support/fakes/fake-model.ts';
import { verifies } from '../../verifies.ts';
import { createLife } from './life.ts';
import { ref, startWorld } from './world.ts';

/** An answer that is given when the test says so. */
function held() {
  let give = (_answer: Partial<ModelAnswer>): void => undefined;
  const answer = new Promise<Partial<ModelAnswer>>((resolve) => {
    give = resolve;
  });
  return { answer: () => answer, give: (given: Partial<ModelAnswer>) => give(given) };
}

verifies('conversation:once', 'an extra bell finds nothing due, changes nothing and rings no other', async () => {
  const world = await startWorld();
  const { ports } = world;
  await world.say('Hello');
  await world.run();
  const quiet = world.ports.conversations.documents(ref).filter(({ type }) => type !== 'lease');

  for (let extra = 0; extra < 3; extra += 1) await world.wakeNow();

  expect(ports.conversations.documents(ref).filter(({ type }) => type !== 'lease')).toEqual(quiet);
  expect(world.lease()).toMatchObject({ owner: null, attempts: 0 });
  expect(world.lease()?.dueAt).toBeUndefined();
  expect(ports.bell.rung).toEqual([]);
  expect([ports.model.requests.length, world.shown().length]).toEqual([1, 1]);
});

verifies('conversation:once', 'a bell during a turn is put off until after its lease, and wakes nobody twice', async () => {
  const world = await startWorld();
  const { ports, clock } = world;
  const { answer, give } = held();
  ports.model.next(answer);
  await world.say('Hello');
  const working = world.wakeNow();
  await expect.poll(() => ports.model.requests.length).toBe(1);
  const before = ports.conversations.documents(ref);
  ports.bell.rung.length = 0;

  await world.wakeNow();

  expect(ports.conversations.documents(ref)).toEqual(before);
  expect(ports.bell.rung).toEqual([{ ref, atMs: clock.now() + 20_000 + 100 }]);
  give({ text: 'Good morning.' });
  await working;
  await world.run();
  expect(world.shown()).toEqual(['Good morning.']);
  expect(world.unfinished()).toEqual([]);
});

verifies('conversation:once', 'many workers at one moment: one works, the others wait, and all come to rest', async () => {
  const world = await startWorld();
  world.ports.model.always(({ items }) =>
    items.at(-1)?.kind === 'result' ? { text: 'Here is what happened:' } : asksFor(['book', { subject: 'Review' }]),
  );
  await world.say('Book a review');

  const ended = await Promise.allSettled(Array.from({ length: 5 }, () => world.wakeNow()));
  await world.run();

  expect(ended.map(({ status }) => status)).toEqual(Array.from({ length: 5 }, () => 'fulfilled'));
  expect(world.bookings.booked).toHaveLength(1);
  expect(world.shown()).toEqual(['Here is what happened:\n\n✓ Booked: Review']);
  expect(world.unfinished()).toEqual([]);
});

verifies('conversation:once', 'a message repeated while its turn is under way, and after it, is answered once', async () => {
  const world = await startWorld();
  const { ports } = world;
  const { answer, give } = held();
  ports.model.next(answer);
  await world.say('Hello');
  const [message] = world.documents('message');
  const repeat = () => message && ports.conversations.storeMessage(message);
  const working = world.wakeNow();
  await expect.poll(() => ports.model.requests.length).toBe(1);

  const repeats = [await repeat()];
  give({ text: 'Good morning.' });
  await working;
  repeats.push(await repeat());
  await world.wakeNow();
  await world.run();

  expect(repeats).toEqual(['seen', 'seen']);
  expect(world.shown()).toEqual(['Good morning.']);
});

verifies('conversation:once', 'what is said during a turn is the next one', async () => {
  const world = await startWorld();
  const { ports } = world;
  const { answer, give } = held();
  ports.model.next(answer, { text: 'And to you.' });
  await world.say('Hello');
  const working = world.wakeNow();
  await expect.poll(() => ports.model.requests.length).toBe(1);
  await world.say('Good morning');

  give({ text: 'Hello.' });
  await working;
  await world.run();

  expect(world.shown()).toEqual(['Hello.', 'And to you.']);
  expect(world.unfinished()).toEqual([]);
});

verifies('conversation:once', 'a bell for a conversation that does not exist is told and over', async () => {
  const world = await startWorld();

  await wake(world.workOf(createLife(world.clock)), { workspace: 'acme', conversationId: 'acme:nobody' });

  expect(world.ports.bell.rung).toEqual([]);
  expect(world.lines.join()).toContain('wake.no-conversation');
  expect(world.ports.conversations.documents({ workspace: 'acme', conversationId: 'acme:nobody' })).toEqual([]);
});

verifies(
  'conversation:once',
  'a worker that lost its lease while it asked the model writes, says and sends nothing',
  async () => {
    const world = await startWorld();
    const { ports, clock, bookings } = world;
    const { answer, give } = held();
    ports.model.next(answer, { text: 'From the second worker.' });
    await world.say('Book a review');
    const frozen = world.wakeNow();
    await expect.poll(() => ports.model.requests.length).toBe(1);

    clock.advance(21_000);
    await world.run();
    give(asksFor(['book', { subject: 'From the first worker' }]));
    await frozen;

    expect(world.shown()).toEqual(['From the second worker.']);
    expect(bookings.booked).toEqual([]);
    expect(world.lines.join()).toContain('wake.lease-lost');
    expect(world.unfinished()).toEqual([]);
  },
);

verifies(
  'conversation:once',
  'where not even parking can be stored, the bell comes again and the message is answered',
  async () => {
    const world = await startWorld();
    const { ports } = world;
    const down = new AppError('upstream', 'cosmos is not there', { vendor: 'cosmos' });
    // The last batch and its two repeats, and the parking.
    ports.conversations.failNext('commit', down, { times: 4 });
    await world.say('Hello');

    await expect(world.wakeNow()).rejects.toBe(down);
    ports.bell.rung.push({ ref, atMs: world.clock.now() + 30_000 });
    await world.run();

    expect(world.shown()).toEqual(['All right.']);
    expect(world.unfinished()).toEqual([]);
  },
);
