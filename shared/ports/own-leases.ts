import type { ConversationRef } from './bell.ts';

/**
 * Partitions of what is no conversation: a single call, a job. Nobody writes to them, so no message makes their lease;
 * from then on they are worked on as `Conversations` says.
 */
export interface OwnLeases {
  /**
   * Makes the lease, free; one that is there stays as it is. It goes by itself `ttlSeconds` after its last change.
   * @throws {AppError} `rate-limited`, `timeout` or `upstream` when worth retrying.
   */
  open(ref: ConversationRef, options: { ttlSeconds: number }, signal?: AbortSignal): Promise<void>;
}
