import { expect } from 'vitest';
import { createLeaseEnds } from '../../../shared/conversation/lease-ends.ts';
import { AppError } from '../../../shared/core/errors.ts';
import { asksFor } from '../../support/fakes/fake-model.ts';
import { verifies } from '../../verifies.ts';
import { phoneChat, startMerged, store } from './merging.ts';
import { ref, startWorld, type World } from './world.ts';

const minute = 60_000;
const away = new AppError('upstream', 'The model is away', { vendor: 'openai' });

/** Rings and works as the broker and the timer do, minute after minute; answers how many bells lay in the queue after each. */
async function live(world: World, minutes: number): Promise<number[]> {
  const { clock, ports } = world;
  const waiting: number[] = [];
  for (let passed = 0; passed < minutes; passed += 1) {
    await world.ringOverdue(0);
    const until = clock.now() + minute;
    await deliver(world, until);
    clock.set(until);
    waiting.push(ports.bell.rung.length);
  }
  return waiting;
}

/** What comes within the same two seconds comes at once: one works, and the others find it at work. */
async function deliver({ clock, ports, wakeNow }: World, until: number): Promise<void> {
  const at = ({ atMs = clock.now() }) => atMs;
  for (;;) {
    const [first] = ports.bell.rung.sort((a, b) => at(a) - at(b));
    if (!first || at(first) > until) return;
    clock.set(Math.max(clock.now(), at(first)));
    const together = ports.bell.rung.filter((bell) => at(bell) <= clock.now() + 2_000);
    for (const bell of together) ports.bell.rung.splice(ports.bell.rung.indexOf(bell), 1);
    await Promise.all(together.map(() => wakeNow()));
  }
}

const takings = ({ ports }: World) => ports.conversations.calls.filter((call) => call === 'takeLease').length;

/** A world whose only message is parked until further notice. */
async function startParked(waitMs: number): Promise<World & { dueAt: number }> {
  const world = await startWorld();
  world.ports.model.next(new AppError('upstream', 'The model is away', { vendor: 'openai', retryAfterMs: waitMs }));
  await world.say('Hello');
  await world.run([], { until: world.clock.now() });
  return { ...world, dueAt: world.clock.now() + waitMs };
}

verifies(
  'conversation:few-bells',
  'a model is away for three hours while the person writes on: all is answered then',
  async () => {
    const world = await startWorld();
    const { clock, ports } = world;
    const until = clock.now() + 180 * minute;
    ports.model.always(() => (clock.now() < until ? away : { text: 'All right.' }));
    await world.say('Hello');
    const waiting = await live(world, 2);
    for (const text of ['Are you there?', 'STOP', 'START', 'Well?']) {
      await world.say(text);
      waiting.push(...(await live(world, 20)));
    }
    waiting.push(...(await live(world, 100)));

    const later = await live(world, 30);

    expect(Math.max(...waiting)).toBeLessThanOrEqual(3);
    // Each minute's, that of the parked turn, and what met a lease.
    expect(takings(world)).toBeLessThan(300);
    // What was written an hour apart is not one turn.
    expect(world.shown().filter((text) => text === 'All right.')).toHaveLength(3);
    expect(world.unfinished()).toEqual([]);
    expect(later.at(-1)).toBe(0);
  },
);

verifies('conversation:few-bells', 'a bell that was lost with its worker is made up for within two minutes', async () => {
  const world = await startParked(10 * minute);
  world.ports.bell.rung.length = 0;
  // The timer runs whenever it does, not with the clock of what is parked.
  world.clock.advance(1_000);
  await live(world, 10);
  const shownBefore = world.shown();

  await live(world, 2);

  expect(shownBefore).toHaveLength(1);
  expect(world.shown().at(-1)).toBe('All right.');
  expect(world.unfinished()).toEqual([]);
});

verifies('conversation:few-bells', 'a bell that comes a little early, by clocks that differ, is rung again', async () => {
  const { clock, ports, dueAt, wakeNow, run, shown } = await startParked(10 * minute);
  ports.bell.rung.length = 0;
  clock.set(dueAt - 2_000);

  await wakeNow();

  expect(ports.bell.rung).toEqual([{ ref, atMs: dueAt }]);
  await run();
  expect(shown().at(-1)).toBe('All right.');
});

verifies('conversation:few-bells', 'who parks and cannot ring has its bell again, and rings then', async () => {
  const world = await startWorld();
  const { clock, ports } = world;
  ports.model.next(new AppError('upstream', 'The model is away', { vendor: 'openai', retryAfterMs: 10 * minute }));
  await world.say('Hello');
  const dueAt = clock.now() + 10 * minute;
  ports.bell.failWith(new AppError('upstream', 'The queue is away', { vendor: 'servicebus' }));
  await world.run([], { until: clock.now() });
  ports.bell.failWith(undefined);

  await world.run([], { until: clock.now() + minute });

  expect(ports.bell.rung).toEqual([{ ref, atMs: dueAt }]);
});

verifies('conversation:few-bells', 'a conversation at rest until later is not rung for by every bell that meets it', async () => {
  const world = await startWorld();
  const { clock, ports } = world;
  await world.say('Hello');
  const now = clock.now();
  const taking = await ports.conversations.takeLease(ref, { owner: 'a', until: now + 20_000, now });
  if (taking.kind !== 'taken') throw new Error('The lease is free');
  const notBefore = now + 10 * minute;
  await ports.conversations.commit(taking.lease, { after: { kind: 'release', notBefore, keepAttempts: true }, changes: [] });

  const waiting = await live(world, 9);
  const later = await live(world, 3);

  expect(Math.max(...waiting)).toBe(0);
  expect(world.shown()).toEqual(['All right.']);
  expect(later.at(-1)).toBe(0);
});

verifies(
  'conversation:few-bells',
  'a burst that meets a lease leaves one bell for its end, and another shortly before it',
  async () => {
    const world = await startWorld({ leaseEnds: createLeaseEnds() });
    const { clock, ports, wakeNow } = world;
    await world.say('Hello');
    const until = clock.now() + 20_000;
    await ports.conversations.takeLease(ref, { owner: 'a', until, now: clock.now() });
    const leftBy = async () => {
      ports.bell.rung.length = 0;
      await wakeNow();
      return ports.bell.rung.length;
    };

    const left = [await leftBy(), await leftBy(), await leftBy()];
    clock.set(until - 2_000);
    const leftAtLast = await leftBy();
    await live(world, 2);

    expect(left).toEqual([1, 0, 0]);
    expect(leftAtLast).toBe(1);
    expect(world.shown()).toEqual(['All right.']);
  },
);

verifies('conversation:few-bells', 'of very many conversations the first are forgotten, and rung for once more', () => {
  const ends = createLeaseEnds();
  const nth = (n: number) => ({ ...ref, conversationId: `c${n}` });

  for (let n = 0; n <= 10_000; n += 1) ends.noteRung(nth(n), n);

  expect([ends.hasRung(nth(0), 0), ends.hasRung(nth(1), 1), ends.hasRung(nth(1), 2)]).toEqual([false, true, false]);
});

verifies(
  'conversation:few-bells',
  'an audit trail that is away for hours is tried each minute, not ever more often',
  async () => {
    const world = await startWorld();
    const { ports } = world;
    ports.model.next(asksFor(['book', { subject: 'Review' }]), { text: 'Here is what happened:' });
    ports.audit.failWith(new AppError('upstream', 'Cosmos is away', { vendor: 'cosmos' }));
    await world.say('Book a review');
    const waiting = await live(world, 60);
    await world.say('Thank you');
    waiting.push(...(await live(world, 60)));
    const tried = takings(world);
    ports.audit.failWith(undefined);

    await live(world, 2);

    expect(Math.max(...waiting)).toBeLessThanOrEqual(1);
    expect(tried).toBeLessThan(130);
    expect(ports.audit.lines.size).toBe(1);
    expect(world.unfinished()).toEqual([]);
  },
);

verifies(
  'conversation:few-bells',
  'what waits for a former conversation that is parked does not ring ever more often',
  async () => {
    const world = await startMerged();
    const { clock, ports } = world;
    const until = clock.now() + 60 * minute;
    ports.model.always(() => (clock.now() < until ? away : { text: 'All right.' }));
    await store(world, 'Said first', phoneChat);
    await store(world, 'Said second', { ...ref, after: [phoneChat.conversationId] });
    const waiting: number[] = [];

    for (let passed = 0; passed < 75; passed += 1) {
      await world.ringOverdue(0);
      const next = clock.now() + minute;
      await world.work([], next);
      clock.set(next);
      waiting.push(ports.bell.rung.length);
    }

    expect(Math.max(...waiting)).toBeLessThanOrEqual(3);
    expect(world.shown().filter((text) => text === 'All right.')).toHaveLength(2);
    expect(waiting.at(-1)).toBe(0);
  },
);
