import { AppError, asAppError } from '../../../core/errors.ts';
import type { CallResult, RecordedCall } from '../../../ports/documents.ts';
import type { ModelItem } from '../../../ports/model.ts';
import { errorFields, log } from '../../../telemetry/index.ts';
import { unknownReceipt } from '../../calls.ts';
import { nextOpen } from '../context/build-context.ts';
import type { PendingAnswer, TurnChanges, TurnContext, TurnState } from '../state.ts';
import type { CallPlace, ToolClient } from '../tool-client.ts';

/**
 * Performs the calls of one answer: reads in parallel, writes in the order given. What ends the turn, an expired grant or
 * a bug, is its `failure`, told beside what was done.
 * @throws {AppError} a retryable error, after every call was tried: the turn is parked, and its recorded calls are
 *   finished by whoever goes on with it.
 */
export async function performCalls(state: TurnState, context: TurnContext): Promise<TurnChanges> {
  const { pending } = state;
  const { tools } = context;
  if (!pending || !tools) return { pending: undefined };
  const { ended, stopped } = await performAll(pending, tools);
  if (stopped?.retryable) {
    // What was written stays so, whatever becomes of the others; what was read is read afresh.
    const final = ended.flatMap(({ result, isFinal }) => (result?.effect === 'write' && isFinal ? [result] : []));
    if (pending.n !== undefined) context.noteResults(pending.n, final);
    throw stopped;
  }
  const results = ended.flatMap(({ result }) => result ?? []);
  if (pending.n !== undefined) context.noteResults(pending.n, results);
  if (stopped) {
    const failure = { code: stopped.code, told: stopped.told };
    return { pending: undefined, results: [...state.results, ...results], failure };
  }
  const calls =
    pending.resumed || pending.approved === true ? pending.calls.map((call): ModelItem => ({ kind: 'call', ...call })) : [];
  const outputs = results.map(({ callId, output }): ModelItem => ({ kind: 'result', callId, output }));
  return {
    pending: pending.resumed ? nextOpen(context.answers, pending.n) : undefined,
    results: [...state.results, ...results],
    items: [...state.items, ...calls, ...outputs],
  };
}

/** How a call ended. What is not final is told only where the turn ends with it: who goes on with it tries the call again. */
interface Ended {
  readonly result?: CallResult;
  /** Ends the turn, or parks it. */
  readonly stopped?: AppError;
  readonly isFinal: boolean;
}

async function performAll(
  pending: PendingAnswer,
  tools: ToolClient,
): Promise<{ ended: readonly Ended[]; stopped: AppError | undefined }> {
  const places = pending.calls.map((call, position) => ({ call, position, effect: tools.effectOf(call.name) }));
  const perform = ({ call, position, effect }: (typeof places)[number]) =>
    performOne(tools, { call, effect }, { n: pending.n, position, resumed: pending.resumed });
  const byPosition = new Map<number, Ended>();
  for (const { call, position } of places) {
    const result = pending.settled.find(({ callId }) => callId === call.callId);
    if (result) byPosition.set(position, { result, isFinal: true });
  }
  const open = places.filter(({ position }) => !byPosition.has(position));
  const reads = open
    .filter(({ effect }) => effect === 'read')
    .map(async (place) => byPosition.set(place.position, await perform(place)));
  for (const place of open.filter(({ effect }) => effect === 'write')) {
    const one = await perform(place);
    byPosition.set(place.position, one);
    // What follows may rest on it: it is tried again in the same order.
    if (one.stopped) break;
  }
  await Promise.all(reads);
  const ended = places.flatMap(({ call, position, effect }): Ended[] => {
    const one = byPosition.get(position);
    // An earlier worker may have come as far as that.
    if (one) return [one];
    return pending.resumed && effect === 'write' ? [{ result: unknownResult(call), isFinal: false }] : [];
  });
  const errors = ended.flatMap(({ stopped }) => stopped ?? []);
  return { ended, stopped: errors.find(({ retryable }) => retryable) ?? errors[0] };
}

/** The result of one call; an error that stops the turn is answered, not thrown, so that the others finish. */
async function performOne(
  tools: ToolClient,
  { call, effect }: { call: RecordedCall; effect: 'read' | 'write' },
  place: Omit<CallPlace, 'attempt'>,
): Promise<Ended> {
  const attempt: CallPlace['attempt'] = { mayBeDone: place.resumed };
  const common = { callId: call.callId, name: call.name, effect };
  try {
    const { output, receipt } = await tools.call(call, { ...place, attempt });
    return { result: { ...common, status: 'done', output, ...(receipt === undefined ? {} : { receipt }) }, isFinal: true };
  } catch (error) {
    const known = asAppError(error);
    const inDoubt = effect === 'write' && isInDoubt(attempt, known) ? { result: unknownResult(call, known) } : undefined;
    if (!known || known.retryable || known.code === 'sign-in-required')
      return { stopped: known ?? bug(call.name, error), ...inDoubt, isFinal: false };
    if (inDoubt) return { ...inDoubt, isFinal: true };
    const status = known.code === 'unknown-outcome' ? 'unknown' : 'failed';
    const output = JSON.stringify({ error: known.code, message: known.message });
    const receipt = effect === 'write' ? failureReceipt(call.name, known) : undefined;
    return { result: { ...common, status, output, ...(receipt === undefined ? {} : { receipt }) }, isFinal: true };
  }
}

/** Whether it may have been done: not where its arguments are refused, which they were at every try. */
function isInDoubt({ mayBeDone, isLetThrough }: CallPlace['attempt'], error: AppError | undefined): boolean {
  return mayBeDone && (isLetThrough === true || error?.code !== 'invalid-input');
}

/** Of a write that an earlier try may have done: that it cannot be done now says nothing of then. */
function unknownResult({ callId, name }: RecordedCall, why?: AppError): CallResult {
  const message = ['Whether it was done cannot be told', ...(why ? [why.message] : [])].join(': ');
  const output = JSON.stringify({ error: 'unknown-outcome', message });
  return { callId, name, effect: 'write', status: 'unknown', output, receipt: unknownReceipt(name) };
}

function failureReceipt(name: string, { code }: AppError): string | undefined {
  // What the model can mend by asking is its to tell; what it cannot, ours.
  if (code === 'unknown-outcome') return unknownReceipt(name);
  if (code === 'invalid-input') return undefined;
  return `✗ Not done (${name.replaceAll('_', ' ')})`;
}

function bug(tool: string, error: unknown): AppError {
  log('error', 'tool.bug', { tool: tool.slice(0, 64), ...errorFields(error) });
  return new AppError('unknown-outcome', 'A tool failed in a way it should not', { cause: error });
}
