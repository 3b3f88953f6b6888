import type { CallResult } from '../../../ports/documents.ts';
import type { ModelItem } from '../../../ports/model.ts';
import { askFor, numberOf, type Decision, type OpenApproval } from '../../approvals.ts';
import type { RecordedAnswer } from '../../calls.ts';
import type { PendingAnswer, TurnChanges, TurnContext, TurnMessage } from '../state.ts';

/**
 * What the model is shown: the window of history, this turn's messages, and what an earlier worker recorded of this
 * turn. Recorded calls without results are finished before the model is asked anything; so are calls that the person
 * said yes to, which are recorded here.
 */
export async function buildContext(context: TurnContext): Promise<TurnChanges> {
  const { memory, messages, answers, decision } = context;
  // Made by a model from what others may have written: it is shown as talk, never as an instruction.
  const summary: ModelItem[] =
    memory.summary === '' ? [] : [{ kind: 'assistant', text: `[Earlier in this conversation: ${memory.summary}]` }];
  const history = memory.messages.map(({ role, text }): ModelItem => ({ kind: role, text }));
  const asked = messages.map((message): ModelItem => ({ kind: 'user', text: describe(message) }));
  const settled = answers.filter(isSettled);
  const changes: TurnChanges = {
    items: [...summary, ...history, ...asked, ...settled.flatMap(itemsOf)],
    results: settled.flatMap(({ results }) => results ?? []),
    recorded: answers.length,
    pending: nextOpen(answers),
  };
  if (decision === undefined || answers.length > 0) return changes;
  return { ...changes, ...(await followDecision(decision, context)) };
}

/** A yes records the calls that were approved, as they were; anything else is answered by us. */
async function followDecision(decision: Decision, { recordApproved, isLate }: TurnContext): Promise<TurnChanges> {
  if (decision.kind === 'which') return { text: whichOf(decision.approvals), author: 'application' };
  if (decision.kind === 'decline') return { text: 'All right, I leave it.', author: 'application' };
  const { lines } = decision.approval;
  if (isLate)
    return { text: `Your answer took a while to reach me. Do you still want this?\n${askFor(lines)}`, author: 'application' };
  const calls = decision.approval.calls.map((call, index) => ({ ...call, callId: `approved_${index}` }));
  await recordApproved(decision.approval, calls);
  // As a resumed answer is: it was not asked of the model in this turn, and its calls are shown with their results.
  return { recorded: 1, pending: { n: 0, resumed: false, approved: true, calls, settled: [] } };
}

function whichOf(approvals: readonly OpenApproval[]): string {
  const questions = approvals.map(({ lines, document }) => askFor(lines, numberOf(document)));
  return ['Say it with its number, so that I do the one you mean:', ...questions].join('\n\n');
}

/** The next unfinished answer after the `n`-th: there are several where workers were lost between them. */
export function nextOpen(answers: readonly RecordedAnswer[], after = -1): PendingAnswer | undefined {
  const open = answers.find((answer) => answer.n > after && !isSettled(answer));
  return open && { n: open.n, resumed: true, calls: open.calls, settled: open.results ?? [] };
}

export function isSettled({ calls, results = [] }: RecordedAnswer): boolean {
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
