import { expect } from 'vitest';
import { createCallLimit } from '../../../shared/domain/limits/index.ts';
import { createFakeCallQuotas } from '../../support/fakes/fake-call-quotas.ts';
import { createFakeClock, impatient } from '../../support/fakes/fake-clock.ts';
import { createFakeIds } from '../../support/fakes/fake-ids.ts';
import { verifies } from '../../verifies.ts';

function start(perHour: number) {
  const [clock, callQuotas] = [createFakeClock(), createFakeCallQuotas()];
  const process = () => createCallLimit({ clock: impatient(clock), ids: createFakeIds(), callQuotas }, { perHour });
  return { clock, callQuotas, process };
}

/** Counts one after the other until it is refused; answers how many passed, and the refusal. */
async function countAll(count: () => Promise<void>, most = 1_000): Promise<{ passed: number; refusal?: unknown }> {
  for (let passed = 0; passed < most; passed += 1) {
    try {
      await count();
    } catch (refusal) {
      return { passed, refusal };
    }
  }
  return { passed: most };
}

verifies('mcp:hourly', 'processes share one hour’s worth of an account, and each account has its own', async () => {
  const { process } = start(60);
  const [one, other] = [process(), process()];

  const parts = await Promise.all([one, other].map((limit) => countAll(() => limit.count('ana'))));
  const ben = await countAll(() => other.count('ben'));

  expect(parts.reduce((sum, { passed }) => sum + passed, 0)).toBe(60);
  for (const { refusal } of parts) expect(refusal).toMatchObject({ code: 'rate-limited', retryAfterMs: 60_000 });
  expect(ben.passed).toBe(60);
});

verifies('mcp:hourly', 'who waits as long as they are told has one call more, and after an hour all of them', async () => {
  const { process, clock } = start(60);
  const limit = process();
  await countAll(() => limit.count('ana'));

  const known = limit.knownWaitMs('ana');
  clock.advance(known);
  const after = await countAll(() => limit.count('ana'));
  clock.advance(3_600_000);
  const hour = await countAll(() => limit.count('ana'));

  expect([known, after.passed, hour.passed]).toEqual([60_000, 1, 60]);
  expect(limit.knownWaitMs('ben')).toBe(0);
});

verifies('mcp:hourly', 'a dozen calls cost two requests, and who is refused costs none', async () => {
  const { process, callQuotas } = start(600);
  const limit = process();

  await Promise.all(Array.from({ length: 120 }, () => limit.count('ana')));
  const spent = callQuotas.requests();
  await countAll(() => limit.count('ana'));
  const before = callQuotas.requests();
  await countAll(() => limit.count('ana'));

  expect(spent).toBe(20);
  expect(callQuotas.requests()).toBe(before);
});

verifies('mcp:hourly', 'what nobody fetched anew is nobody’s: a process that comes back later asks the store', async () => {
  const { process, clock, callQuotas } = start(600);
  const limit = process();
  await limit.count('ana');

  clock.advance(11 * 60_000);
  await limit.count('ana');

  expect(callQuotas.requests()).toBe(4);
});
