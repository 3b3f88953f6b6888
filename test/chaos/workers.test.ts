import { expect, vi } from 'vitest';
import { runLoad } from '../../chaos/load.ts';
import { planBursts } from '../../chaos/messages.ts';
import { createRandom } from '../../sandbox/kit/random.ts';
import { sweep } from '../../chaos/sweep.ts';
import { createVoice } from '../../chaos/voice.ts';
import { until } from '../../chaos/world.ts';
import { verifies } from '../verifies.ts';
import { useWorld } from './chaos-world.ts';

vi.setConfig({ testTimeout: 300_000 });

const { world, write, expectSound } = useWorld({
  people: 24,
  instances: 2,
  environment: { MODEL_TIMEOUT_SECONDS: '25' },
  sandbox: { bellLockMs: 5_000 },
});
const freezeMs = 12_000;

// Where something is changed; \`npm run chaos -- --sweep freeze\` goes over all steps.
const changing = [
  ...['inbox document', 'bell', 'lease taken', 'model call', 'record of calls', 'vendor write'],
  ...['end batch', 'part sent', 'release', 'bell completed'],
];

verifies('chaos:frozen', 'before and after each step that changes something, while another takes over', async () => {
  const { missed } = await sweep(world(), {
    ...{ effect: 'freeze', freezeMs, atOnce: 10, gatherMs: 2_000, rounds: 4 },
    only: changing,
  });

  expect(missed).toEqual([]);
  await expectSound();
});

verifies('chaos:two-workers', async () => {
  const { sandbox } = world();
  const asked = () => sandbox.context.journal.entries('openai').length;
  sandbox.openai.speakWith(createVoice(createRandom(3), { repeatsIds: 1 }));
  const before = asked();
  const responses = { vendor: 'openai', match: { path: '/responses' } } as const;
  sandbox.context.faults.add({ ...responses, effect: 'freeze-before', freezeMs: freezeMs + 3_000 });

  write(['both']);
  await until(() => sandbox.context.applications.struck().some(({ vendor }) => vendor === 'openai'), 10_000);
  // The second worker asks while the first is frozen, and waits longer.
  sandbox.context.faults.add({ ...responses, effect: 'delay', delayMs: 10_000 });
  await until(() => asked() >= before + 2, 60_000);

  await expectSound();
  // All may be at rest before the frozen one's request is done.
  await until(() => asked() >= before + 3, 30_000);
  expect(asked()).toBeGreaterThanOrEqual(before + 3);
});

verifies('chaos:instances', async () => {
  await world().sandbox.addApplication();
  const from = world().typed.length;
  const bursts = planBursts(createRandom(9), { messages: 60, people: 24, from });

  await runLoad(world(), { seed: 9, bursts });

  await expectSound();
});
