import { z } from 'zod';
import { Common } from './common.ts';

/** A turn that failed for good: listed and replayed by an admin. */
export const FailureDocument = Common.extend({
  /** `failure:<turn>`. */
  id: z.string(),
  type: z.literal('failure'),
  turnId: z.string(),
  at: z.number(),
  reason: z.string(),
  messageIds: z.array(z.string()),
  /** The run that failed: 0, and one more for each replay. */
  run: z.int().optional(),
  /** When this very failure was replayed; absent while nobody did, and again after the next. */
  replayedAt: z.number().optional(),
  /** The key of that replay: who asks again under it learns that it was their own. */
  replayKey: z.string().optional(),
});
export type FailureDocument = z.infer<typeof FailureDocument>;
