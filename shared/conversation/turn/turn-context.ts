import type { PersonCaller } from '../../core/caller.ts';
import { AppError } from '../../core/errors.ts';
import type { Change } from '../../ports/conversations.ts';
import type { MemoryContent, RecordedCall } from '../../ports/documents.ts';
import { closeApproval, decide, openApprovals, type OpenApproval } from '../approvals.ts';
import { recordAnswer, recordResults, writeKey, type RecordedAnswer } from '../calls.ts';
import { createOperation } from '../operation.ts';
import { spendTokens } from '../rate-buckets.ts';
import { personWords } from './communication/compose-reply.ts';
import { memoryFor } from './context/memory-for.ts';
import { isConfirmed } from './security/is-confirmed.ts';
import { spokenIn } from './security/spoken-in.ts';
import type { TurnContext, TurnMessage } from './state.ts';
import { connectTools, parseArguments, type ToolClient } from './tool-client.ts';
import { openMemory, runOf } from './turn-documents.ts';
import type { SignInChat, TurnRecord } from './turn-work.ts';

// The last fifth of the budget is for wording the answer.
const shareForTools = 0.8;

/** What the nodes of this turn are given: the person's tools, the memory, what was recorded, and how to record more. */
export async function createContext(
  record: TurnRecord,
  { caller, names, signal }: Pick<TurnContext, 'caller' | 'signal'> & { names: Pick<SignInChat, 'lid' | 'phone'> },
): Promise<TurnContext> {
  const { work, held, key, turnId, partition } = record;
  const { clock } = work.ports;
  const model = countTokens(record);
  const signIn = work.signInFor({ conversationId: held.lease.conversationId, turnId, ...names });
  const messages = record.messages.map(({ kind, sentAt }, index): TurnMessage => ({
    text: record.contents[index]?.text ?? '',
    sentAt,
    hasMedia: kind === 'media',
  }));
  const since = clock.now() - work.settings.transcriptTtlSeconds * 1_000;
  const memory = memoryFor(openMemory(partition.memory, key), { personId: caller?.personId, since });
  const answers = [...record.answers];
  if (caller) record.decision = decideBy(record, caller, { memory, messages });
  return {
    ...{ model, clock, signal, turnId, organisation: work.organisation, caller, messages, memory, answers },
    tools: caller && (await connectCallerTools(record, { caller, memory, messages, answers, signal })),
    deadline: clock.now() + work.settings.turnBudgetMs * shareForTools,
    maxTokens: work.settings.maxTurnTokens,
    isLate: isLate(record),
    decision: record.decision,
    describeCall: (call) => describeCall(record, caller, call),
    signIn: signIn.gate,
    renewSignIn: signIn.renew,
    record: (n, calls) => recordCalls(record, { n, calls }),
    recordApproved: (approval, calls) => recordCalls(record, { n: 0, calls, approval }),
    noteResults: (n, results) => noteResults(record, { n, results }),
  };
}

/** The model, noting what it is asked and answers: a try that comes to nothing has cost the same. */
function countTokens({ work: { ports }, spent }: TurnRecord): TurnContext['model'] {
  return {
    async answer(request, signal) {
      const answer = await ports.model.answer(request, signal);
      spent.tokens += answer.usage.inputTokens + answer.usage.outputTokens;
      return answer;
    },
    structured: (request, signal) => ports.model.structured(request, signal),
  };
}

/** Whether the messages waited so long that the person is asked before anything is written. */
export function isLate({ waitedMs, work }: Pick<TurnRecord, 'waitedMs' | 'work'>): boolean {
  return waitedMs > work.settings.proposeAfterMs;
}

/** Only one message, of the person who was asked, and nothing but a yes or a no, decides anything. */
function decideBy(
  { partition, key, messages: given }: TurnRecord,
  { personId }: PersonCaller,
  { memory, messages }: Pick<TurnContext, 'memory' | 'messages'>,
) {
  const [message, ...others] = messages;
  const isFirstRun = runOf(given) === 0;
  // A yes that is replayed says nothing of what was asked after it.
  const asked = partition.approvals.filter(({ createdAt }) => isFirstRun || createdAt <= (message?.sentAt ?? 0));
  if (!message || others.length > 0 || asked.length === 0) return undefined;
  const { text, sentAt } = message;
  const lastSaidAt = memory.messages.findLast(({ role, at }) => role === 'assistant' && at <= sentAt)?.at ?? 0;
  return decide(text, openApprovals(asked, key), { personId, sentAt, lastSaidAt });
}

interface CallerTools {
  readonly caller: PersonCaller;
  readonly memory: MemoryContent;
  readonly messages: readonly TurnMessage[];
  readonly answers: readonly RecordedAnswer[];
  readonly signal: AbortSignal;
}

function connectCallerTools(record: TurnRecord, { caller, memory, messages, answers, signal }: CallerTools): Promise<ToolClient> {
  const { work, held, turnId } = record;
  const now = record.messages.at(-1)?.sentAt ?? work.ports.clock.now();
  const isSpoken = spokenIn(personWords({ memory, messages }), caller.email);
  const recorded = answers.filter((answer) => answer.approved).flatMap(({ calls }) => calls);
  const isFromPerson = (value: string) =>
    isSpoken(value) || isConfirmed(work.tools, [...recorded, ...record.approvedCalls], value);
  return connectTools({ tools: work.tools, caller, now, signal, isFromPerson }, (place) => {
    place.attempt.isLetThrough = true;
    return createOperation({
      held,
      clock: work.ports.clock,
      timeIsUp: signal,
      underWay: record.underWay,
      resumed: place.resumed,
      attempt: place.attempt,
      timeoutMs: work.settings.vendorTimeoutMs,
      keyOf: (name) => writeKey({ turnId, n: place.n ?? -1, position: place.position, name }),
    });
  });
}

function describeCall({ work }: TurnRecord, caller: TurnContext['caller'], call: RecordedCall): string {
  const tool = work.tools.find(({ name }) => name === call.name);
  if (!tool || !caller) throw new AppError('not-found', 'There is no such tool, or not for this person');
  return tool.proposal(parseArguments(call), { caller });
}

/** Fixes the turn, its messages and this answer in one fenced batch; a yes is used up in the same one. */
async function recordCalls(
  record: TurnRecord,
  { n, calls, approval }: { n: number; calls: readonly RecordedCall[]; approval?: OpenApproval },
): Promise<void> {
  const { work, held, key, turnId, messages, personId } = record;
  const named: Change[] = messages
    .filter((message) => message.turnId === undefined)
    .map(({ id }) => ({ kind: 'patch', id, set: { turnId } }));
  const at = work.ports.clock.now();
  const answer = { turnId, n, calls, at, personId, approved: approval !== undefined };
  await held.commit(
    [
      ...record.pending,
      ...(n === 0 ? named : []),
      ...(approval ? [closeApproval(approval.document, work.settings.transcriptTtlSeconds, turnId)] : []),
      { kind: 'create', document: recordAnswer(held.lease, key, answer) },
    ],
    // Whoever is lost after this has paid for as much.
    { buckets: spendTokens(record.buckets, record.spent.tokens) },
  );
  if (approval) record.approvedCalls.push(...calls);
  record.recorded.count = n + 1;
  record.answers.push({ n, calls, approved: answer.approved, results: undefined });
  record.pending.length = 0;
}

/** The results go with the next batch; who gives the turn up before it knows them all the same. */
function noteResults(
  { key, turnId, pending, answers }: TurnRecord,
  { n, results }: { n: number; results: NonNullable<RecordedAnswer['results']> },
): void {
  pending.push(recordResults(key, { turnId, n, results }));
  const index = answers.findIndex((answer) => answer.n === n);
  const answer = answers[index];
  if (answer) answers[index] = { ...answer, results };
}
