import type { Bell, ConversationRef } from '../../../shared/ports/bell.ts';

export interface Rung {
  readonly ref: ConversationRef;
  readonly atMs: number | undefined;
}

export interface FakeBell extends Bell {
  /** What was rung, oldest first. */
  readonly rung: Rung[];
  /** The next rings fail with this; undefined lets them through again. */
  failWith(error: Error | undefined): void;
}

export function createFakeBell(): FakeBell {
  const rung: Rung[] = [];
  let failure: Error | undefined;
  const take = (ref: ConversationRef, atMs?: number) => {
    if (failure) return Promise.reject(failure);
    const { workspace, conversationId } = ref;
    rung.push({ ref: { workspace, conversationId }, atMs });
    return Promise.resolve();
  };
  return {
    rung,
    failWith(error) {
      failure = error;
    },
    ring: (ref, { atMs } = {}) => take(ref, atMs),
    async ringAll(refs) {
      for (const ref of refs) await take(ref);
    },
  };
}
