import { z } from 'zod';
import { tellInstant } from '../../core/time.ts';
import type { KnownFailure } from '../../domain/operations/index.ts';

/** A failure as the model sees it: no text and no names, whoever it befell. */
export const FailureShape = z.object({
  id: z.string(),
  when: z.string().describe('ISO 8601 with offset'),
  reason: z.string().describe('A code: what went wrong'),
  messages: z.int().describe('How many messages of one person it was about'),
  replays: z.int().describe('How often its turn had been replayed before'),
  replayed: z.boolean().describe('Whether it was replayed since'),
});

export function toFailureShape(failure: KnownFailure, timeZone: string): z.infer<typeof FailureShape> {
  const { id, at, reason, messages, replays, replayed } = failure;
  return { id, when: tellInstant(at, timeZone).iso, reason, messages, replays, replayed };
}
