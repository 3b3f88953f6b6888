import { expect } from 'vitest';
import { AppError } from '../../../shared/core/errors.ts';
import type { Settling } from '../../support/fakes/fake-bookings.ts';
import { verifies } from '../../verifies.ts';
import { createLife, type Fate } from '../wake/life.ts';
import { startCalls } from './calls.ts';

/** Asks with the fate at every call that the worker makes, one after the other; answers which those were. */
async function askAtEveryCall(how: Fate['how'], settling: Settling, deaths = 1): Promise<string[]> {
  const struck: string[] = [];
  for (;;) {
    const call = await askWith({ how, settling, deaths, at: struck.length + 1 });
    if (call === undefined) return struck;
    struck.push(call);
  }
}

async function askWith({
  deaths,
  settling,
  ...fate
}: Fate & { settling: Settling; deaths: number }): Promise<string | undefined> {
  const calls = startCalls({ settling });
  const { clock, bookings, audit } = calls;
  const error = new AppError('upstream', 'The answer is an error', { vendor: 'msgraph', maybeDone: fate.how !== 'refused' });
  const lives = Array.from({ length: deaths }, () => createLife(clock, { ...fate, error }));

  const { result } = await calls.insist({}, lives);
  const again = await calls.insist();
  // Whatever was on its way for longer than anybody worked has landed by now, and what was left is seen to.
  for (let minutes = 0; minutes < 5; minutes += 1) await calls.ringOverdue();
  await calls.pass(60_000);

  const about = `${fate.how} ${lives[0]?.struck() ?? ''}`;
  expect(again, about).toEqual({ result, repeated: true });
  expect(bookings.booked.length, about).toBeLessThanOrEqual(1);
  if (settling === 'never') expect(['done', 'unknown'], about).toContain(result.status);
  else expect([result.status, bookings.booked.length], about).toEqual(['done', 1]);
  if (result.status === 'done') expect(bookings.booked.length, about).toBe(1);
  expect(
    [...audit.lines.values()].map(({ detail }) => detail?.['status']),
    about,
  ).toEqual([result.status]);
  expect(await calls.ringOverdue(), about).toBe(0);
  return lives[0]?.struck();
}

const steps = [
  'ownLeases.open',
  'conversations.takeLease',
  'conversations.load',
  'conversations.commit',
  'bookings.create',
  'audit.append',
];

for (const how of ['before', 'after', 'late', 'refused', 'lost', 'overtaken'] as const) {
  for (const settling of ['look-up', 'repeat', 'never'] as const) {
    verifies('mcp:crash', `${how} at any call (${settling}): the same key finishes it, with one write`, async () => {
      expect(await askAtEveryCall(how, settling)).toEqual(expect.arrayContaining(steps));
    });
  }
}

verifies('mcp:crash', 'two workers lost one after the other are no more than one', async () => {
  expect(await askAtEveryCall('late', 'look-up', 2)).toEqual(expect.arrayContaining(steps));
});

verifies('mcp:crash', 'what kills every worker is given up at the fifth, and told as unknown', async () => {
  const { insist, clock, bookings } = startCalls();
  const lives = Array.from({ length: 9 }, () => createLife(clock, { at: 1, call: 'bookings.create', how: 'before' }));

  const { result } = await insist({}, lives);

  expect(result.status).toBe('unknown');
  expect(lives.filter((life) => life.struck() !== undefined)).toHaveLength(4);
  expect(bookings.booked).toEqual([]);
});
