import { AppError } from '../../core/errors.ts';
import type { Ports } from '../../ports/index.ts';
import type { Operation } from '../../ports/operation.ts';
import { findFailure, type KnownFailure } from './failures.ts';

export interface ReplayedFailure {
  readonly failure: KnownFailure;
  /** `already`: somebody else was quicker, or it was replayed before. */
  readonly outcome: 'replayed' | 'already';
}

/**
 * Makes the turn of a failure due again, once, and rings for it: what of it was done stays done, and who wrote is answered.
 * @throws {AppError} `not-found` for an unknown id, or where the messages are not kept any more; `invalid-input` for an
 *   ambiguous one; else as `Conversations` and `Bell`.
 */
export async function replayFailure(
  ports: Pick<Ports, 'bell' | 'clock' | 'conversations'>,
  request: { workspace: string; id: string },
  { operation, signal }: { operation: Operation; signal: AbortSignal },
): Promise<ReplayedFailure> {
  const { document, run, isOver, ...failure } = await findFailure(ports, request, signal);
  if (isOver) return { failure, outcome: 'already' };
  const { workspace, conversationId, turnId } = document;
  const ref = { workspace, conversationId };
  const outcome = await operation.run('replay', {
    async perform(key, whileHeld) {
      const replayed = await ports.conversations.replayFailure(ref, { turnId, run, key, now: ports.clock.now() }, whileHeld);
      // Where the bell is lost, `ring-overdue` rings: what is due stays due.
      if (replayed === 'replayed') await ports.bell.ring(ref, { signal: whileHeld });
      return replayed;
    },
    settle: 'repeat',
  });
  if (outcome === 'gone')
    throw new AppError('not-found', 'The messages of this failure are not kept any more: it cannot be replayed');
  return { failure, outcome };
}
