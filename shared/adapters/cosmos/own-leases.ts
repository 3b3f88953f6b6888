import type { OwnLeases } from '../../ports/own-leases.ts';
import type { Cosmos } from './client.ts';
import { statusOf, toAppError } from './errors.ts';
import { newLease } from './lease.ts';
import { abortedBy } from './select.ts';

/** They lie beside the conversations, each in a partition of its own: what holds for a lease there holds for these. */
export function createCosmosOwnLeases(cosmos: Cosmos): OwnLeases {
  const container = cosmos.container('conversations');
  return {
    async open(ref, { ttlSeconds }, signal) {
      try {
        await container.items.create({ ...newLease(ref), ttl: ttlSeconds }, abortedBy(signal));
      } catch (error) {
        if (statusOf(error) !== 409) throw toAppError(error, 'open a lease');
      }
    },
  };
}
