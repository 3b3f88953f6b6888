import { z } from 'zod';

/** What an account may still ask for from outside: it fills steadily. The id is the account's blind index. */
export const CallQuota = z.object({
  id: z.string(),
  /** Calls that are left, as of `at`. */
  left: z.number(),
  at: z.number(),
  /** Seconds; by then it would be full again. */
  ttl: z.int(),
});
export type CallQuota = z.infer<typeof CallQuota>;

/** Shared by all processes. Errors of both methods: {AppError} `rate-limited`, `timeout`, `upstream` when worth retrying. */
export interface CallQuotas {
  load(id: string, signal?: AbortSignal): Promise<{ quota: CallQuota; version: string } | undefined>;
  /** Stores it over the version that was read; none where there was none. @throws {AppError} `conflict` when it was changed since. */
  save(quota: CallQuota, version: string | undefined, signal?: AbortSignal): Promise<void>;
}
