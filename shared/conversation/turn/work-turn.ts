import { AppError, asAppError } from '../../core/errors.ts';
import { withTimeLimit } from '../../core/time-limit.ts';
import { findCaller } from '../../domain/identity/index.ts';
import type { Partition } from '../../ports/conversations.ts';
import type { MessageDocument } from '../../ports/documents.ts';
import { annotateSpan, continueTrace, currentTraceparent, linkSpan, withSpan } from '../../telemetry/index.ts';
import { isWriteOf, readAnswers } from '../calls.ts';
import { refill, waitFor } from '../rate-buckets.ts';
import { endTurn, failTurn, parkTurn, type Ended } from './end-turn.ts';
import type { TurnRecord, TurnWork } from './turn-work.ts';
import type { HeldLease } from '../lease.ts';
import { openMessage } from '../open-content.ts';
import { maxAttempts } from '../settings.ts';
import { runOf, turnIdOf } from './turn-documents.ts';
import { runTurn, type FinishedTurn } from './run-turn.ts';
import { createContext } from './turn-context.ts';

/** Works one turn to its end, its parking or its failure; answers the replies that its last batch created. */
export async function workTurn(
  work: TurnWork,
  held: HeldLease,
  given: { partition: Partition; messages: readonly MessageDocument[] },
): Promise<Ended> {
  const { messages, partition } = given;
  const key = await work.ports.dataKeys.keyFor(held.lease.conversationId, held.signal);
  const turnId = turnIdOf(messages);
  const bell = currentTraceparent();
  return continueTrace(messages[0]?.traceparent, () =>
    withSpan('turn', { turn: turnId, messages: messages.length, attempt: held.lease.attempts }, async () => {
      const now = work.ports.clock.now();
      // A burst is one turn in the trace of its first message, under whichever bell came first.
      for (const traceparent of [bell, ...messages.map((message) => message.traceparent)]) linkSpan(traceparent);
      annotateSpan({ waitMs: waitOf(messages, now) });
      const record: TurnRecord = {
        work,
        held,
        key,
        turnId,
        messages,
        partition,
        recorded: { count: partition.calls.filter((calls) => calls.turnId === turnId).length },
        answers: readAnswers(partition.calls, key, { turnId, isWrite: isWriteOf(work.tools) }),
        pending: [],
        spent: { tokens: 0 },
        buckets: refill(held.lease.buckets, work.settings.rateLimits, now),
        waitedMs: now - Math.min(...messages.map(({ sentAt }) => sentAt)),
        personId: undefined,
        decision: undefined,
        approvedCalls: [],
        underWay: new Set(),
        contents: messages.flatMap((message) => openMessage(message, key) ?? []),
      };
      return runAndEnd(record);
    }),
  );
}

/** How long what begins now had to wait since it was stored; undefined for what goes on. */
function waitOf([first]: readonly MessageDocument[], now: number): number | undefined {
  return first?.turnId === undefined && first?.attempt === undefined ? Math.max(0, now - (first?.arrivedAt ?? now)) : undefined;
}

async function runAndEnd(record: TurnRecord): Promise<Ended> {
  let finished: FinishedTurn;
  try {
    // A message that cannot be opened now never will be: it must not hold up what comes after it.
    if (record.contents.length < record.messages.length)
      throw new AppError('not-found', 'A message of the turn cannot be opened');
    if (record.held.lease.attempts >= maxAttempts) throw new AppError('unknown-outcome', 'Every worker of this turn was lost');
    checkLimits(record);
    finished = await run(record);
  } catch (error) {
    return stop(record, error);
  }
  try {
    return await endTurn(record, finished.state);
  } catch (error) {
    // Its result is known: who goes on only has to end it.
    if (asAppError(error)?.retryable && !asAppError(error, 'lease-lost')) await finished.keep();
    // The turn may have ended: whoever comes next reads whether it did, and until then nothing more is said in it.
    if (asAppError(error)?.maybeDone) throw error;
    return stop(record, error);
  }
}

/** What was begun is gone on with; what begins must be young enough, and within what one person may ask of us. */
function checkLimits({ work, recorded, messages, buckets, waitedMs }: TurnRecord): void {
  const [first] = messages;
  if (recorded.count > 0 || runOf(messages) > 0) return;
  if (waitedMs > work.settings.maxAgeMs) throw new AppError('too-late', 'The messages waited too long to be acted on');
  const isParkedByVendor = first?.attempt !== undefined && first.reason !== 'rate-limited';
  const retryAfterMs = isParkedByVendor ? 0 : waitFor(buckets, work.settings.rateLimits);
  if (retryAfterMs > 0) throw new AppError('rate-limited', 'The person asked for more than their share', { retryAfterMs });
}

/** Parks what may pass later, and fails what cannot, once no write is under way any more: the beats hold the lease. */
async function stop(record: TurnRecord, error: unknown): Promise<Ended> {
  await Promise.allSettled(record.underWay);
  if (asAppError(error, 'lease-lost') || record.held.signal.aborted) throw error;
  const known = asAppError(error) ?? timeUp(error);
  return known?.retryable ? parkTurn(record, known) : failTurn(record, error);
}

/** The turn's own budget ran out: that is no failure, it goes on later. */
function timeUp(error: unknown): AppError | undefined {
  const isTimeout = error instanceof Error && (error.name === 'TimeoutError' || error.name === 'AbortError');
  return isTimeout ? new AppError('timeout', 'The time of the turn was up', { cause: error }) : undefined;
}

/** What one person had recorded is not finished with the rights of another, who was linked to the chat meanwhile. */
function checkRecordedFor({ partition, turnId, personId }: TurnRecord): void {
  const isForeign = partition.calls.some(
    (one) => one.turnId === turnId && one.personId !== undefined && one.personId !== personId,
  );
  if (isForeign) throw new AppError('forbidden', 'The calls of the turn were recorded for somebody else');
}

/** One that was never parked, recorded or lost with a worker has no checkpoint. */
function isFresh({ messages, held, recorded }: TurnRecord): boolean {
  return (
    held.lease.attempts <= 1 && recorded.count === 0 && messages.every(({ turnId, run = 0 }) => turnId === undefined && run === 0)
  );
}

async function run(record: TurnRecord): Promise<FinishedTurn> {
  const { work, held, key } = record;
  const last = record.contents.at(-1);
  const names = { lid: last?.lid, phone: last?.phone };
  const { conversationId } = held.lease;
  const known = await findCaller(work.ports, work.indexes, { names, conversationId, signal: held.signal });
  const caller = known && { ...known, role: await work.roleOf(known, held.signal) };
  record.personId = caller?.personId;
  checkRecordedFor(record);
  annotateSpan({ person: caller?.personId });
  showTyping(record);
  return withTimeLimit([work.settings.turnBudgetMs, held.signal], async (signal) => {
    const context = await createContext(record, { caller, names, signal });
    try {
      return await runTurn(context, work.checkpointerFor(key), { run: runOf(record.messages), isFresh: isFresh(record) });
    } finally {
      await context.tools?.close();
    }
  });
}

/** Best effort: a chat without "typing…" is no reason to stop. */
function showTyping({ work, held, contents }: TurnRecord): void {
  const chatId = contents.at(-1)?.chatId;
  if (chatId === undefined) return;
  void withTimeLimit([work.settings.vendorTimeoutMs, held.signal], async (signal) => {
    await work.ports.messenger.markRead(chatId, signal);
    await work.ports.messenger.setTyping(chatId, true, signal);
  }).catch(() => undefined);
}
