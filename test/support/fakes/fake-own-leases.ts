import type { OwnLeases } from '../../../shared/ports/own-leases.ts';
import type { FakeConversations } from './fake-conversations.ts';

/** Leases of their own, beside the conversations in memory. */
export function createFakeOwnLeases(conversations: Pick<FakeConversations, 'openLease'>): OwnLeases {
  return {
    async open(ref, { ttlSeconds }) {
      await Promise.resolve();
      conversations.openLease(ref, ttlSeconds);
    },
  };
}
