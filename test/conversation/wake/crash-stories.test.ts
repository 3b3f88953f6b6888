import { expect } from 'vitest';
import { verifies } from '../../verifies.ts';
import { expectWell, play, playAtEveryCall } from './story.ts';

for (const how of ['before', 'after', 'late'] as const) {
  verifies('conversation:once', `a worker lost at any call (${how}) while more is said: both are answered once`, async () => {
    const struck = await playAtEveryCall(how, { interrupted: true });

    expect(struck).toContain('messenger.sendText');
  });

  verifies(
    'conversation:parked',
    `a worker lost at any call (${how}) of a turn that parks and goes on: told once, done once`,
    async () => {
      const struck = await playAtEveryCall(how, { bookings: 2, modelAwayAt: [2] });

      expect(struck.filter((call) => call === 'messenger.sendText')).toHaveLength(2);
    },
  );
}

verifies('conversation:once', 'a worker lost with its bell after any call: what is overdue is rung for', async () => {
  const struck = await playAtEveryCall('after', { losesBells: true });

  expect(struck).toContain('conversations.takeLease');
});

verifies('conversation:once', 'two workers lost, after any write and then after any call', async () => {
  const story = { bookings: 2, modelAwayAt: [2] };
  const writes = ['conversations.commit', 'bookings.create', 'checkpointer.put'];
  const firsts = (await playAtEveryCall('after', story)).flatMap((call, index) => (writes.includes(call) ? [index + 1] : []));
  let twice = 0;

  for (const first of firsts.slice(0, 6)) {
    for (let [second, wasReached] = [1, true]; wasReached; second += 1) {
      const ending = await play({
        ...story,
        fates: [
          { at: first, how: 'after' },
          { at: second, how: 'after' },
        ],
      });
      wasReached = ending.struck[1] !== undefined;
      twice += 1;
      await expectWell(ending);
    }
  }

  expect(twice).toBeGreaterThan(100);
});
