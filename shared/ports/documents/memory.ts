import { z } from 'zod';
import { Common } from './common.ts';

/** The last messages and the running summary: read once and rewritten once a turn, and gone with the transcript. */
export const MemoryDocument = Common.extend({
  id: z.literal('memory'),
  type: z.literal('memory'),
  turns: z.int(),
  /** `MemoryContent`, sealed. */
  sealed: z.string(),
});
export type MemoryDocument = z.infer<typeof MemoryDocument>;

export const MemoryContent = z.object({
  messages: z.array(z.object({ role: z.enum(['user', 'assistant']), text: z.string(), at: z.number() })),
  summary: z.string(),
  /** When the last message was written that the summary holds something of. */
  summaryAt: z.number().optional(),
  /** Whose it is; absent while nobody is linked to the chat, and in what was written before it was noted. */
  personId: z.string().optional(),
  /** The chat as WhatsApp named it last: where something unasked would go. */
  chatId: z.string().optional(),
});
export type MemoryContent = z.infer<typeof MemoryContent>;
