import type { ConversationRef } from '../ports/bell.ts';
import type { Ports } from '../ports/index.ts';
import { annotateSpan, log } from '../telemetry/index.ts';
import type { PauseCheck } from './pause.ts';

/** Long enough that a bell under way has come; what is overdue by more was lost. */
export const overdueAfterMs = 60_000;
// A flood after an outage is rung at a steady rate: so many a minute.
const maxPerRun = 500;

export interface RingOverdueOptions extends Pick<PauseCheck, 'isPaused'>, Partial<Pick<PauseCheck, 'exempt'>> {
  readonly workspace: string;
}

/**
 * Rings every conversation with something due for more than a minute: the answer to any lost bell, and to a pause once it
 * is over; while it lasts it rings for nobody but the admin who paused, so that they can resume. How much is due is counted
 * either way.
 */
export async function ringOverdue(
  ports: Pick<Ports, 'bell' | 'clock' | 'conversations'>,
  options: RingOverdueOptions,
  signal?: AbortSignal,
): Promise<{ rung: number }> {
  const rung = await ringUnlessPaused(ports, options, signal);
  const depth = { workspace: options.workspace, beforeMs: ports.clock.now() };
  annotateSpan({ due: await ports.conversations.countDue(depth, signal) });
  return { rung };
}

async function ringUnlessPaused(
  ports: Pick<Ports, 'bell' | 'clock' | 'conversations'>,
  { workspace, isPaused, exempt }: RingOverdueOptions,
  signal: AbortSignal | undefined,
): Promise<number> {
  const query = { workspace, beforeMs: ports.clock.now() - overdueAfterMs, limit: maxPerRun };
  if (!(await isPaused())) return ring(ports, await ports.conversations.listOverdue(query, signal), signal);
  log('info', 'overdue.paused');
  const only = await exempt?.();
  if (only === undefined) return 0;
  return ring(ports, await ports.conversations.listOverdue({ ...query, only }, signal), signal);
}

async function ring(
  { bell }: Pick<Ports, 'bell'>,
  overdue: readonly ConversationRef[],
  signal: AbortSignal | undefined,
): Promise<number> {
  if (overdue.length > 0) {
    log('warn', 'overdue.rung', { conversations: overdue.length });
    await bell.ringAll(overdue, signal);
  }
  return overdue.length;
}
