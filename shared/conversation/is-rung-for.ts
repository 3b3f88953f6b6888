import type { ConversationSettings } from './settings.ts';

/**
 * Whether a moment at which something falls due has been rung for: whoever parks until then does so, and `ring-overdue`
 * finds what they could not. Who comes shortly before it rings all the same, for clocks differ: the bell may be its own.
 * Further off than a live lease reaches, by a clock that is behind.
 */
export function isRungFor(
  atMs: number,
  { leaseMs, marginMs }: Pick<ConversationSettings, 'leaseMs' | 'marginMs'>,
  now: number,
): boolean {
  return atMs - now > leaseMs + marginMs;
}
