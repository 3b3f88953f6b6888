import { expect } from 'vitest';
import { verifies } from '../../verifies.ts';
import { playAtEveryCall } from './story.ts';

for (const settling of ['look-up', 'repeat', 'never'] as const) {
  verifies('conversation:once', `a vendor that fails once at any call, undone (${settling}): one write, one answer`, async () => {
    const struck = await playAtEveryCall('refused', { settling });

    expect(struck).toEqual(expect.arrayContaining(['conversations.commit', 'bookings.create', 'messenger.sendText']));
  });

  verifies(
    'conversation:once',
    `an answer lost at any call, although it was done (${settling}): one write, one answer`,
    async () => {
      const struck = await playAtEveryCall('lost', { settling });

      expect(struck).toEqual(expect.arrayContaining(['conversations.commit', 'bookings.create', 'messenger.sendText']));
    },
  );
}

for (const how of ['refused', 'lost'] as const) {
  verifies('conversation:parked', `a call ${how} while the turn is parked and goes on: told once, done once`, async () => {
    const struck = await playAtEveryCall(how, { bookings: 2, modelAwayAt: [1, 3] });

    expect(struck).toContain('checkpointer.put');
  });
}

for (const settling of ['look-up', 'repeat'] as const) {
  verifies(
    'conversation:once',
    `an error at any call that comes before the call itself does (${settling}): one write, one answer`,
    async () => {
      const struck = await playAtEveryCall('overtaken', { settling });

      expect(struck).toEqual(expect.arrayContaining(['conversations.commit', 'bookings.create', 'messenger.sendText']));
    },
  );
}
