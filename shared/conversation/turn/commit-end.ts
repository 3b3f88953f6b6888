import { AppError, asAppError } from '../../core/errors.ts';
import type { Change, LeaseChange } from '../../ports/conversations.ts';
import { errorFields, log } from '../../telemetry/index.ts';
import type { TurnRecord } from './turn-work.ts';

// Beyond the repeats of the adapter, and well within a lease.
const waitsMs = [500, 2_000];

/**
 * Commits the batch that ends a turn, whose result is known and cost what it cost: it is repeated before anything else is
 * tried. Its first change creates the reply, so that a repeat of what was applied is refused as a conflict.
 * @throws {AppError} after the last try; `maybeDone` where any of them may have been applied.
 */
export async function commitEnd(
  { work, held, turnId }: TurnRecord,
  changes: readonly [Change & { kind: 'create' }, ...Change[]],
  onLease: LeaseChange,
): Promise<void> {
  let isUnknown = false;
  for (let tries = 0; ; tries += 1) {
    try {
      if (tries > 0) held.ensureTime();
      await held.commit(changes, onLease);
      return;
    } catch (error) {
      if (isUnknown && asAppError(error, 'conflict')) return;
      isUnknown ||= asAppError(error)?.maybeDone === true;
      const waitMs = waitsMs[tries];
      if (waitMs === undefined || !mayPassWithin(error, waitMs)) throw isUnknown ? unknown(error) : error;
      log('warn', 'turn.end-repeated', { turn: turnId, ...errorFields(error) });
      await work.ports.clock.sleep(waitMs, held.signal);
    }
  }
}

function mayPassWithin(error: unknown, waitMs: number): boolean {
  const known = asAppError(error);
  return known?.retryable === true && known.code !== 'lease-lost' && (known.retryAfterMs ?? 0) <= waitMs;
}

function unknown(error: unknown): unknown {
  const known = asAppError(error);
  if (!known || known.maybeDone || known.code === 'lease-lost') return error;
  return new AppError('upstream', 'The batch that ends a turn may have been applied', { cause: error, maybeDone: true });
}
