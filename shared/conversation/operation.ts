import { AppError, asAppError } from '../core/errors.ts';
import { withTimeLimit } from '../core/time-limit.ts';
import type { Clock } from '../ports/clock.ts';
import type { Operation, VendorWrite } from '../ports/operation.ts';
import { annotateSpan, log, withSpan } from '../telemetry/index.ts';
import type { HeldLease } from './lease.ts';

/** What is known of the writes of one call, for who has to tell of it where it fails. */
export interface Attempt {
  /** Whether something of it may have been done: true from the first where an earlier worker may have begun it. */
  mayBeDone: boolean;
  /** Set once the arguments were let through: what is refused before was refused at every try. */
  isLetThrough?: boolean;
}

/** Where an operation's writes happen: under which lease, with which keys, and whether they may have been done before. */
export interface OperationPlace {
  readonly held: Pick<HeldLease, 'ensureTime' | 'signal'>;
  readonly clock: Clock;
  readonly keyOf: (name: string) => string;
  /** True where an earlier worker recorded the call and may have performed it. */
  readonly resumed: boolean;
  /** Kept up to date by the operation. */
  readonly attempt: Attempt;
  readonly timeoutMs: number;
  /** Aborted when the turn's time is up: no write begins any more. */
  readonly timeIsUp: AbortSignal;
  /** Writes under way: who parks the turn waits for them, so that none lands in the next one's time. */
  readonly underWay: Set<Promise<unknown>>;
}

/** Performs writes so that none is done twice; see `VendorWrite.settle` for what an unknown outcome leads to. */
export function createOperation(place: OperationPlace): Operation {
  return {
    run: (name, write) =>
      withSpan(`write ${name}`, { resumed: place.resumed }, async () => {
        const key = place.keyOf(name);
        const result = await (place.resumed ? performAgain(place, key, write) : performOnce(place, key, write));
        // A call that fails after one of its writes was done has not done nothing.
        place.attempt.mayBeDone = true;
        return result;
      }),
  };
}

/** Performs what an earlier worker may have performed: what it did is the result. */
async function performAgain<T>(place: OperationPlace, key: string, write: VendorWrite<T>): Promise<T> {
  const found = await settle(place, key, write);
  if (found) return found.result;
  noteAbsent(place, write);
  log('warn', 'write.repeated');
  return performOnce(place, key, write);
}

/** Where a look-up found nothing, nothing was done; where the vendor folds, nobody looked. */
function noteAbsent({ attempt }: OperationPlace, { settle }: VendorWrite<unknown>): void {
  if (typeof settle === 'function') attempt.mayBeDone = false;
}

/** Performs; where the outcome is unknown, settles it and performs once more. */
async function performOnce<T>(place: OperationPlace, key: string, write: VendorWrite<T>): Promise<T> {
  const startedAt = place.clock.now();
  try {
    return await perform(place, key, write);
  } catch (error) {
    if (asAppError(error)?.maybeDone !== true) throw error;
    log('warn', 'write.outcome-unknown', { code: asAppError(error)?.code, vendor: asAppError(error)?.vendor });
    const found = (await settle(place, key, write)) ?? (await settleLater(place, key, { write, startedAt }));
    if (found) return found.result;
    noteAbsent(place, write);
    log('warn', 'write.repeated');
    return perform(place, key, write);
  }
}

/** An early error may come before the write does: what was under way has landed once the vendor's time is up. */
async function settleLater<T>(
  place: OperationPlace,
  key: string,
  { write, startedAt }: { write: VendorWrite<T>; startedAt: number },
): Promise<{ result: T } | undefined> {
  const left = startedAt + place.timeoutMs - place.clock.now();
  if (typeof write.settle !== 'function' || left <= 0) return undefined;
  await place.clock.sleep(left, place.held.signal);
  return settle(place, key, write);
}

async function perform<T>(place: OperationPlace, key: string, write: VendorWrite<T>): Promise<T> {
  if (place.timeIsUp.aborted) throw new AppError('timeout', 'The time of the turn was up before the write began');
  place.held.ensureTime();
  const performing = withTimeLimit([place.timeoutMs, place.held.signal], (signal) => write.perform(key, signal));
  place.underWay.add(performing);
  try {
    return await performing;
  } catch (error) {
    if (asAppError(error)?.maybeDone !== false) place.attempt.mayBeDone = true;
    throw error;
  } finally {
    place.underWay.delete(performing);
  }
}

/**
 * What an earlier attempt did, if that can be told; undefined means: perform (again).
 * @throws {AppError} `unknown-outcome` where it cannot, and must not be repeated.
 */
async function settle<T>(place: OperationPlace, key: string, write: VendorWrite<T>): Promise<{ result: T } | undefined> {
  if (write.settle === 'repeat') return undefined;
  if (write.settle === 'never') throw new AppError('unknown-outcome', 'A write that cannot be looked up has an unknown outcome');
  const { settle } = write;
  const result = await withTimeLimit([place.timeoutMs, place.held.signal], (signal) => settle(key, signal));
  annotateSpan({ settled: result === undefined ? 'not found' : 'found' });
  return result === undefined ? undefined : { result };
}
