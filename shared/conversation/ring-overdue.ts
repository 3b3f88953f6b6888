import type { Ports } from '../ports/index.ts';
import { log } from '../telemetry/index.ts';
import type { PauseCheck } from './pause.ts';

// Long enough that a bell under way has come; what is overdue by more was lost.
const overdueAfterMs = 60_000;
// A flood after an outage is rung at a steady rate: so many a minute.
const maxPerRun = 500;

/**
 * Rings every conversation with something due for more than a minute: the answer to any lost bell, and to a pause once it
 * is over; while it lasts nothing rings.
 */
export async function ringOverdue(
  ports: Pick<Ports, 'bell' | 'clock' | 'conversations'>,
  { workspace, isPaused }: { workspace: string; isPaused: PauseCheck['isPaused'] },
  signal?: AbortSignal,
): Promise<{ rung: number }> {
  if (await isPaused()) {
    log('info', 'overdue.paused');
    return { rung: 0 };
  }
  const overdue = await ports.conversations.listOverdue(
    { workspace, beforeMs: ports.clock.now() - overdueAfterMs, limit: maxPerRun },
    signal,
  );
  if (overdue.length > 0) {
    log('warn', 'overdue.rung', { conversations: overdue.length });
    await ports.bell.ringAll(overdue, signal);
  }
  return { rung: overdue.length };
}
