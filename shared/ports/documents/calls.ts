import { z } from 'zod';
import { Common } from './common.ts';

const CallStatus = z.enum(['done', 'failed', 'unknown', 'proposed']);

/** One answer of the model that holds writes, recorded before the first of its calls is performed. */
export const CallsDocument = Common.extend({
  /** `<turn>:<n>`. */
  id: z.string(),
  type: z.literal('calls'),
  turnId: z.string(),
  /** Counts the recorded answers of the turn, from 0. */
  n: z.int(),
  /** True until the turn ended and what it did stands in the audit trail. */
  open: z.boolean(),
  /** True once the turn ended: all that is left to do is its audit lines. */
  ended: z.boolean().optional(),
  /** When it was recorded, and for whom: for those lines. */
  at: z.number().optional(),
  personId: z.string().optional(),
  /** True where the person said yes to exactly these calls. */
  approved: z.boolean().optional(),
  /** The run of the turn that holds them, where it is not the first. */
  run: z.int().optional(),
  /** The id of the application outside that asked for it, where no turn did. */
  client: z.string().optional(),
  tools: z.array(z.string()),
  /** How such a call ended: its line is written also where nobody can open the results any more. */
  outcome: CallStatus.optional(),
  /** `RecordedCall[]`, sealed. */
  sealed: z.string(),
  /** `CallResult[]`, sealed; those that are final and that a batch has carried. */
  results: z.string().optional(),
});
export type CallsDocument = z.infer<typeof CallsDocument>;

export const RecordedCall = z.object({ callId: z.string(), name: z.string(), arguments: z.string() });
export type RecordedCall = z.infer<typeof RecordedCall>;

/** How a call ended. `unknown`: a write that may or may not have been done; `proposed`: one that the person is asked about first. */
export const CallResult = z.object({
  callId: z.string(),
  name: z.string(),
  effect: z.enum(['read', 'write']),
  status: CallStatus,
  /** What the model is shown: JSON text. */
  output: z.string(),
  /** The line that tells the person of a write, made by our code from the result. */
  receipt: z.string().optional(),
});
export type CallResult = z.infer<typeof CallResult>;
