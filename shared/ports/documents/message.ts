import { z } from 'zod';
import { Common } from './common.ts';

/** What a person may say that is worked on before everything else that waits, without a model. */
export const Command = z.enum(['code', 'stop', 'start', 'cancel', 'erase', 'erase-everything']);
export type Command = z.infer<typeof Command>;

/** One message that came in. Its id is the message key, so that a repeat meets a conflict. */
export const MessageDocument = Common.extend({
  id: z.string(),
  type: z.literal('message'),
  kind: z.enum(['text', 'media', 'signed-in']),
  /** WhatsApp's timestamp and the time of becoming durable. */
  sentAt: z.number(),
  arrivedAt: z.number(),
  /** Read from its text when it came in: it passes what is parked. */
  command: Command.optional(),
  /** Conversations merged into this one of late: what is due in them comes first. */
  after: z.array(z.string()).optional(),
  /** Of a command: conversations merged into this one in which it was stored as well, and on the copy, from which. */
  handedTo: z.array(z.string()).optional(),
  handedFrom: z.string().optional(),
  /** The turn that took it; set by that turn's first fenced batch. */
  turnId: z.string().optional(),
  /** The number of the run of that turn: 0, and one more for each replay. */
  run: z.int().optional(),
  /** When it was last made due again by a replay: it is as young as that. */
  replayedAt: z.number().optional(),
  /** How often its turn was parked, and why the last time. */
  attempt: z.int().optional(),
  reason: z.string().optional(),
  /** Whether the person was told that it waits. */
  told: z.boolean().optional(),
  /** The W3C trace it began. */
  traceparent: z.string().optional(),
  /** `MessageContent`, sealed. */
  sealed: z.string(),
});
export type MessageDocument = z.infer<typeof MessageDocument>;

export const MessageContent = z.object({
  text: z.string(),
  /** Where the answer goes: the chat as WhatsApp named it. */
  chatId: z.string(),
  /** Digits; at least one of the two is known. */
  lid: z.string().optional(),
  phone: z.string().optional(),
});
export type MessageContent = z.infer<typeof MessageContent>;
