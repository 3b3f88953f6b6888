import { AppError, asAppError } from '../core/errors.ts';
import type { Change, Lease, LeaseAfter } from '../ports/conversations.ts';
import type { Ports } from '../ports/index.ts';
import { log } from '../telemetry/index.ts';
import type { ConversationSettings } from './settings.ts';

/** A lease as its holder works under it. */
export interface HeldLease {
  readonly lease: Lease;
  /** Aborted once the lease is lost: whatever waits under it stops. */
  readonly signal: AbortSignal;
  /** To be called in the same tick as a write or a send begins. @throws {AppError} `lease-lost` with too little left. */
  ensureTime(): void;
  /** One fenced batch, which extends the lease. @throws {AppError} `lease-lost`, which also aborts `signal`. */
  commit(changes: readonly Change[]): Promise<void>;
  /** The last act: lets go, in the same batch as the last changes. Afterwards nothing may be written. */
  release(changes?: readonly Change[], options?: { notBefore?: number; keepAttempts?: boolean }): Promise<void>;
  /** Stops the beats without letting go, for a worker that gives up: the lease runs out by itself. */
  abandon(): void;
}

/**
 * Holds a lease that was just taken: extends it by every batch and by a beat whenever nothing was written for a while.
 * Batches go one after the other, so that a beat never overtakes a turn's own.
 */
export function holdLease(
  ports: Pick<Ports, 'conversations' | 'clock'>,
  settings: Pick<ConversationSettings, 'leaseMs' | 'beatMs' | 'marginMs'>,
  taken: { lease: Lease; until: number },
): HeldLease {
  const { lease } = taken;
  const lost = new AbortController();
  let until = taken.until;
  let ended = false;
  let queue: Promise<unknown> = Promise.resolve();
  let beat: NodeJS.Timeout | undefined;

  const lose = (error: AppError) => {
    if (!lost.signal.aborted) lost.abort(error);
    stop();
  };
  const stop = () => {
    ended = true;
    clearTimeout(beat);
  };
  const write = async (after: LeaseAfter, changes: readonly Change[]) => {
    try {
      await ports.conversations.commit(lease, after, changes);
      if (after.kind === 'hold') until = Math.max(until, after.until);
    } catch (error) {
      const lostError = asAppError(error, 'lease-lost');
      if (lostError) lose(lostError);
      throw error;
    }
  };
  const enqueue = (run: () => Promise<void>): Promise<void> => {
    const result = queue.then(run, run);
    queue = result.catch(() => undefined);
    return result;
  };
  const commit = (changes: readonly Change[]) =>
    enqueue(async () => {
      await write({ kind: 'hold', until: ports.clock.now() + settings.leaseMs }, changes);
      arm();
    });
  const arm = () => {
    clearTimeout(beat);
    if (ended) return;
    beat = setTimeout(() => {
      commit([]).catch((error: unknown) => {
        log('warn', 'lease.beat-failed', { conversation: lease.conversationId, code: asAppError(error)?.code });
        if (ports.clock.now() >= until) lose(new AppError('lease-lost', 'The lease ran out while its beats failed'));
        else arm();
      });
    }, settings.beatMs);
  };
  arm();

  return {
    lease,
    signal: lost.signal,
    ensureTime() {
      if (lost.signal.aborted || ended || until - ports.clock.now() < settings.marginMs) {
        throw new AppError('lease-lost', 'Too little of the lease is left to begin a write');
      }
    },
    commit,
    async release(changes = [], { notBefore = 0, keepAttempts = false } = {}) {
      clearTimeout(beat);
      await enqueue(() => write({ kind: 'release', notBefore, keepAttempts }, changes));
      stop();
    },
    abandon: stop,
  };
}
