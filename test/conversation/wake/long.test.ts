import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { expect, vi } from 'vitest';
import type { ModelRequest } from '../../../shared/ports/model.ts';
import { asksFor } from '../../support/fakes/fake-model.ts';
import { verifies } from '../../verifies.ts';
import { ref, startWorld, type World } from './world.ts';

const timesUpMs = 4_000;

vi.setConfig({ testTimeout: 240_000 });

/** A conversation that goes on and on; what was is forgotten as it would be by its time to live, which each turn renews for the memory. */
async function startLong() {
  const rateLimits = { turnsPerHour: 1e9, tokensPerHour: 1e12 };
  // What limits a turn's time is let go when that time is over: soon, here.
  const world = await startWorld({ settings: { rateLimits, turnBudgetMs: timesUpMs, vendorTimeoutMs: timesUpMs } });
  const { model, messenger, conversations, bell } = world.ports;
  const isFolding = ({ instructions }: ModelRequest) => instructions.startsWith('Summarise');
  model.always((request) => {
    if (isFolding(request)) return { text: 'They talked about bookings.' };
    return request.items.at(-1)?.kind === 'user' ? asksFor(['list_bookings', {}]) : { text: 'Nothing is booked at the moment.' };
  });
  /** One turn; answers what it asked of the store, and how much the model was shown. */
  const turn = async () => {
    conversations.calls.length = 0;
    model.requests.length = 0;
    messenger.shown.length = 0;
    bell.rung.length = 0;
    world.lines.length = 0;
    await world.say('What is booked for me this week, and with whom?');
    await world.run();
    conversations.expire(ref);
    const asked = model.requests.filter((request) => !isFolding(request));
    return {
      store: [...conversations.calls].sort().join(' '),
      answers: messenger.shown.length,
      shown: asked.reduce((sum, { items }) => sum + JSON.stringify(items).length, 0),
      memory: JSON.stringify(world.documents('memory')).length,
    };
  };
  return { ...world, turn };
}

type Turn = Awaited<ReturnType<Awaited<ReturnType<typeof startLong>>['turn']>>;

verifies(
  ['cost:flat', 'cost:memory-flat'],
  'the 1,000th turn asks the store what the second did, shows the model no more than the 40th, and leaves nothing in memory',
  async () => {
    const { turn } = await startLong();
    const turns: Turn[] = [];
    const play = async (count: number) => {
      for (let played = 0; played < count; played += 1) turns.push(await turn());
      await new Promise((resolve) => setTimeout(resolve, timesUpMs));
      return heapBytes();
    };
    const largest = (from: number, to: number, field: 'shown' | 'memory') =>
      Math.max(...turns.slice(from, to).map((one) => one[field]));

    const before = await play(600);
    const grown = (await play(400)) - before;

    expect(turns[999]?.store).toBe(turns[1]?.store);
    expect(turns.every(({ answers }) => answers === 1)).toBe(true);
    expect(largest(900, 1_000, 'shown')).toBeLessThanOrEqual(largest(20, 60, 'shown') * 1.02);
    expect(largest(900, 1_000, 'memory')).toBeLessThanOrEqual(largest(20, 60, 'memory') * 1.02);
    // By then every bounded store is full; 400 turns that left three kilobytes each would show.
    expect(grown).toBeLessThan(1_200_000);
  },
);

verifies('cost:ttl', 'what a turn leaves behind expires: all but the lease and the preferences', async () => {
  const world: World = await startWorld();
  world.ports.model.next(asksFor(['book', { subject: 'Review' }]), { text: 'Here is what happened:' });
  await world.say('Book a review');
  await world.say('STOP');
  await world.run();

  const left = world.ports.conversations.documents(ref).filter(({ ttl }) => ttl === undefined);

  expect(left.map(({ type }) => type).sort()).toEqual(['lease', 'preferences']);
  expect(world.unfinished()).toEqual([]);
});

function heapBytes(): number {
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as () => void;
  collect();
  collect();
  return process.memoryUsage().heapUsed;
}
