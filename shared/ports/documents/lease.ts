import { z } from 'zod';
import { Common } from './common.ts';

/** What a person may still make us do: levels at the time `at`, refilled as time passes; see `rate-buckets.ts`. */
export const Buckets = z.object({ at: z.number(), turns: z.number(), tokens: z.number() });
export type Buckets = z.infer<typeof Buckets>;

/** Who works on the conversation. Free: `owner` null; held until `until`; not to be taken before `until` in any case. */
export const LeaseDocument = Common.extend({
  id: z.literal('lease'),
  type: z.literal('lease'),
  owner: z.string().nullable(),
  /** Counted up by each taking: fences what an earlier owner still sends. */
  epoch: z.int(),
  until: z.number(),
  /** Takings since the last orderly release. */
  attempts: z.int(),
  /** `erased` from the moment erasure was asked for, `done` once nothing is left but this tombstone. */
  erased: z.enum(['erased', 'done']).optional(),
  erasedAt: z.number().optional(),
  /** How many messages are due: beyond a bound no more are taken. */
  waiting: z.int().optional(),
  buckets: Buckets.optional(),
});
export type LeaseDocument = z.infer<typeof LeaseDocument>;
