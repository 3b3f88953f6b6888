import { countTokens, newCallId, newId } from '../ids.ts';
import type { RulesAnswer } from '../rules/answer.ts';
import type { ResponseRequest } from './request.ts';
import { isObject } from './strict-schema.ts';

export type OutputItem = Record<string, unknown> & { type: string; id: string; status?: string };
export type WireResponse = Record<string, unknown> & { id: string; status: string; output: OutputItem[] };

/** What a response says where the request says nothing. */
const unsaid = {
  instructions: null,
  max_output_tokens: null,
  max_tool_calls: null,
  metadata: {},
  parallel_tool_calls: true,
  previous_response_id: null,
  prompt_cache_key: null,
  safety_identifier: null,
  store: true,
  temperature: 1,
  top_logprobs: 0,
  top_p: 1,
  truncation: 'disabled',
};
const unsaidTool = { description: null, parameters: null, strict: true };

const pick = (body: ResponseRequest['body']) =>
  Object.fromEntries(Object.entries(body).filter(([name]) => Object.hasOwn(unsaid, name)));

/** What a response says of its request, before there is an answer; `status` is still in progress. */
export function openResponse({ body, ...request }: ResponseRequest, model: string, nowMs: number): WireResponse {
  return {
    id: newId('resp'),
    object: 'response',
    created_at: Math.floor(nowMs / 1000),
    status: 'in_progress',
    background: false,
    error: null,
    incomplete_details: null,
    model,
    output: [],
    reasoning: { effort: body.reasoning?.effort ?? null, summary: body.reasoning?.summary ?? null },
    text: { format: withoutNulls(request.format), verbosity: request.verbosity },
    tool_choice: request.toolChoice.raw,
    tools: request.tools.map((tool) => ({ ...unsaidTool, ...withoutNulls(tool) })),
    ...unsaid,
    ...withoutNulls(pick(body)),
    service_tier: 'default',
    ...(typeof body.user === 'string' ? { user: body.user } : {}),
  };
}

export function outputOf({ text, calls }: RulesAnswer): OutputItem[] {
  const said = text === '' && calls.length > 0 ? [] : [messageItem(text)];
  return [
    ...said,
    ...calls.map((call) => ({
      id: newId('fc'),
      type: 'function_call',
      status: 'completed',
      arguments: JSON.stringify(call.arguments),
      call_id: newCallId(),
      name: call.name,
    })),
  ];
}

export function messageItem(text: string): OutputItem {
  return {
    id: newId('msg'),
    type: 'message',
    status: 'completed',
    content: [{ type: 'output_text', annotations: [], logprobs: [], text }],
    role: 'assistant',
  };
}

/** The finished response; an answer longer than `max_output_tokens` is cut off where they end. */
export function closeResponse(
  open: WireResponse,
  output: readonly OutputItem[],
  { request, nowMs }: { request: ResponseRequest; nowMs: number },
): WireResponse {
  const cut = cutOutput(output, request.body.max_output_tokens ?? Infinity);
  return {
    ...open,
    status: cut.isCut ? 'incomplete' : 'completed',
    incomplete_details: cut.isCut ? { reason: 'max_output_tokens' } : null,
    ...(cut.isCut ? {} : { completed_at: Math.floor(nowMs / 1000) }),
    output: cut.output,
    usage: usageOf(countInput(request), countOutput(cut.output)),
  };
}

export function usageOf(input: number, output: number): Record<string, unknown> {
  return {
    input_tokens: input,
    input_tokens_details: { cached_tokens: 0, cache_write_tokens: 0 },
    output_tokens: output,
    output_tokens_details: { reasoning_tokens: 0 },
    total_tokens: input + output,
  };
}

export function countInput({ body, items, tools, format }: ResponseRequest): number {
  const texts = items.map((item) => (item.kind === 'message' ? item.text : item.kind === 'call' ? item.arguments : item.output));
  const shown = [body.instructions ?? '', ...texts, ...(tools.length > 0 ? [JSON.stringify(tools)] : [])];
  const schema = format.type === 'json_schema' ? countTokens(JSON.stringify(format.schema)) : 0;
  // Each item costs a few tokens of its own.
  return shown.reduce((sum, text) => sum + countTokens(text), schema + items.length * 4);
}

export function countOutput(output: readonly OutputItem[]): number {
  return output.reduce((sum, item) => sum + countTokens(textOf(item)), 0);
}

export function textOf(item: OutputItem): string {
  if (typeof item.arguments === 'string') return item.arguments;
  if (!Array.isArray(item.content)) return '';
  return item.content.map((part) => (isObject(part) && typeof part.text === 'string' ? part.text : '')).join('');
}

function cutOutput(output: readonly OutputItem[], maxTokens: number): { output: OutputItem[]; isCut: boolean } {
  let left = maxTokens * 4;
  const kept: OutputItem[] = [];
  for (const item of output) {
    const text = textOf(item);
    if (text.length > left) return { output: [...kept, shorten(item, text.slice(0, left))], isCut: true };
    left -= text.length;
    kept.push(item);
  }
  return { output: kept, isCut: false };
}

function shorten(item: OutputItem, text: string): OutputItem {
  if (item.type === 'function_call') return { ...item, arguments: text, status: 'incomplete' };
  return { ...item, content: [{ type: 'output_text', annotations: [], logprobs: [], text }], status: 'incomplete' };
}

function withoutNulls(value: object): object {
  return Object.fromEntries(Object.entries(value).filter(([, each]) => each !== null && each !== undefined));
}
