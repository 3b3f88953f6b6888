import { AppError, asAppError } from '../../../core/errors.ts';
import type { CallResult, RecordedCall } from '../../../ports/documents.ts';
import type { ModelItem } from '../../../ports/model.ts';
import { errorFields, log } from '../../../telemetry/index.ts';
import { unknownReceipt } from '../../calls.ts';
import { nextOpen } from '../context/build-context.ts';
import type { PendingAnswer, TurnChanges, TurnContext, TurnState } from '../state.ts';
import type { ToolClient } from '../tool-client.ts';

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
  const { results, stopped } = await performAll(pending, tools);
  if (stopped?.retryable) {
    // What was written stays so, whatever becomes of the others; what was read is read afresh.
    if (pending.n !== undefined)
      context.noteResults(
        pending.n,
        results.filter(({ effect }) => effect === 'write'),
      );
    throw stopped;
  }
  if (stopped) {
    if (pending.n !== undefined) context.noteResults(pending.n, results);
    const failure = { code: stopped.code, told: stopped.told };
    return { pending: undefined, results: [...state.results, ...results], failure };
  }
  if (pending.n !== undefined) context.noteResults(pending.n, results);
  const calls =
    pending.resumed || pending.approved === true ? pending.calls.map((call): ModelItem => ({ kind: 'call', ...call })) : [];
  const outputs = results.map(({ callId, output }): ModelItem => ({ kind: 'result', callId, output }));
  return {
    pending: pending.resumed ? nextOpen(context.answers, pending.n) : undefined,
    results: [...state.results, ...results],
    items: [...state.items, ...calls, ...outputs],
  };
}

async function performAll(
  pending: PendingAnswer,
  tools: ToolClient,
): Promise<{ results: CallResult[]; stopped: AppError | undefined }> {
  const places = pending.calls.map((call, position) => ({ call, position, effect: tools.effectOf(call.name) }));
  const perform = ({ call, position, effect }: (typeof places)[number]) =>
    performOne(tools, { call, effect }, { n: pending.n, position, resumed: pending.resumed });
  const byPosition = new Map<number, CallResult | AppError>();
  for (const { call, position } of places) {
    const settled = pending.settled.find(({ callId }) => callId === call.callId);
    if (settled) byPosition.set(position, settled);
  }
  const open = places.filter(({ position }) => !byPosition.has(position));
  const reads = open
    .filter(({ effect }) => effect === 'read')
    .map(async (place) => byPosition.set(place.position, await perform(place)));
  for (const place of open.filter(({ effect }) => effect === 'write')) {
    const ended = await perform(place);
    byPosition.set(place.position, ended);
    // What follows may rest on it: it is tried again in the same order.
    if (ended instanceof AppError) break;
  }
  await Promise.all(reads);
  const ended = places.map(({ position }) => byPosition.get(position)).filter((one) => one !== undefined);
  const errors = ended.filter((one) => one instanceof AppError);
  return {
    results: ended.filter((one): one is CallResult => !(one instanceof AppError)),
    stopped: errors.find(({ retryable }) => retryable) ?? errors[0],
  };
}

/** The result of one call; an error that stops the turn is answered, not thrown, so that the others finish. */
async function performOne(
  tools: ToolClient,
  { call, effect }: { call: RecordedCall; effect: 'read' | 'write' },
  place: { n: number | undefined; position: number; resumed: boolean },
): Promise<CallResult | AppError> {
  const common = { callId: call.callId, name: call.name, effect };
  try {
    const { output, receipt } = await tools.call(call, place);
    return { ...common, status: 'done', output, ...(receipt === undefined ? {} : { receipt }) };
  } catch (error) {
    const known = asAppError(error);
    if (!known || known.retryable || known.code === 'sign-in-required') return known ?? bug(call.name, error);
    const status = known.code === 'unknown-outcome' ? 'unknown' : 'failed';
    const output = JSON.stringify({ error: known.code, message: known.message });
    const receipt = effect === 'write' ? failureReceipt(call.name, known) : undefined;
    return { ...common, status, output, ...(receipt === undefined ? {} : { receipt }) };
  }
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
