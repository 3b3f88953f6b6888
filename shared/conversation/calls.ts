import { z } from 'zod';
import { deriveUuid } from '../core/ids.ts';
import type { Change } from '../ports/conversations.ts';
import type { DataKey } from '../ports/data-keys.ts';
import { CallResult, RecordedCall, type CallsDocument } from '../ports/documents.ts';
import type { ConversationRef } from '../ports/bell.ts';
import { errorFields, log } from '../telemetry/index.ts';

/** An answer of the model with writes in it, as recorded: its calls never change, and no result of one does. */
export interface RecordedAnswer {
  readonly n: number;
  readonly calls: readonly RecordedCall[];
  /** Those that a batch has carried; an answer with one for each call is finished. */
  readonly results: readonly CallResult[] | undefined;
  /** The person said yes to exactly these. */
  readonly approved: boolean;
}

/** An answer about to be recorded. */
export interface NewAnswer {
  readonly turnId: string;
  readonly n: number;
  readonly calls: readonly RecordedCall[];
  readonly at: number;
  readonly personId: string | undefined;
  readonly approved: boolean;
}

/** The document that records an answer before the first of its calls is performed. */
export function recordAnswer(ref: ConversationRef, key: DataKey, answer: NewAnswer): CallsDocument {
  const { turnId, n, calls, at, personId, approved } = answer;
  const id = callsId(turnId, n);
  return {
    workspace: ref.workspace,
    conversationId: ref.conversationId,
    id,
    type: 'calls',
    turnId,
    n,
    open: true,
    at,
    ...(personId === undefined ? {} : { personId }),
    ...(approved ? { approved } : {}),
    tools: calls.map(({ name }) => name),
    sealed: key.seal(calls, id),
  };
}

/** The change that carries the results of a recorded answer, in whichever batch comes next. */
export function recordResults(key: DataKey, answer: { turnId: string; n: number; results: readonly CallResult[] }): Change {
  const id = callsId(answer.turnId, answer.n);
  return { kind: 'patch', id, set: { results: key.seal(answer.results, `${id}:results`) } };
}

/** Marks a turn's recorded answers as ended, in the batch that ends the turn; they stay due until they are audited. */
export function endAnswers(turnId: string, count: number, now: number): Change[] {
  return Array.from({ length: count }, (_, n) => ({ kind: 'patch', id: callsId(turnId, n), set: { ended: true, dueAt: now } }));
}

type IsWrite = (name: string) => boolean;

/** Tells the writes among the calls; what is no tool changes nothing. */
export function isWriteOf(tools: readonly { readonly name: string; readonly effect: 'read' | 'write' }[]): IsWrite {
  return (name) => tools.some((tool) => tool.name === name && tool.effect === 'write');
}

/** Opens the recorded answers of one turn, by `n`. @throws for one that cannot be opened. */
export function openAnswers(documents: readonly CallsDocument[], key: DataKey, turnId: string): RecordedAnswer[] {
  return documents
    .filter((document) => document.turnId === turnId)
    .sort((a, b) => a.n - b.n)
    .map(({ id, n, sealed, results, approved = false }) => ({
      n,
      approved,
      calls: z.array(RecordedCall).parse(key.open(sealed, id)),
      results: results === undefined ? undefined : z.array(CallResult).parse(key.open(results, `${id}:results`)),
    }));
}

/**
 * The recorded answers of one turn, for who must bring it to an end. What cannot be opened now never will be: without its
 * results an answer is finished like one that a lost worker left; without its calls it is over, and nobody can tell what
 * became of its writes.
 */
export function readAnswers(
  documents: readonly CallsDocument[],
  key: DataKey,
  { turnId, isWrite }: { turnId: string; isWrite: IsWrite },
): RecordedAnswer[] {
  const ofTurn = documents.filter((document) => document.turnId === turnId).sort((a, b) => a.n - b.n);
  return ofTurn.map((document) => {
    const { results, ...withoutResults } = document;
    const opened = tryToOpen(document, key) ?? (results === undefined ? undefined : tryToOpen(withoutResults, key));
    return opened ?? lostAnswer(document, isWrite);
  });
}

/** A recorded answer; undefined where it cannot be opened. */
export function tryToOpen(document: CallsDocument, key: DataKey): RecordedAnswer | undefined {
  try {
    return openAnswers([document], key, document.turnId)[0];
  } catch (error) {
    log('error', 'calls.unreadable', { turn: document.turnId, answer: document.n, ...errorFields(error) });
    return undefined;
  }
}

function lostAnswer({ n, tools, approved = false }: CallsDocument, isWrite: IsWrite): RecordedAnswer {
  const calls = tools.map((name, position) => ({ callId: `lost_${n}_${position}`, name, arguments: '{}' }));
  const output = JSON.stringify({ error: 'unknown-outcome', message: 'What was recorded of this call cannot be read' });
  const results = calls.map(({ callId, name }): CallResult =>
    isWrite(name)
      ? { callId, name, effect: 'write', status: 'unknown', output, receipt: unknownReceipt(name) }
      : { callId, name, effect: 'read', status: 'failed', output },
  );
  return { n, approved, calls, results };
}

/** What the person is told of a write that may have been done, or not. */
export function unknownReceipt(name: string): string {
  return `? I cannot tell whether this was done (${name.replaceAll('_', ' ')}): please check`;
}

/** What is known of a turn's writes, a line each: who gives up on it denies nothing that was done, or may have been. */
export function knownOutcomes(answers: readonly RecordedAnswer[], isWrite: IsWrite): string[] {
  return answers.flatMap(({ calls, results = [] }) => [
    ...results.flatMap(({ receipt }) => (receipt === undefined ? [] : [receipt])),
    ...calls
      .filter(({ callId, name }) => isWrite(name) && !results.some((result) => result.callId === callId))
      .map(({ name }) => unknownReceipt(name)),
  ]);
}

/** The vendor's idempotency key: by place in the turn, never by the model's own call id. */
export function writeKey(place: { turnId: string; n: number; position: number; name: string }): string {
  return deriveUuid('write', place.turnId, place.n, place.position, place.name);
}

function callsId(turnId: string, n: number): string {
  return `${turnId}:${n}`;
}
