import { z } from 'zod';
import { deriveUuid } from '../core/ids.ts';
import type { Change } from '../ports/conversations.ts';
import type { DataKey } from '../ports/data-keys.ts';
import { CallResult, RecordedCall, type CallsDocument } from '../ports/documents.ts';
import type { ConversationRef } from '../ports/bell.ts';

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

/** Opens the recorded answers of one turn, by `n`. */
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

/** What is known of a turn's writes, a line each: who gives up on it denies nothing that was done, or may have been. */
export function knownOutcomes(answers: readonly RecordedAnswer[], isWrite: (name: string) => boolean): string[] {
  return answers.flatMap(({ calls, results = [] }) => [
    ...results.flatMap(({ receipt }) => (receipt === undefined ? [] : [receipt])),
    ...calls
      .filter(({ callId, name }) => isWrite(name) && !results.some((result) => result.callId === callId))
      .map(({ name }) => `? I cannot tell whether this was done (${name.replaceAll('_', ' ')}): please check`),
  ]);
}

/** The vendor's idempotency key: by place in the turn, never by the model's own call id. */
export function writeKey(place: { turnId: string; n: number; position: number; name: string }): string {
  return deriveUuid('write', place.turnId, place.n, place.position, place.name);
}

function callsId(turnId: string, n: number): string {
  return `${turnId}:${n}`;
}
