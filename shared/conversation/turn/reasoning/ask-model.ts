import { asAppError } from '../../../core/errors.ts';
import type { CallResult, RecordedCall } from '../../../ports/documents.ts';
import type { ModelItem } from '../../../ports/model.ts';
import { annotateSpan, withSpan } from '../../../telemetry/index.ts';
import type { Proposal } from '../../approvals.ts';
import { withOwnLinks } from '../communication/compose-reply.ts';
import type { PendingAnswer, TurnChanges, TurnContext, TurnState } from '../state.ts';
import { instructionsFor } from './instructions.ts';

const maxRounds = 6;
const maxCallsPerAnswer = 16;
const maxOutputTokens = 2_000;

/**
 * Asks the model once. An answer with writes among its calls is recorded before anything of it is performed; one with
 * reads alone is not: reading again costs nothing.
 */
export async function askModel(state: TurnState, context: TurnContext): Promise<TurnChanges> {
  const mayCall = state.rounds < maxRounds && context.clock.now() < context.deadline && state.tokens < context.maxTokens;
  const answer = await withSpan('model', { round: state.rounds }, async () => {
    const given = await context.model.answer(
      {
        instructions: instructionsFor(context, mayCall),
        items: state.items,
        tools: mayCall ? (context.tools?.tools ?? []) : [],
        maxOutputTokens,
      },
      context.signal,
    );
    annotateSpan({ model: given.model, ...given.usage, calls: given.calls.length });
    return given;
  });
  const tokens = state.tokens + answer.usage.inputTokens + answer.usage.outputTokens;
  const calls = uniqueIds(mayCall ? answer.calls.slice(0, maxCallsPerAnswer) : [], state.items);
  if (calls.length === 0) return { text: answer.text, author: 'model', pending: undefined, rounds: state.rounds + 1, tokens };
  const { pending, proposals } = await record(state, context, calls);
  return {
    rounds: state.rounds + 1,
    tokens,
    pending,
    proposals: [...state.proposals, ...proposals],
    recorded: state.recorded + (pending.n === undefined ? 0 : 1),
    items: [...state.items, ...calls.map((call): ModelItem => ({ kind: 'call', ...call }))],
  };
}

async function record(
  state: TurnState,
  context: TurnContext,
  calls: readonly RecordedCall[],
): Promise<{ pending: PendingAnswer; proposals: readonly Proposal[] }> {
  const isWrite = ({ name }: RecordedCall) => context.tools?.effectOf(name) === 'write';
  if (!calls.some(isWrite)) return { pending: { n: undefined, resumed: false, calls, settled: [] }, proposals: [] };
  if (context.isLate) return propose(context, calls, isWrite);
  await context.record(state.recorded, calls);
  return { pending: { n: state.recorded, resumed: false, calls, settled: [] }, proposals: [] };
}

/** The reads of an answer are performed; its writes are put to the person first, and the model is told so. */
function propose(
  context: TurnContext,
  calls: readonly RecordedCall[],
  isWrite: (call: RecordedCall) => boolean,
): { pending: PendingAnswer; proposals: readonly Proposal[] } {
  const proposals: Proposal[] = [];
  const settled = calls.filter(isWrite).map((call): CallResult => {
    const common = { callId: call.callId, name: call.name, effect: 'write' } as const;
    try {
      // The line is asked about now, and may be again: what others wrote in it brings no link into the chat.
      proposals.push({ call, line: withOwnLinks(context.describeCall(call), context) });
      return { ...common, status: 'proposed', output: JSON.stringify({ status: 'proposed', note: proposedNote }) };
    } catch (error) {
      const known = asAppError(error);
      if (!known) throw error;
      return { ...common, status: 'failed', output: JSON.stringify({ error: known.code, message: known.message }) };
    }
  });
  return { pending: { n: undefined, resumed: false, calls, settled }, proposals };
}

const proposedNote =
  'Not done. The message waited for long, so the application asks the person to confirm it, below your answer. Do not ask again.';

/** Some servers repeat call ids within an answer or a turn; a result must find its own call. */
function uniqueIds(calls: readonly RecordedCall[], items: readonly ModelItem[]): RecordedCall[] {
  const seen = new Set(items.flatMap((item) => (item.kind === 'call' ? [item.callId] : [])));
  return calls.map((call) => {
    let { callId } = call;
    for (let count = 1; callId === '' || seen.has(callId); count += 1) callId = `${call.callId}_${count}`;
    seen.add(callId);
    return { ...call, callId };
  });
}
