import { expect, onTestFinished } from 'vitest';
import { createOperation } from '../../shared/conversation/operation.ts';
import { AppError } from '../../shared/core/errors.ts';
import type { VendorWrite } from '../../shared/ports/operation.ts';
import { setLogSink } from '../../shared/telemetry/index.ts';
import { createFakeClock, impatient } from '../support/fakes/fake-clock.ts';
import { verifies } from '../verifies.ts';

const unknown = new AppError('upstream', 'the connection broke', { maybeDone: true });
const refusedAtOnce = new AppError('upstream', 'connection refused');

/** A vendor that doubles whatever it is sent twice, and an operation on it. */
function start(options: { resumed?: boolean; settle: 'repeat' | 'never' | 'look-up'; noTime?: () => boolean }) {
  const lines: string[] = [];
  onTestFinished(setLogSink((_level, line) => lines.push(line)));
  const [done, keys]: [string[], string[]] = [[], []];
  const outcomes: { fails: AppError; done: boolean }[] = [];
  const [lost, timeIsUp] = [new AbortController(), new AbortController()];
  const underWay = new Set<Promise<unknown>>();
  const attempt = { mayBeDone: options.resumed ?? false };
  const write: VendorWrite<string> = {
    perform(key) {
      keys.push(key);
      const outcome = outcomes.shift();
      if (outcome?.done !== false) done.push(key);
      return outcome ? Promise.reject(outcome.fails) : Promise.resolve(`done ${key}`);
    },
    settle:
      options.settle === 'look-up' ? (key) => Promise.resolve(done.includes(key) ? `found ${key}` : undefined) : options.settle,
  };
  const ensureTime = () => {
    if (options.noTime?.() === true) throw new AppError('lease-lost', 'no time');
  };
  const operation = createOperation({
    held: { ensureTime, signal: lost.signal },
    clock: impatient(createFakeClock()),
    timeIsUp: timeIsUp.signal,
    underWay,
    keyOf: (name) => `key-of-${name}`,
    resumed: options.resumed ?? false,
    attempt,
    timeoutMs: 1_000,
  });
  return { operation, write, done, keys, outcomes, lines, timeIsUp, underWay, attempt };
}

const key = 'key-of-create';

verifies('conversation:writes-settle', 'a write is performed once, with the key of its place', async () => {
  for (const settle of ['repeat', 'never', 'look-up'] as const) {
    const { operation, write, done } = start({ settle });

    expect(await operation.run('create', write)).toBe(`done ${key}`);
    expect(done).toEqual([key]);
  }
});

verifies(
  'conversation:writes-settle',
  'an unknown outcome is looked up: found, it is the result; not found, it is repeated and counted',
  async () => {
    const found = start({ settle: 'look-up' });
    found.outcomes.push({ fails: unknown, done: true });
    const absent = start({ settle: 'look-up' });
    absent.outcomes.push({ fails: unknown, done: false });

    const results = [await found.operation.run('create', found.write), await absent.operation.run('create', absent.write)];

    expect(results).toEqual([`found ${key}`, `done ${key}`]);
    expect([found.done, absent.done]).toEqual([[key], [key]]);
    expect(absent.lines.filter((line) => line.includes('write.repeated'))).toHaveLength(1);
    expect(found.lines.filter((line) => line.includes('write.repeated'))).toEqual([]);
  },
);

verifies('conversation:writes-settle', 'what the vendor folds is repeated under the same key', async () => {
  const { operation, write, keys, outcomes } = start({ settle: 'repeat' });
  outcomes.push({ fails: unknown, done: true });

  await operation.run('create', write);

  expect(keys).toEqual([key, key]);
});

verifies('conversation:writes-settle', 'what cannot be recognised is never repeated: its outcome stays unknown', async () => {
  const { operation, write, keys, outcomes } = start({ settle: 'never' });
  outcomes.push({ fails: unknown, done: true });

  await expect(operation.run('create', write)).rejects.toMatchObject({ code: 'unknown-outcome', retryable: false });
  expect(keys).toEqual([key]);
});

verifies('conversation:writes-settle', 'what surely was not done is told as it is: the turn may try again later', async () => {
  for (const settle of ['repeat', 'never', 'look-up'] as const) {
    const { operation, write, done, outcomes } = start({ settle });
    outcomes.push({ fails: refusedAtOnce, done: false });

    await expect(operation.run('create', write)).rejects.toBe(refusedAtOnce);
    expect(done).toEqual([]);
  }
});

verifies('conversation:writes-settle', 'taken over from an earlier worker: settled before anything is performed', async () => {
  const landed = start({ settle: 'look-up', resumed: true });
  landed.done.push(key);
  const absent = start({ settle: 'look-up', resumed: true });
  const never = start({ settle: 'never', resumed: true });
  const folded = start({ settle: 'repeat', resumed: true });

  expect(await landed.operation.run('create', landed.write)).toBe(`found ${key}`);
  expect(await absent.operation.run('create', absent.write)).toBe(`done ${key}`);
  await expect(never.operation.run('create', never.write)).rejects.toMatchObject({ code: 'unknown-outcome' });
  expect(await folded.operation.run('create', folded.write)).toBe(`done ${key}`);
  expect([landed.keys, absent.keys, never.keys, folded.keys]).toEqual([[], [key], [], [key]]);
});

verifies('conversation:writes-settle', 'a look-up that fails is no licence to write', async () => {
  const { operation, write, keys, outcomes } = start({ settle: 'look-up' });
  outcomes.push({ fails: unknown, done: true });
  const blind: VendorWrite<string> = { ...write, settle: () => Promise.reject(unknown) };

  await expect(operation.run('create', blind)).rejects.toBe(unknown);
  expect(keys).toEqual([key]);
});

verifies('conversation:writes-settle', 'whether something may have been done is known at any time', async () => {
  const refused = new AppError('forbidden', 'Not in this room');
  const failing = { fails: refused, done: false };
  const after = async (given: Parameters<typeof start>[0], ...outcomes: { fails: AppError; done: boolean }[]) => {
    const { operation, write, attempt, outcomes: next } = start(given);
    next.push(...outcomes);
    await operation.run('create', write).catch(() => undefined);
    return attempt.mayBeDone;
  };

  expect(await after({ settle: 'look-up' }, failing)).toBe(false);
  expect(await after({ settle: 'look-up', resumed: true }, failing)).toBe(false);
  expect(await after({ settle: 'look-up' }, { fails: unknown, done: false }, failing)).toBe(false);
  expect(await after({ settle: 'look-up' }, { fails: unknown, done: false }, { fails: unknown, done: false })).toBe(true);
  expect(await after({ settle: 'repeat' }, { fails: unknown, done: true }, failing)).toBe(true);
  expect(await after({ settle: 'repeat', resumed: true }, failing)).toBe(true);
  expect(await after({ settle: 'never', resumed: true })).toBe(true);
  expect(await after({ settle: 'look-up' })).toBe(true);
});

verifies('conversation:writes-settle', 'with too little of the lease left nothing begins, a repeat neither', async () => {
  let checks = 0;
  const early = start({ settle: 'repeat', noTime: () => true });
  const late = start({ settle: 'repeat', noTime: () => ++checks > 1 });
  late.outcomes.push({ fails: unknown, done: true });

  await expect(early.operation.run('create', early.write)).rejects.toMatchObject({ code: 'lease-lost' });
  await expect(late.operation.run('create', late.write)).rejects.toMatchObject({ code: 'lease-lost' });
  expect([early.keys, late.keys]).toEqual([[], [key]]);
});

verifies(
  'conversation:writes-settle',
  'a write under way is known until it ends, and none begins once the time of the turn is up',
  async () => {
    const { operation, write, done, underWay, timeIsUp } = start({ settle: 'repeat' });
    let finish: () => void = () => undefined;
    const slow: VendorWrite<string> = { ...write, perform: () => new Promise((resolve) => (finish = () => resolve('slow'))) };

    const running = operation.run('create', slow);
    await Promise.resolve();
    const during = underWay.size;
    finish();
    await running;
    timeIsUp.abort();

    expect([during, underWay.size]).toEqual([1, 0]);
    await expect(operation.run('create', write)).rejects.toMatchObject({ code: 'timeout', maybeDone: false });
    expect(done).toEqual([]);
  },
);
