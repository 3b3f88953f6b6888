import { asAppError } from '../../core/errors.ts';
import { errorFields, log } from '../../telemetry/index.ts';
import { isSettled } from './context/build-context.ts';
import { holdCheckpoints, type HeldCheckpoints } from './held-checkpoints.ts';
import type { TurnContext, TurnState } from './state.ts';
import { buildTurnGraph, graphVersion, initialState, type Checkpointer } from './turn-graph.ts';

/** The thread of a turn in the checkpointer: of this turn, this run of it and this version of the graph only. */
export function threadOf(turnId: string, run = 0): string {
  return `${turnId}:v${graphVersion}${run === 0 ? '' : `:run-${run}`}`;
}

/** Which run of a turn it is, and whether anything of it can have been stored before. */
export interface TurnRun {
  readonly run: number;
  readonly isFresh: boolean;
}

/** A turn that came to its end, which is not committed yet. */
export interface FinishedTurn {
  readonly state: TurnState;
  /** Stores that it did, for whoever goes on where the end cannot be committed. */
  keep(): Promise<void>;
}

/**
 * Runs a turn's graph to its end, going on from a checkpoint where one fits. A checkpoint only saves work: where it
 * does not agree with the recorded calls, the turn starts again, finishing those first.
 * @throws {AppError} what may pass later; the state so far is in the checkpoint.
 */
export async function runTurn(context: TurnContext, stored: Checkpointer, given: TurnRun): Promise<FinishedTurn> {
  const held = holdCheckpoints(stored, given);
  const keep = () => held.store().catch((failed: unknown) => log('warn', 'turn.checkpoint-not-stored', errorFields(failed)));
  try {
    return { state: await runGraph(context, { stored, held }, given), keep };
  } catch (error) {
    await keep();
    throw error;
  }
}

async function runGraph(
  context: TurnContext,
  { stored, held }: { stored: Checkpointer; held: HeldCheckpoints },
  { run, isFresh }: TurnRun,
): Promise<TurnState> {
  const graph = buildTurnGraph(context, held.checkpointer);
  const threadId = threadOf(context.turnId, run);
  const thread = { configurable: { thread_id: threadId } };
  const options = { ...thread, durability: 'exit' as const, signal: context.signal, recursionLimit: 40 };
  if (isFresh) return graph.invoke(initialState, options);
  const before = await unlessUnreadable(context, () => graph.getState(thread));
  if (!before) {
    await stored.deleteThread(threadId);
    return graph.invoke(initialState, options);
  }
  const saved = before.values as Partial<TurnState>;
  const isSaved = before.config.configurable?.['checkpoint_id'] !== undefined;
  // What Cosmos does not hold the results of is finished from there, whatever the thread says.
  const fits = isSaved && saved.recorded === context.answers.length && !saved.pending && context.answers.every(isSettled);
  if (fits && before.next.length === 0) return { ...initialState, ...saved };
  if (fits) return graph.invoke(null, options);
  if (isSaved) {
    log('info', 'turn.checkpoint-discarded', { turn: context.turnId });
    await stored.deleteThread(threadId);
  }
  return graph.invoke(initialState, options);
}

/** What a checkpoint says; undefined for one that cannot be read, now or ever. @throws {AppError} what may pass later. */
async function unlessUnreadable<T>({ turnId }: TurnContext, read: () => Promise<T>): Promise<T | undefined> {
  try {
    return await read();
  } catch (error) {
    if (asAppError(error)?.retryable) throw error;
    log('error', 'turn.checkpoint-unreadable', { turn: turnId, ...errorFields(error) });
    return undefined;
  }
}
