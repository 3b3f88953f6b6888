import { z } from 'zod';
import { Common } from './common.ts';

/** A part of a reply. `ack`: −1 error, 0 none yet, 1 server, 2 device, 3 read, 4 played; only ever moves forward, −1 between 1 and 2. */
export const ReplyPart = z.object({
  whatsappId: z.string(),
  state: z.enum(['due', 'sent', 'uncertain', 'dropped']),
  ack: z.int(),
  sentAt: z.number().optional(),
});
export type ReplyPart = z.infer<typeof ReplyPart>;

/** What is to be said, created in the batch that ends the turn and sent through the send gate. */
export const ReplyDocument = Common.extend({
  id: z.string(),
  type: z.literal('reply'),
  turnId: z.string(),
  state: z.enum(['held', 'due', 'sent', 'uncertain', 'dropped']),
  parts: z.array(ReplyPart),
  /** The owner and epoch under which it was created: only that worker may send without a look-up. */
  createdBy: z.object({ owner: z.string(), epoch: z.int() }),
  createdAt: z.number(),
  attempt: z.int(),
  traceparent: z.string().optional(),
  linkPreview: z.boolean(),
  /** True where nobody asked for it: after STOP it is not sent. */
  unasked: z.boolean().optional(),
  /** `ReplyContent`, sealed. */
  sealed: z.string(),
});
export type ReplyDocument = z.infer<typeof ReplyDocument>;

export const ReplyContent = z.object({ chatId: z.string(), texts: z.array(z.string()) });
export type ReplyContent = z.infer<typeof ReplyContent>;
