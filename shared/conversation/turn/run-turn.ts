import { log } from '../../telemetry/index.ts';
import type { TurnContext, TurnState } from './state.ts';
import { buildTurnGraph, graphVersion, initialState, type Checkpointer } from './turn-graph.ts';

/** The thread of a turn in the checkpointer: of this turn, this run of it and this version of the graph only. */
export function threadOf(turnId: string, run = 0): string {
  return `${turnId}:v${graphVersion}${run === 0 ? '' : `:run-${run}`}`;
}

/**
 * Runs a turn's graph to its end, going on from a checkpoint where one fits. A checkpoint only saves work: where it
 * does not agree with the recorded calls, the turn starts again, finishing those first.
 * @throws {AppError} what may pass later; the state so far is in the checkpoint.
 */
export async function runTurn(context: TurnContext, checkpointer: Checkpointer, runNumber = 0): Promise<TurnState> {
  const graph = buildTurnGraph(context, checkpointer);
  const thread = { configurable: { thread_id: threadOf(context.turnId, runNumber) } };
  const run = { ...thread, durability: 'exit' as const, signal: context.signal, recursionLimit: 40 };
  const before = await graph.getState(thread);
  const saved = before.values as Partial<TurnState>;
  const isSaved = before.config.configurable?.['checkpoint_id'] !== undefined;
  const fits = isSaved && saved.recorded === context.answers.length && !saved.pending;
  if (fits && before.next.length === 0) return { ...initialState, ...saved };
  if (fits) return graph.invoke(null, run);
  if (isSaved) {
    log('info', 'turn.checkpoint-discarded', { turn: context.turnId });
    await checkpointer.deleteThread(thread.configurable.thread_id);
  }
  return graph.invoke(initialState, run);
}
