import { z } from 'zod';
import { Common } from './common.ts';

/** The last messages and the running summary: read once and rewritten once a turn. */
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
  /** The chat as WhatsApp named it last: where something unasked would go. */
  chatId: z.string().optional(),
});
export type MemoryContent = z.infer<typeof MemoryContent>;
