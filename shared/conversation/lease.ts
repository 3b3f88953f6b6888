import { AppError, asAppError } from '../core/errors.ts';
import { createSerialQueue } from '../core/serial.ts';
import type { Change, Lease, LeaseAfter, LeaseChange } from '../ports/conversations.ts';
import type { Ports } from '../ports/index.ts';
import { errorFields, log } from '../telemetry/index.ts';
import type { ConversationSettings } from './settings.ts';

/** A lease as its holder works under it. */
export interface HeldLease {
  readonly lease: Lease;
  /** Aborted once the lease is lost: whatever waits under it stops. */
  readonly signal: AbortSignal;
  /** To be called in the same tick as a write or a send begins. @throws {AppError} `lease-lost` with too little left. */
  ensureTime(): void;
  /** One fenced batch, which extends the lease. @throws {AppError} `lease-lost`, which also aborts `signal`. */
  commit(changes: readonly Change[], onLease?: LeaseChange): Promise<void>;
  /** The last act: lets go, in the same batch as the last changes. Afterwards nothing may be written. */
  release(
    changes?: readonly Change[],
    options?: { notBefore?: number; keepAttempts?: boolean; uncounted?: boolean; onLease?: LeaseChange },
  ): Promise<void>;
  /** Whether it was neither let go nor lost. */
  isHeld(): boolean;
  /** Stops the beats without letting go, for a worker that gives up: the lease runs out by itself. */
  abandon(): void;
  /** Stops whatever waits under it, for a process that ends: nothing is begun and nothing is written any more. */
  giveUp(): void;
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
  const enqueue = createSerialQueue();

  const lose = (error: AppError) => {
    if (!lost.signal.aborted) lost.abort(error);
    stop();
  };
  const stop = () => {
    ended = true;
    beat.stop();
  };
  const write = async (after: LeaseAfter, changes: readonly Change[], onLease?: LeaseChange) => {
    try {
      await ports.conversations.commit(lease, { after, changes, onLease });
      if (after.kind === 'hold') until = Math.max(until, after.until);
    } catch (error) {
      const lostError = asAppError(error, 'lease-lost');
      if (lostError) lose(lostError);
      throw error;
    }
  };
  const commit = (changes: readonly Change[], onLease?: LeaseChange) =>
    enqueue(async () => {
      await write({ kind: 'hold', until: ports.clock.now() + settings.leaseMs }, changes, onLease);
      if (!ended) beat.again();
    });
  const beatFailed = (error: unknown) => {
    log('warn', 'lease.beat-failed', { conversation: lease.conversationId, ...errorFields(error) });
    if (ended) return;
    if (ports.clock.now() >= until) lose(new AppError('lease-lost', 'The lease ran out while its beats failed'));
    else beat.again();
  };
  const beat = createBeat(settings.beatMs, () => void commit([]).catch(beatFailed));
  beat.again();

  return {
    lease,
    signal: lost.signal,
    ensureTime() {
      if (lost.signal.aborted || ended || until - ports.clock.now() < settings.marginMs) {
        throw new AppError('lease-lost', 'Too little of the lease is left to begin a write');
      }
    },
    commit,
    async release(changes = [], { notBefore = 0, keepAttempts = false, uncounted = false, onLease } = {}) {
      beat.stop();
      await enqueue(() => write({ kind: 'release', notBefore, keepAttempts, uncounted }, changes, onLease));
      stop();
    },
    isHeld: () => !ended && !lost.signal.aborted,
    abandon: stop,
    giveUp: () => lose(new AppError('lease-lost', 'The process ends')),
  };
}

/** Calls `tick` once when nothing asked for another wait during the interval. */
function createBeat(intervalMs: number, tick: () => void): { again(): void; stop(): void } {
  let timer: NodeJS.Timeout | undefined;
  const stop = () => clearTimeout(timer);
  return {
    stop,
    again() {
      stop();
      timer = setTimeout(tick, intervalMs);
    },
  };
}
