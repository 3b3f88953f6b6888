import { randomBytes, randomInt, randomUUID } from 'node:crypto';
import { sleep } from '../../core/retry.ts';
import type { Clock, Ids } from '../../ports/clock.ts';

export const systemClock: Clock = { now: () => Date.now(), sleep };

export const systemIds: Ids = {
  random: () => randomUUID().replaceAll('-', ''),
  secret: (bytes) => randomBytes(bytes).toString('base64url'),
  number: (below) => randomInt(below),
};
