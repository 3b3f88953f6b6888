import { expect } from 'vitest';
import { verifies } from '../../verifies.ts';
import { startWorld } from './world.ts';

verifies('limits:drain', 'a process that must end gives its turn up: nothing is told, the bell goes to another', async () => {
  const world = await startWorld();
  const { ports, closing } = world;
  ports.model.next((_request, signal) => {
    closing.abort();
    return Promise.reject(signal?.reason instanceof Error ? signal.reason : new Error('The signal was not aborted'));
  });
  await world.say('Hello');

  await expect(world.wakeNow()).rejects.toMatchObject({ code: 'lease-lost' });
  const shown = world.shown();

  expect(shown).toEqual([]);
  expect(world.documents('message')).toMatchObject([{ dueAt: expect.any(Number) as number }]);
});
