import { AppError, asAppError } from '../core/errors.ts';
import { canonicalJson } from '../core/canonical-json.ts';
import { deriveId } from '../core/ids.ts';
import type { DataKey } from '../ports/data-keys.ts';
import type { CallResult, CallsDocument } from '../ports/documents.ts';
import type { Operation } from '../ports/operation.ts';
import { annotateSpan, errorFields, log } from '../telemetry/index.ts';
import { endAnswers, openAnswers, recordAnswer, recordResults, writeKey, type RecordedAnswer } from './calls.ts';
import { createOperation, type Attempt } from './operation.ts';
import { maxAttempts } from './settings.ts';
import { auditEnded, takeSingleLease, type SingleCallWork, type SingleLease } from './single-lease.ts';

/** A call that belongs to no turn: somebody outside asks for it, under a key of their own making. */
export interface SingleCall {
  readonly personId: string;
  /** The id of the application that asks for them. */
  readonly client: string;
  /** The caller's idempotency key: one wish, however often it is asked for. */
  readonly key: string;
  readonly name: string;
  readonly input: unknown;
  /** Aborted when the time of the request is up: no write begins any more. */
  readonly signal: AbortSignal;
}

/**
 * Performs the call; its writes go through the operation. `now` is when it was first asked for, `id` the same however often
 * it is asked for.
 */
export type RunSingleCall = (call: {
  readonly id: string;
  readonly now: number;
  readonly operation: Operation;
  readonly signal: AbortSignal;
}) => Promise<{ readonly output: unknown; readonly receipt?: string | undefined; readonly status?: 'done' | 'proposed' }>;

/** The one call of a partition is its first answer's first. */
const place = { n: 0, position: 0 } as const;

interface Earlier {
  readonly document: CallsDocument;
  readonly answer: RecordedAnswer;
}

interface SingleRecord {
  readonly work: SingleCallWork;
  readonly call: SingleCall;
  readonly held: SingleLease;
  readonly key: DataKey;
  readonly turnId: string;
  readonly underWay: Set<Promise<unknown>>;
  /** What is known of its writes, earlier requests included. */
  readonly attempt: Attempt;
  /** Set once a write of the call began in this process. */
  wrote: boolean;
}

/**
 * Performs a call once for its key, under a lease of its own: recorded before it is performed, its result after. The same
 * key again is the same answer without a second write, and finishes what a crash left.
 * @throws {AppError} `lease-lost` with the wait while somebody else performs it; `conflict` for the key of another call;
 *   a retryable one, or `sign-in-required`, when the same key may be tried again.
 */
export async function performSingleCall(
  work: SingleCallWork,
  call: SingleCall,
  run: RunSingleCall,
): Promise<{ result: CallResult; repeated: boolean }> {
  const turnId = deriveId('mcp', call.personId, call.key);
  const held = await takeSingleLease(work, call);
  try {
    const key = await work.ports.dataKeys.keyFor(call.personId, held.signal);
    const nothingYet = { underWay: new Set<Promise<unknown>>(), attempt: { mayBeDone: false }, wrote: false };
    const record: SingleRecord = { work, call, held, key, turnId, ...nothingYet };
    const earlier = await loadEarlier(record);
    const [finished] = earlier?.answer.results ?? [];
    annotateSpan({ resumed: earlier !== undefined, repeated: finished !== undefined });
    if (finished) {
      await held.release();
      return { result: finished, repeated: true };
    }
    const document = earlier?.document ?? (await recordCall(record));
    return { result: await finish(record, { document, resumed: earlier !== undefined }, run), repeated: false };
  } finally {
    await held.letGo();
  }
}

/** What an earlier request recorded under this key. @throws {AppError} `conflict` where that was another call. */
async function loadEarlier({ work, call, held, key, turnId }: SingleRecord): Promise<Earlier | undefined> {
  const partition = await work.ports.conversations.load(held.lease, held.signal);
  if (partition.broken.length > 0) throw new AppError('unknown-outcome', 'What was recorded under this key cannot be read');
  const [document] = partition.calls;
  const [answer] = openAnswers(partition.calls, key, turnId);
  if (!document || !answer) return undefined;
  const [recorded] = answer.calls;
  if (recorded?.name !== call.name || recorded.arguments !== canonicalJson(call.input)) {
    throw new AppError('conflict', 'This idempotency key was used for another call: a new call needs a new key');
  }
  return { document, answer };
}

async function recordCall({ work, call, held, key, turnId }: SingleRecord): Promise<CallsDocument> {
  const { personId, client, name, input } = call;
  const calls = [{ callId: 'single', name, arguments: canonicalJson(input) }];
  const at = work.ports.clock.now();
  const recorded = recordAnswer(held.lease, key, { turnId, n: place.n, calls, at, personId, approved: false });
  const document = { ...recorded, client, ttl: work.ttlSeconds };
  await held.commit([{ kind: 'create', document }]);
  return document;
}

/** Performs the recorded call, stores how it ended, and only then writes its audit line: the two never disagree. */
async function finish(
  record: SingleRecord,
  { document, resumed }: { document: CallsDocument; resumed: boolean },
  run: RunSingleCall,
): Promise<CallResult> {
  const { work, held, key, turnId, call } = record;
  const common = { callId: 'single', name: call.name, effect: 'write' } as const;
  let result: CallResult;
  try {
    if (held.lease.attempts >= maxAttempts) throw new AppError('unknown-outcome', 'Every worker of this call was lost');
    record.attempt.mayBeDone = resumed;
    const operation = operationOf(record, resumed);
    const signal = AbortSignal.any([held.signal, call.signal]);
    // "In the past" is judged by when it was first asked for, however late it comes to its end.
    const {
      output,
      receipt,
      status = 'done',
    } = await run({
      ...{ id: turnId, now: document.at ?? work.ports.clock.now() },
      ...{ operation, signal },
    });
    result = { ...common, status, output: JSON.stringify(output), ...(receipt === undefined ? {} : { receipt }) };
  } catch (error) {
    result = { ...common, ...(await toFailure(record, error)) };
  }
  await Promise.allSettled(record.underWay);
  const ended = endAnswers(turnId, 1, work.ports.clock.now());
  const told = { kind: 'patch', id: document.id, set: { outcome: result.status } } as const;
  await held.commit([recordResults(key, { turnId, n: place.n, results: [result] }), ...ended, told]);
  await held.release(await auditEnded(work.ports, [{ ...document, ended: true, outcome: result.status }], held.signal));
  return result;
}

/** A failure that stays one. What may pass later is thrown once no write is under way, for the same key to go on with. */
async function toFailure(record: SingleRecord, error: unknown): Promise<Pick<CallResult, 'status' | 'output'>> {
  const { held, work, call } = record;
  await Promise.allSettled(record.underWay);
  if (asAppError(error, 'lease-lost') || held.signal.aborted) throw error;
  const known = asAppError(error) ?? timeUp(error, call.signal) ?? bug(call.name, error);
  if (known.retryable || known.code === 'sign-in-required') {
    // What was written and not answered lands within the vendor's time: nobody looks for it before.
    const waitMs = Math.max(known.retryAfterMs ?? 0, record.wrote ? work.settings.parkMs : 0);
    await held.release([], { notBefore: waitMs > 0 ? work.ports.clock.now() + waitMs : 0 });
    throw waitMs > 0 ? known.with({ retryAfterMs: waitMs }) : known;
  }
  // That it cannot be done now says nothing of an earlier request.
  const isUnknown = known.code === 'unknown-outcome' || record.attempt.mayBeDone;
  const told = { error: isUnknown ? 'unknown-outcome' : known.code, message: known.message };
  return { status: isUnknown ? 'unknown' : 'failed', output: JSON.stringify(told) };
}

function operationOf(record: SingleRecord, resumed: boolean): Operation {
  const { work, held, turnId, call, underWay } = record;
  const operation = createOperation({
    held,
    clock: work.ports.clock,
    timeIsUp: call.signal,
    underWay,
    resumed,
    attempt: record.attempt,
    timeoutMs: work.settings.vendorTimeoutMs,
    keyOf: (name) => writeKey({ turnId, ...place, name }),
  });
  return {
    run(name, write) {
      record.wrote = true;
      return operation.run(name, write);
    },
  };
}

function timeUp(error: unknown, signal: AbortSignal): AppError | undefined {
  return signal.aborted ? new AppError('timeout', 'The time of the call was up', { cause: error }) : undefined;
}

function bug(tool: string, error: unknown): AppError {
  log('error', 'tool.bug', { tool: tool.slice(0, 64), ...errorFields(error) });
  return new AppError('unknown-outcome', 'A tool failed in a way it should not', { cause: error });
}
