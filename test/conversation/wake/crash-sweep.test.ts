import { expect } from 'vitest';
import { verifies } from '../../verifies.ts';
import { playAtEveryCall } from './story.ts';

/** The steps of a turn with one write; the calls between them are found by the sweep itself. */
const steps = [
  'conversations.takeLease',
  'conversations.load',
  'model.answer',
  'conversations.commit',
  'bookings.create',
  'messenger.sendText',
];

verifies(
  'conversation:once',
  'a worker lost at any call of a turn that is parked on its way: one write, one answer',
  async () => {
    const struck = await playAtEveryCall('after', { modelAwayAt: [2] });

    expect(struck).toEqual(expect.arrayContaining([...steps, 'checkpointer.put', 'checkpointer.getTuple']));
  },
);

for (const how of ['before', 'after', 'late'] as const) {
  for (const settling of ['look-up', 'repeat', 'never'] as const) {
    verifies('conversation:once', `a worker lost at any call (${how}, ${settling}): one write, one answer`, async () => {
      const struck = await playAtEveryCall(how, { settling });

      expect(struck).toEqual(expect.arrayContaining(steps));
    });
  }
}
