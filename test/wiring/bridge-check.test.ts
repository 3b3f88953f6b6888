import { expect, onTestFinished } from 'vitest';
import { AppError } from '../../shared/core/errors.ts';
import { setLogSink } from '../../shared/telemetry/index.ts';
import { createBridgeCheck } from '../../shared/wiring/bridge-check.ts';
import { verifies } from '../verifies.ts';

const clock = { now: () => 0 };

function bridge(...answers: (boolean | Error)[]) {
  onTestFinished(setLogSink(() => undefined));
  return {
    status() {
      const answer = answers.length > 1 ? answers.shift() : answers[0];
      if (typeof answer !== 'boolean') return Promise.reject(answer ?? new Error('nobody answers'));
      return Promise.resolve({ version: '2026.2.1', engine: 'GOWS', state: 'WORKING', keepsIds: answer });
    },
  };
}

verifies('conversation:bridge-checked', 'a bridge that keeps no ids is refused, unless it is known to keep none', async () => {
  const refused = createBridgeCheck(bridge(false), { withoutIds: false, clock });
  const known = createBridgeCheck(bridge(false), { withoutIds: true, clock });
  const good = createBridgeCheck(bridge(true), { withoutIds: false, clock });

  await Promise.all([known.check(), good.check()]);

  await expect(refused.check()).rejects.toMatchObject({
    code: 'settings',
    message: expect.stringContaining('WAHA_WITHOUT_IDS') as string,
  });
  expect([known.keepsIds(), good.keepsIds()]).toEqual([false, true]);
});

verifies(
  'conversation:bridge-checked',
  'one that does not answer is asked again after half a minute, and not before',
  async () => {
    const at = { now: 0 };
    const answers = bridge(new AppError('upstream', 'away'), false);
    const check = createBridgeCheck(answers, { withoutIds: true, clock: { now: () => at.now } });
    const known = [];

    for (at.now of [0, 29_999, 30_000]) {
      await check.check();
      known.push(check.keepsIds());
    }

    expect(known).toEqual([true, true, false]);
  },
);

verifies('conversation:bridge-checked', 'bells that come at once wait for one check of a bridge that hangs', async () => {
  onTestFinished(setLogSink(() => undefined));
  let asked = 0;
  let answer = (_error: Error) => {};
  const hanging = {
    status() {
      asked += 1;
      return new Promise<never>((_resolve, reject) => (answer = reject));
    },
  };
  const check = createBridgeCheck(hanging, { withoutIds: false, clock });

  const bells = [check.check(), check.check(), check.check()];
  answer(new AppError('timeout', 'waha took too long'));
  await Promise.all([...bells, check.check()]);

  expect([asked, check.keepsIds()]).toEqual([1, true]);
});
