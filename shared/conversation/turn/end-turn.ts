import { AppError, errorCode } from '../../core/errors.ts';
import { backoffMs } from '../../core/retry.ts';
import type { Change } from '../../ports/conversations.ts';
import type { ApprovalDocument, MessageDocument, ReplyDocument } from '../../ports/documents.ts';
import { annotateSpan, currentTraceparent, errorFields, log } from '../../telemetry/index.ts';
import { closeApproval, createApproval } from '../approvals.ts';
import { endAnswers, isWriteOf, knownOutcomes } from '../calls.ts';
import { spend, spendTokens } from '../rate-buckets.ts';
import { createFailure, createMemory, createReply, endMessages, parkMessages, runOf } from './turn-documents.ts';
import { apologise } from './communication/apologise.ts';
import { commitEnd } from './commit-end.ts';
import { withoutForeignLinks } from './communication/check-links.ts';
import { splitReply } from './communication/split-reply.ts';
import type { TurnState } from './state.ts';
import { isLate } from './turn-context.ts';
import type { TurnRecord } from './turn-work.ts';

/** How a turn left the conversation: the reply that its last batch created, if any. */
export interface Ended {
  readonly reply: ReplyDocument | undefined;
  /** Whether calls ended with it, whose audit lines are to be written. */
  readonly hasCalls?: boolean;
  /** The ids of the approvals that the reply asks for. */
  readonly asks?: readonly string[];
}

// Vendors that are down for an hour are asked about every ten minutes at last.
const longestParkMs = 600_000;

/** The batch that ends a turn: reply, memory, messages and calls in one; a failure's record with them. */
export async function endTurn(record: TurnRecord, state: TurnState): Promise<Ended> {
  const { work, held, key, turnId, messages, partition, pending } = record;
  const ttl = work.settings.transcriptTtlSeconds;
  const reply = replyOf(record, 'answer', state.parts);
  const failed = state.failure && state.failure.code !== 'sign-in-required' ? state.failure.code : undefined;
  const now = work.ports.clock.now();
  const turns = (partition.memory?.turns ?? 0) + 1;
  const asked = askedFor(record, state);
  const changes: Change[] = [
    ...pending,
    ...endMessages(messages, turnId, ttl),
    ...endAnswers(turnId, state.recorded, now),
    ...followedUp(record),
    ...asked.map((document): Change => ({ kind: 'upsert', document })),
  ];
  const content = state.memory && { ...state.memory, chatId: record.contents.at(-1)?.chatId };
  if (content) changes.push({ kind: 'upsert', document: createMemory(held.lease, key, { content, turns, ttl }) });
  if (failed)
    changes.push({
      kind: 'upsert',
      document: createFailure(held.lease, { turnId, reason: failed, messages, now, ttl }),
    });
  const onLease = { ended: messages.length, buckets: spend(record.buckets, record.spent.tokens) };
  await commitEnd(record, [{ kind: 'create', document: reply }, ...changes], onLease);
  if (failed) log('error', 'turn.failed', { turn: turnId, code: failed });
  annotateSpan({
    outcome: failed ? 'failed' : 'answered',
    rounds: state.rounds,
    writes: state.results.filter(({ effect }) => effect === 'write').length,
  });
  const again = askedAgain(record);
  return { reply, hasCalls: state.recorded > 0, asks: [...asked, ...(again ? [again] : [])].map(({ id }) => id) };
}

/** What the person is asked about, kept for their yes. */
function askedFor({ work, held, key, turnId, personId }: TurnRecord, { proposals }: TurnState): ApprovalDocument[] {
  if (proposals.length === 0 || personId === undefined) return [];
  const now = work.ports.clock.now();
  const approval = { turnId, personId, proposals, now, expiresAt: now + work.settings.approvalMs };
  return [createApproval(held.lease, key, approval)];
}

/** A no closes what was asked; a yes that came late keeps it open for another. */
function followedUp(record: TurnRecord): Change[] {
  const { work, decision } = record;
  const { approvalMs, transcriptTtlSeconds } = work.settings;
  if (decision?.kind === 'decline') return [closeApproval(decision.approval.document, transcriptTtlSeconds)];
  const again = askedAgain(record);
  return again ? [{ kind: 'patch', id: again.id, set: { expiresAt: work.ports.clock.now() + approvalMs } }] : [];
}

/** What is put to the person anew, because their yes to it came late. */
function askedAgain(record: TurnRecord): ApprovalDocument | undefined {
  const { decision, recorded } = record;
  return decision?.kind === 'run' && recorded.count === 0 && isLate(record) ? decision.approval.document : undefined;
}

/** What may pass later: the turn waits with its messages, and the person hears it once, in plain words. */
export async function parkTurn(record: TurnRecord, error: AppError): Promise<Ended> {
  const { work, held, turnId, messages, pending } = record;
  const { settings, ports } = work;
  const now = ports.clock.now();
  const [first] = messages;
  const attempt = first?.attempt ?? 0;
  if (now - (first?.replayedAt ?? first?.arrivedAt ?? now) > settings.maxAgeMs) return failTurn(record, error);
  const random = ports.ids.number(1_000) / 1_000;
  const wait = Math.max(error.retryAfterMs ?? 0, backoffMs(attempt, { baseMs: settings.parkMs, maxMs: longestParkMs, random }));
  const dueAt = now + wait;
  const reply = isToBeTold(error, messages[0]) ? replyOf(record, 'parked', [parkedText(error, wait)]) : undefined;
  const told = reply !== undefined || messages[0]?.told === true;
  await held.commit(
    [
      ...pending,
      ...parkMessages(messages, { turnId, dueAt, attempt: attempt + 1, reason: error.code, told }),
      ...(reply ? [{ kind: 'upsert' as const, document: reply }] : []),
    ],
    { buckets: spendTokens(record.buckets, record.spent.tokens) },
  );
  log('warn', 'turn.parked', { turn: turnId, attempt, waitMs: wait, vendor: error.vendor, ...errorFields(error) });
  annotateSpan({ outcome: 'parked', reason: error.code });
  return { reply };
}

// Who waits for a slot of our own waits for seconds: it is told only where it lasts.
const busyAttempts = 3;

/** A wait is told once: at first, or, where the first waits were for a slot of ours, once it is more than that. */
function isToBeTold({ code }: AppError, { attempt = 0, told = false }: Partial<MessageDocument> = {}): boolean {
  return !told && (code !== 'busy' || attempt >= busyAttempts);
}

/** What fails for good: recorded with its reason, and told once. */
export async function failTurn(record: TurnRecord, error: unknown): Promise<Ended> {
  const { work, held, turnId, messages, recorded, pending } = record;
  const ttl = work.settings.transcriptTtlSeconds;
  const told = error instanceof AppError ? error.told : 'Something went wrong on my side.';
  const words = record.contents.map(({ text }) => text).join('\n');
  const outcomes = knownOutcomes(record.answers, isWriteOf(work.tools)).map((line) => withoutForeignLinks(line, words).text);
  const sorry = apologise(told, { hasDoneSome: outcomes.length > 0 });
  // Where no message could be opened there is no chat to tell.
  const reply = record.contents.length === 0 ? undefined : replyOf(record, 'failed', [[sorry, ...outcomes].join('\n\n')]);
  const reason = errorCode(error);
  const now = work.ports.clock.now();
  await held.commit(
    [
      ...pending,
      ...endMessages(messages, turnId, ttl),
      ...endAnswers(turnId, recorded.count, now),
      { kind: 'upsert', document: createFailure(held.lease, { turnId, reason, messages, now, ttl }) },
      ...(reply ? [{ kind: 'upsert' as const, document: reply }] : []),
    ],
    { ended: messages.length, buckets: spend(record.buckets, record.spent.tokens) },
  );
  log('error', 'turn.failed', { turn: turnId, ...errorFields(error) });
  annotateSpan({ outcome: 'failed', reason });
  return { reply, hasCalls: recorded.count > 0 };
}

function replyOf(
  { work, held, key, turnId, messages, contents }: TurnRecord,
  name: string,
  texts: readonly string[],
): ReplyDocument {
  return createReply(held.lease, key, {
    name,
    turnId,
    run: runOf(messages),
    chatId: contents.at(-1)?.chatId ?? '',
    texts: texts.flatMap((text) => splitReply(text)),
    traceparent: currentTraceparent(),
    now: work.ports.clock.now(),
  });
}

const vendorNames = {
  openai: 'my language model',
  msgraph: 'Microsoft 365',
  entra: 'the Microsoft sign-in',
  postgres: 'my database',
  cosmos: 'my database',
} as const;

function parkedText({ code, vendor }: AppError, waitMs: number): string {
  if (code === 'rate-limited' && vendor === undefined) {
    const minutes = Math.max(1, Math.ceil(waitMs / 60_000));
    return `You have asked more of me than I can do for one person at a time. Your message is safe: I go on with it in about ${minutes} minute${minutes === 1 ? '' : 's'}.`;
  }
  const name = vendor && vendor in vendorNames ? vendorNames[vendor as keyof typeof vendorNames] : 'a service I need';
  return `I cannot reach ${name} at the moment. Your message is safe: I keep trying and answer as soon as it works.`;
}
