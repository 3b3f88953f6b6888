import { z } from 'zod';

/**
 * The documents of a conversation's partition. Text, names and numbers stand in them sealed under the conversation's
 * data key (`sealed`, base64); the rest is ids, states and times. Times are milliseconds since 1970.
 * Whatever awaits work carries `dueAt`; only what is finished carries `ttl` (seconds).
 */
export const Common = z.object({
  workspace: z.string(),
  conversationId: z.string(),
  dueAt: z.number().optional(),
  ttl: z.int().optional(),
});
