import { z } from 'zod';
import type { JournalEntry } from '../../kit/journal.ts';
import type { CollectedSpan } from '../../otlp/collector.ts';
import { parseJson } from './json.ts';

/** What a tool was called with and answered, as the model's stand-in was told. */
export interface ToolCall {
  readonly arguments: string;
  /** Undefined where the model was not asked again. */
  readonly result: string | undefined;
}

interface Asked {
  readonly callId: string;
  readonly name: string;
  readonly arguments: string;
}

const Answer = z.object({ output: z.array(z.unknown()) });
const FunctionCall = z.object({
  type: z.literal('function_call'),
  call_id: z.string(),
  name: z.string(),
  arguments: z.string(),
});
const Request = z.object({ input: z.array(z.unknown()) });
const FunctionCallOutput = z.object({ type: z.literal('function_call_output'), call_id: z.string(), output: z.unknown() });

export const isModelCall = ({ vendor, method, path }: JournalEntry): boolean =>
  vendor === 'openai' && method === 'POST' && /\/responses$/.test(path);

/** The call behind each `tool …` span, by span id: the last answer before it that asks for this tool at its position. */
export function findToolCalls(spans: readonly CollectedSpan[], entries: readonly JournalEntry[]): Map<string, ToolCall> {
  const asked = entries.filter(isModelCall).toSorted((a, b) => a.at.localeCompare(b.at));
  const answers = asked.map((entry) => ({ askedAt: Date.parse(entry.at), calls: callsOf(entry) }));
  const results = new Map(asked.flatMap(resultsOf));
  const found = new Map<string, ToolCall>();
  for (const { name, spanId, startedAt, attributes } of spans) {
    if (!name.startsWith('tool ')) continue;
    const position = Number(attributes.position ?? 0);
    const call = answers
      // Not by its end: the stand-in may note that later than the application went on.
      .filter(({ askedAt }) => askedAt <= startedAt)
      .map(({ calls }) => calls[position])
      .findLast((each) => each?.name.slice(0, 64) === name.slice('tool '.length));
    if (!call) continue;
    // The application makes ids its own where a server repeats them.
    const result = results.get(`${call.callId}_${position}`) ?? results.get(call.callId);
    found.set(spanId, { arguments: call.arguments, result });
  }
  return found;
}

function callsOf({ response }: JournalEntry): Asked[] {
  const answer = Answer.safeParse(parseJson(response));
  if (!answer.success) return [];
  return answer.data.output.flatMap((item) => {
    const call = FunctionCall.safeParse(item);
    return call.success ? [{ callId: call.data.call_id, name: call.data.name, arguments: call.data.arguments }] : [];
  });
}

function resultsOf({ body }: JournalEntry): [string, string][] {
  const request = Request.safeParse(parseJson(body));
  if (!request.success) return [];
  return request.data.input.flatMap((item): [string, string][] => {
    const result = FunctionCallOutput.safeParse(item);
    if (!result.success) return [];
    const { call_id: callId, output } = result.data;
    return [[callId, typeof output === 'string' ? output : JSON.stringify(output)]];
  });
}
