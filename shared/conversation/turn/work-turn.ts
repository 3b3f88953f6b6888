import { AppError, asAppError } from '../../core/errors.ts';
import { findCaller } from '../../domain/identity/index.ts';
import type { Change, Partition } from '../../ports/conversations.ts';
import type { DataKey } from '../../ports/data-keys.ts';
import { MessageContent, type MessageDocument, type RecordedCall } from '../../ports/documents.ts';
import { continueTrace, errorFields, log, withSpan } from '../../telemetry/index.ts';
import { openAnswers, recordAnswer, recordResults, writeKey } from '../calls.ts';
import { endTurn, failTurn, parkTurn, type Ended } from './end-turn.ts';
import type { SignInChat, TurnRecord, TurnWork } from './turn-work.ts';
import type { HeldLease } from '../lease.ts';
import { createOperation } from '../operation.ts';
import { maxAttempts } from '../settings.ts';
import { openMemory, turnIdOf } from './turn-documents.ts';
import { personWords } from './communication/compose-reply.ts';
import { runTurn } from './run-turn.ts';
import { isSpoken } from './security/is-spoken.ts';
import type { TurnContext, TurnMessage, TurnState } from './state.ts';
import { connectTools, type ToolClient } from './tool-client.ts';

/** Works one turn to its end, its parking or its failure; answers the replies that its last batch created. */
export async function workTurn(
  work: TurnWork,
  held: HeldLease,
  given: { partition: Partition; messages: readonly MessageDocument[] },
): Promise<Ended> {
  const { messages, partition } = given;
  const key = await work.ports.dataKeys.keyFor(held.lease.conversationId, held.signal);
  const turnId = turnIdOf(messages);
  return continueTrace(messages[0]?.traceparent, () =>
    withSpan('turn', { turn: turnId, messages: messages.length, attempt: held.lease.attempts }, async () => {
      const record: TurnRecord = {
        work,
        held,
        key,
        turnId,
        messages,
        partition,
        recorded: { count: partition.calls.filter((calls) => calls.turnId === turnId).length },
        pending: [],
        underWay: new Set(),
        contents: openMessages(messages, key),
      };
      return runAndEnd(record);
    }),
  );
}

async function runAndEnd(record: TurnRecord): Promise<Ended> {
  let state: TurnState;
  try {
    // A message that cannot be opened now never will be: it must not hold up what comes after it.
    if (record.contents.length < record.messages.length)
      throw new AppError('not-found', 'A message of the turn cannot be opened');
    if (record.held.lease.attempts >= maxAttempts) throw new AppError('unknown-outcome', 'Every worker of this turn was lost');
    state = await run(record);
  } catch (error) {
    return stop(record, error);
  }
  try {
    return await endTurn(record, state);
  } catch (error) {
    // The turn may have ended: whoever comes next reads whether it did, and until then nothing more is said in it.
    if (asAppError(error)?.maybeDone) throw error;
    return stop(record, error);
  }
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

async function run(record: TurnRecord): Promise<TurnState> {
  const { work, held, key } = record;
  const last = record.contents.at(-1);
  const names = { lid: last?.lid, phone: last?.phone };
  const { conversationId } = held.lease;
  const caller = await findCaller(work.ports, work.indexes, { names, conversationId, signal: held.signal });
  showTyping(record);
  const context = await createContext(record, { caller, names });
  try {
    return await runTurn(context, work.checkpointerFor(key));
  } finally {
    await context.tools?.close();
  }
}

async function createContext(
  record: TurnRecord,
  { caller, names }: { caller: TurnContext['caller']; names: Pick<SignInChat, 'lid' | 'phone'> },
): Promise<TurnContext> {
  const { work, held, key, turnId, partition } = record;
  const { clock, model } = work.ports;
  const signal = AbortSignal.any([held.signal, AbortSignal.timeout(work.settings.turnBudgetMs)]);
  const signIn = work.signInFor({ conversationId: held.lease.conversationId, turnId, ...names });
  const messages = record.messages.map(({ kind, sentAt }, index): TurnMessage => ({
    text: record.contents[index]?.text ?? '',
    sentAt,
    hasMedia: kind === 'media',
  }));
  const memory = openMemory(partition.memory, key);
  return {
    model,
    clock,
    signal,
    turnId,
    organisation: work.organisation,
    caller,
    messages,
    memory,
    answers: openAnswers(partition.calls, key, turnId),
    tools: caller && (await connectCallerTools(record, { caller, words: personWords({ memory, messages }), signal })),
    // The last fifth of the budget is for wording the answer.
    deadline: clock.now() + work.settings.turnBudgetMs * 0.8,
    signIn: signIn.gate,
    renewSignIn: signIn.renew,
    record: (n, calls) => recordCalls(record, n, calls),
    noteResults: (n, results) => void record.pending.push(recordResults(key, { turnId, n, results })),
  };
}

function connectCallerTools(
  record: TurnRecord,
  { caller, words, signal }: { caller: NonNullable<TurnContext['caller']>; words: string; signal: AbortSignal },
): Promise<ToolClient> {
  const { work, held, turnId } = record;
  const now = record.messages.at(-1)?.sentAt ?? work.ports.clock.now();
  const isFromPerson = (value: string) => isSpoken(words, value, caller.email);
  return connectTools({ tools: work.tools, caller, now, signal, isFromPerson }, (place) =>
    createOperation({
      held,
      clock: work.ports.clock,
      timeIsUp: signal,
      underWay: record.underWay,
      resumed: place.resumed,
      timeoutMs: work.settings.vendorTimeoutMs,
      keyOf: (name) => writeKey({ turnId, n: place.n ?? -1, position: place.position, name }),
    }),
  );
}

/** Fixes the turn, its messages and this answer in one fenced batch. */
async function recordCalls(record: TurnRecord, n: number, calls: readonly RecordedCall[]): Promise<void> {
  const { held, key, turnId, messages } = record;
  const named: Change[] = messages
    .filter((message) => message.turnId === undefined)
    .map(({ id }) => ({ kind: 'patch', id, set: { turnId } }));
  const create: Change = { kind: 'create', document: recordAnswer(held.lease, key, { turnId, n, calls }) };
  await held.commit([...record.pending, ...(n === 0 ? named : []), create]);
  record.recorded.count = n + 1;
  record.pending.length = 0;
}

/** Those that can be opened: a changed key, or a document of another shape, opens none. */
function openMessages(messages: readonly MessageDocument[], key: DataKey): MessageContent[] {
  return messages.flatMap(({ id, sealed }) => {
    try {
      return [MessageContent.parse(key.open(sealed, id))];
    } catch (error) {
      log('error', 'message.unreadable', { message: id, ...errorFields(error) });
      return [];
    }
  });
}

/** Best effort: a chat without "typing…" is no reason to stop. */
function showTyping({ work, held, contents }: TurnRecord): void {
  const chatId = contents.at(-1)?.chatId;
  if (chatId === undefined) return;
  const signal = AbortSignal.any([held.signal, AbortSignal.timeout(work.settings.vendorTimeoutMs)]);
  void work.ports.messenger
    .markRead(chatId, signal)
    .then(() => work.ports.messenger.setTyping(chatId, true, signal))
    .catch(() => undefined);
}
