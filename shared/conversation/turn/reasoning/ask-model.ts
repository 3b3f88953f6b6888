import type { RecordedCall } from '../../../ports/documents.ts';
import type { ModelItem } from '../../../ports/model.ts';
import { annotateSpan, withSpan } from '../../../telemetry/index.ts';
import type { TurnChanges, TurnContext, TurnState } from '../state.ts';
import { instructionsFor } from './instructions.ts';

const maxRounds = 6;
const maxCallsPerAnswer = 16;
const maxOutputTokens = 2_000;

/**
 * Asks the model once. An answer with writes among its calls is recorded before anything of it is performed; one with
 * reads alone is not: reading again costs nothing.
 */
export async function askModel(state: TurnState, context: TurnContext): Promise<TurnChanges> {
  const mayCall = state.rounds < maxRounds && context.clock.now() < context.deadline;
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
  const calls = uniqueIds(mayCall ? answer.calls.slice(0, maxCallsPerAnswer) : [], state.items);
  if (calls.length === 0) return { text: answer.text, author: 'model', pending: undefined, rounds: state.rounds + 1 };
  const pending = await record(state, context, calls);
  return {
    rounds: state.rounds + 1,
    pending,
    recorded: state.recorded + (pending.n === undefined ? 0 : 1),
    items: [...state.items, ...calls.map((call): ModelItem => ({ kind: 'call', ...call }))],
  };
}

async function record(state: TurnState, context: TurnContext, calls: readonly RecordedCall[]) {
  const hasWrites = calls.some(({ name }) => context.tools?.effectOf(name) === 'write');
  if (!hasWrites) return { n: undefined, resumed: false, calls, settled: [] };
  await context.record(state.recorded, calls);
  return { n: state.recorded, resumed: false, calls, settled: [] };
}

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
