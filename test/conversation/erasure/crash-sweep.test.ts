import { expect } from 'vitest';
import { verifies } from '../../verifies.ts';
import { playAtEveryCall, steps } from './play.ts';

for (const how of ['before', 'after', 'late'] as const) {
  verifies('conversation:erasure', `a worker lost at any call (${how}): all is erased, told once`, async () => {
    const struck = await playAtEveryCall(how);

    expect(struck).toEqual(expect.arrayContaining(steps));
  });
}

verifies('conversation:erasure', 'a worker lost with its bell after any call: what is overdue is rung for', async () => {
  const struck = await playAtEveryCall('after', { losesBells: true });

  expect(struck).toEqual(expect.arrayContaining(steps));
});
