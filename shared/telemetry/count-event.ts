import { count } from './metrics.ts';

/**
 * Counts a warning or an error of the log by its event, and what carries a code by whose trouble it is: the vendor's where
 * one is named, else of the part of ours that the event's first word names.
 */
export function countEvent(
  level: 'info' | 'warn' | 'error',
  event: string,
  { code, vendor }: { readonly code?: unknown; readonly vendor?: unknown },
): void {
  if (level === 'info') return;
  count('adjutant.events', { event, level });
  if (typeof code !== 'string' && level !== 'error') return;
  const module = typeof vendor === 'string' ? vendor : event.split('.')[0];
  count('adjutant.errors', { module, code: typeof code === 'string' ? code : 'none' });
}
