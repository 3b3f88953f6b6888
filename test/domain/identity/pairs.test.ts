import { expect, onTestFinished } from 'vitest';
import { setLogSink } from '../../../shared/telemetry/index.ts';
import { verifies } from '../../verifies.ts';
import { byBoth, byLid, byPhone, lid, phone, seeded, startPairs, type Names } from './pairs.ts';

const orders: readonly (readonly Names[])[] = [
  [byLid, byPhone, byBoth],
  [byLid, byBoth, byPhone],
  [byPhone, byLid, byBoth],
  [byPhone, byBoth, byLid],
  [byBoth, byLid, byPhone],
  [byBoth, byPhone, byLid],
];

verifies('conversation:identity-pairs', 'in every order: once both names came together there is one conversation', async () => {
  for (const order of orders) {
    const { write, clock, identityOf } = startPairs();
    for (const [index, names] of order.entries()) {
      await write(names, `3EB0${index}`);
      clock.advance(1_000);
    }

    const after = [await write(byLid, 'X1'), await write(byPhone, 'X2'), await write(byBoth, 'X3')];

    const first = identityOf(order[0] ?? byLid);
    expect(new Set(after.map(({ conversationId }) => conversationId)), JSON.stringify(order)).toEqual(
      new Set([first?.conversationId]),
    );
    expect([identityOf(byLid)?.pair, identityOf(byPhone)?.pair]).toEqual([identityOf(byPhone)?.id, identityOf(byLid)?.id]);
  }
});

verifies(
  'conversation:identity-pairs',
  'the bridge knows the other name at first contact: one conversation from the start',
  async () => {
    for (const [first, second] of [
      [byLid, byPhone],
      [byPhone, byLid],
    ] as const) {
      const { write, messenger } = startPairs();
      messenger.pairs.set(lid, phone);

      const answers = [await write(first, 'A'), await write(second, 'B')];

      expect(new Set(answers.map(({ conversationId }) => conversationId)).size).toBe(1);
    }
  },
);

verifies('conversation:identity-pairs', 'a bridge that fails or hangs costs the other name, not the message', async () => {
  onTestFinished(setLogSink(() => undefined));
  const { write, messenger } = startPairs();
  messenger.lookUpIdentity = () => Promise.reject(new Error('down'));
  const failed = await write(byLid, 'A');
  messenger.lookUpIdentity = (_known, signal) =>
    new Promise((_, reject) => signal?.addEventListener('abort', () => reject(signal.reason as Error)));

  const hung = await write({ phone: '+15550100002' }, 'B');

  expect([failed.outcome, hung.outcome]).toEqual(['stored', 'stored']);
});

verifies('conversation:identity-pairs', 'one message under both names, however its webhooks cross, is stored once', async () => {
  const problems: number[] = [];
  for (let seed = 1; seed <= 400; seed += 1) {
    const { write, messenger } = startPairs(seed);
    const random = seeded(seed * 7);
    if (random() < 0.3) messenger.pairs.set(lid, phone);
    const before = [byLid, byPhone, byBoth].filter(() => random() < 0.4);
    for (const [index, names] of before.entries()) await write(names, `before${index}`);
    const twins = Array.from({ length: 2 + Math.floor(random() * 4) }, () => [byLid, byPhone, byBoth][Math.floor(random() * 3)]);
    const others = [byLid, byPhone, byBoth].filter(() => random() < 0.5);

    const outcomes = await Promise.all([
      ...twins.map((names) => write(names ?? byBoth, 'TWIN')),
      ...others.map((names, index) => write(names, `other${index}`)),
    ]);

    const stored = outcomes.slice(0, twins.length).filter(({ outcome }) => outcome === 'stored');
    if (stored.length !== 1) problems.push(seed);
  }

  expect(problems).toEqual([]);
});

verifies('conversation:identity-pairs', 'a repeat that comes hours after its two conversations became one is seen', async () => {
  const { write, clock } = startPairs();
  await write(byLid, 'older');
  clock.advance(1_000);
  await write(byPhone, 'TWIN');
  await write(byBoth, 'joined');
  clock.advance(5 * 3_600_000);

  expect((await write(byBoth, 'TWIN')).outcome).toBe('seen');
});

verifies('conversation:identity-pairs', 'however they cross, everybody ends in one conversation', async () => {
  for (let seed = 1; seed <= 200; seed += 1) {
    const { write } = startPairs(seed);
    const random = seeded(seed);
    const names = Array.from({ length: 6 }, () => [byLid, byPhone, byBoth][Math.floor(random() * 3)] ?? byBoth);

    await Promise.all(names.map((one, index) => write(one, `m${index}`)));
    const settled = await write(byBoth, 'last');
    const after = await Promise.all([write(byLid, 'A'), write(byPhone, 'B'), write(byBoth, 'C')]);

    expect(new Set([settled, ...after].map(({ conversationId }) => conversationId)).size, `seed ${seed}`).toBe(1);
  }
});
