import { AppError, errorCode } from '../../core/errors.ts';
import { backoffMs } from '../../core/retry.ts';
import type { Change } from '../../ports/conversations.ts';
import type { ReplyDocument } from '../../ports/documents.ts';
import { annotateSpan, currentTraceparent, errorFields, log } from '../../telemetry/index.ts';
import { closeAnswers, openAnswers } from '../calls.ts';
import { createFailure, createMemory, createReply, endMessages, parkMessages } from './turn-documents.ts';
import { splitReply } from './communication/split-reply.ts';
import type { TurnState } from './state.ts';
import type { TurnRecord } from './turn-work.ts';

/** How a turn left the conversation: the reply that its last batch created, if any. */
export interface Ended {
  readonly reply: ReplyDocument | undefined;
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
  const changes: Change[] = [
    ...pending,
    ...endMessages(messages, turnId, ttl),
    ...closeAnswers(turnId, state.recorded, ttl),
    { kind: 'create', document: reply },
  ];
  if (state.memory) changes.push({ kind: 'upsert', document: createMemory(held.lease, key, { content: state.memory, turns }) });
  if (failed) changes.push({ kind: 'upsert', document: createFailure(held.lease, { turnId, reason: failed, messages, now }) });
  await held.commit(changes);
  if (failed) log('error', 'turn.failed', { turn: turnId, code: failed });
  annotateSpan({
    outcome: failed ? 'failed' : 'answered',
    rounds: state.rounds,
    writes: state.results.filter(({ effect }) => effect === 'write').length,
  });
  return { reply };
}

/** What may pass later: the turn waits with its messages, and the person hears it once, in plain words. */
export async function parkTurn(record: TurnRecord, error: AppError): Promise<Ended> {
  const { work, held, turnId, messages, pending } = record;
  const { settings, ports } = work;
  const now = ports.clock.now();
  const attempt = messages[0]?.attempt ?? 0;
  if (now - (messages[0]?.arrivedAt ?? now) > settings.maxAgeMs) return failTurn(record, error);
  const random = ports.ids.number(1_000) / 1_000;
  const wait = Math.max(error.retryAfterMs ?? 0, backoffMs(attempt, { baseMs: settings.parkMs, maxMs: longestParkMs, random }));
  const dueAt = now + wait;
  const reply = attempt === 0 ? replyOf(record, 'parked', [parkedText(error)]) : undefined;
  await held.commit([
    ...pending,
    ...parkMessages(messages, { turnId, dueAt, attempt: attempt + 1, reason: error.code }),
    ...(reply ? [{ kind: 'upsert' as const, document: reply }] : []),
  ]);
  log('warn', 'turn.parked', { turn: turnId, attempt, waitMs: wait, vendor: error.vendor, ...errorFields(error) });
  annotateSpan({ outcome: 'parked', reason: error.code });
  return { reply };
}

/** What fails for good: recorded with its reason, and told once. */
export async function failTurn(record: TurnRecord, error: unknown): Promise<Ended> {
  const { work, held, turnId, messages, recorded, pending } = record;
  const ttl = work.settings.transcriptTtlSeconds;
  const told = error instanceof AppError ? error.told : 'Something went wrong on my side.';
  const outcomes = knownOutcomes(record);
  const sorry = `Sorry, I could not ${outcomes.length === 0 ? 'do' : 'finish'} that. ${told} It is noted, and somebody can look into it.`;
  // Where no message could be opened there is no chat to tell.
  const reply = record.contents.length === 0 ? undefined : replyOf(record, 'failed', [[sorry, ...outcomes].join('\n\n')]);
  const reason = errorCode(error);
  await held.commit([
    ...pending,
    ...endMessages(messages, turnId, ttl),
    ...closeAnswers(turnId, recorded.count, ttl),
    { kind: 'upsert', document: createFailure(held.lease, { turnId, reason, messages, now: work.ports.clock.now() }) },
    ...(reply ? [{ kind: 'upsert' as const, document: reply }] : []),
  ]);
  log('error', 'turn.failed', { turn: turnId, ...errorFields(error) });
  annotateSpan({ outcome: 'failed', reason });
  return { reply };
}

/** What earlier workers of the turn are known to have done, or may have: a failed turn denies none of it. */
function knownOutcomes({ partition, key, turnId, work }: TurnRecord): string[] {
  const isWrite = (name: string) => work.tools.some((tool) => tool.name === name && tool.effect === 'write');
  return openAnswers(partition.calls, key, turnId).flatMap(({ calls, results = [] }) => [
    ...results.flatMap(({ receipt }) => (receipt === undefined ? [] : [receipt])),
    ...calls
      .filter(({ callId, name }) => isWrite(name) && !results.some((result) => result.callId === callId))
      .map(({ name }) => `? I cannot tell whether this was done (${name.replaceAll('_', ' ')}): please check`),
  ]);
}

function replyOf({ work, held, key, turnId, contents }: TurnRecord, name: string, texts: readonly string[]): ReplyDocument {
  return createReply(held.lease, key, {
    name,
    turnId,
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

function parkedText({ vendor }: AppError): string {
  const name = vendor && vendor in vendorNames ? vendorNames[vendor as keyof typeof vendorNames] : 'a service I need';
  return `I cannot reach ${name} at the moment. Your message is safe: I keep trying and answer as soon as it works.`;
}
