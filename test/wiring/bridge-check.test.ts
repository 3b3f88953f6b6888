import { expect, onTestFinished } from 'vitest';
import { AppError } from '../../shared/core/errors.ts';
import { setLogSink } from '../../shared/telemetry/index.ts';
import { createBridgeCheck } from '../../shared/wiring/bridge-check.ts';
import { verifies } from '../verifies.ts';

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
  const refused = createBridgeCheck(bridge(false), { withoutIds: false });
  const known = createBridgeCheck(bridge(false), { withoutIds: true });
  const good = createBridgeCheck(bridge(true), { withoutIds: false });

  await Promise.all([known.check(), good.check()]);

  await expect(refused.check()).rejects.toMatchObject({
    code: 'settings',
    message: expect.stringContaining('WAHA_WITHOUT_IDS') as string,
  });
  expect([known.keepsIds(), good.keepsIds()]).toEqual([false, true]);
});

verifies('conversation:bridge-checked', 'one that does not answer is asked again', async () => {
  const check = createBridgeCheck(bridge(new AppError('upstream', 'away'), false), { withoutIds: true });

  await check.check();
  const first = check.keepsIds();
  await check.check();

  expect([first, check.keepsIds()]).toEqual([true, false]);
});
