import type { ConversationRef } from '../ports/bell.ts';

/**
 * The ends of leases that this process has rung for. One bell for each is enough, for the broker keeps it: else every
 * message of a burst that meets a lease would leave a bell that wakes nobody.
 */
export interface LeaseEnds {
  hasRung(ref: ConversationRef, untilMs: number): boolean;
  noteRung(ref: ConversationRef, untilMs: number): void;
}

// The oldest are forgotten, and rung for once more.
const maxKept = 10_000;

export function createLeaseEnds(): LeaseEnds {
  const ends = new Map<string, number>();
  const keyOf = ({ workspace, conversationId }: ConversationRef) => `${workspace} ${conversationId}`;
  return {
    hasRung: (ref, untilMs) => ends.get(keyOf(ref)) === untilMs,
    noteRung(ref, untilMs) {
      const key = keyOf(ref);
      ends.delete(key);
      ends.set(key, untilMs);
      const [oldest] = ends.keys();
      if (ends.size > maxKept && oldest !== undefined) ends.delete(oldest);
    },
  };
}
