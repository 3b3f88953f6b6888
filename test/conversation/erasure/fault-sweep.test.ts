import { expect } from 'vitest';
import { verifies } from '../../verifies.ts';
import { playAtEveryCall, steps } from './play.ts';

for (const how of ['refused', 'lost', 'overtaken'] as const) {
  verifies('conversation:erasure', `an answer that fails once at any call (${how}): all is erased, told once`, async () => {
    const struck = await playAtEveryCall(how);

    expect(struck).toEqual(expect.arrayContaining(steps));
  });
}
