import { z } from 'zod';
import { RecordedCall } from './calls.ts';
import { Common } from './common.ts';

/** Calls that wait for the person's yes: exactly these, with these arguments, until then. */
export const ApprovalDocument = Common.extend({
  /** `approval:<approvalId>`. */
  id: z.string(),
  type: z.literal('approval'),
  approvalId: z.string(),
  /** The turn or the request that asked. */
  turnId: z.string(),
  createdAt: z.number(),
  /** A yes that was said later does nothing. */
  expiresAt: z.number(),
  /** When the question is known to have stood on the phone: a yes without its number may have meant something else before. */
  shownAt: z.number().optional(),
  /** True until it was decided, or replaced. */
  open: z.boolean(),
  /** How it was decided: left, or done by the calls that were recorded in the turn of this id. */
  declined: z.boolean().optional(),
  followedBy: z.string().optional(),
  /** True where somebody outside the chat asked: a yes must name its number, because a bare one may mean another thing. */
  unasked: z.boolean().optional(),
  /** The person who may say yes: the one linked to this conversation, still. */
  personId: z.string(),
  tools: z.array(z.string()),
  /** `ApprovalContent`, sealed. */
  sealed: z.string(),
});
export type ApprovalDocument = z.infer<typeof ApprovalDocument>;

export const ApprovalContent = z.object({
  calls: z.array(RecordedCall),
  /** What each call would do, in words: one line each, made by our code. */
  lines: z.array(z.string()),
});
export type ApprovalContent = z.infer<typeof ApprovalContent>;
