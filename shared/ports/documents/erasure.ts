import { z } from 'zod';
import { Common } from './common.ts';

/** An erasure under way, and whom it is about, by ids alone: whoever takes the lease goes on with it. Deleted with its end. */
export const ErasureDocument = Common.extend({
  id: z.literal('erasure'),
  type: z.literal('erasure'),
  /** What WhatsApp dates no later is erased or refused. */
  at: z.number(),
  /** Blind indexes (`identities`) of the chat's names. */
  names: z.array(z.string()),
  /** Conversations that became this one: erased with it. */
  others: z.array(z.string()),
  /** Who is linked to it, with the blind index of their account. */
  people: z.array(z.object({ id: z.string(), account: z.string().optional() })),
  /** The last reply; absent where there is nobody to tell. */
  replyId: z.string().optional(),
});
export type ErasureDocument = z.infer<typeof ErasureDocument>;
