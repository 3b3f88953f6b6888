import type { CallResult } from '../../../ports/documents.ts';
import type { ModelItem } from '../../../ports/model.ts';
import type { RecordedAnswer } from '../../calls.ts';
import type { PendingAnswer, TurnChanges, TurnContext, TurnMessage } from '../state.ts';

/**
 * What the model is shown: the window of history, this turn's messages, and what an earlier worker recorded of this
 * turn. Recorded calls without results are finished before the model is asked anything.
 */
export function buildContext({ memory, messages, answers }: TurnContext): TurnChanges {
  // Made by a model from what others may have written: it is shown as talk, never as an instruction.
  const summary: ModelItem[] =
    memory.summary === '' ? [] : [{ kind: 'assistant', text: `[Earlier in this conversation: ${memory.summary}]` }];
  const history = memory.messages.map(({ role, text }): ModelItem => ({ kind: role, text }));
  const asked = messages.map((message): ModelItem => ({ kind: 'user', text: describe(message) }));
  const settled = answers.filter(isSettled);
  return {
    items: [...summary, ...history, ...asked, ...settled.flatMap(itemsOf)],
    results: settled.flatMap(({ results }) => results ?? []),
    recorded: answers.length,
    pending: nextOpen(answers),
  };
}

/** The next unfinished answer after the `n`-th: there are several where workers were lost between them. */
export function nextOpen(answers: readonly RecordedAnswer[], after = -1): PendingAnswer | undefined {
  const open = answers.find((answer) => answer.n > after && !isSettled(answer));
  return open && { n: open.n, resumed: true, calls: open.calls, settled: open.results ?? [] };
}

function isSettled({ calls, results = [] }: RecordedAnswer): boolean {
  return calls.every(({ callId }) => results.some((result) => result.callId === callId));
}

/** A call and its result as the model sees them. */
export function itemsOf({
  calls,
  results = [],
}: Pick<RecordedAnswer, 'calls'> & { results?: readonly CallResult[] | undefined }): ModelItem[] {
  return [
    ...calls.map((call): ModelItem => ({ kind: 'call', ...call })),
    ...results.map(({ callId, output }): ModelItem => ({ kind: 'result', callId, output })),
  ];
}

function describe({ text, hasMedia }: TurnMessage): string {
  if (!hasMedia) return text;
  return `${text}\n[The person attached a file. You cannot open files sent in the chat yet: say so.]`.trim();
}
