import { z } from 'zod';
import { omit } from '../omit.ts';
import { invalidRequest, notPlayed } from './errors.ts';
import { parseAs, unsupportedValue } from './parse.ts';

/** What the model reads of one input item. Reasoning is passed by: the rules have none. */
export type ConversationItem =
  | { readonly kind: 'message'; readonly role: 'user' | 'assistant' | 'system' | 'developer'; readonly text: string }
  | { readonly kind: 'call'; readonly callId: string; readonly name: string; readonly arguments: string }
  | { readonly kind: 'result'; readonly callId: string; readonly output: string };

const status = z.enum(['in_progress', 'completed', 'incomplete']).nullish();
const itemId = z.string().nullish();
const caller = z.object({ type: z.literal('direct') }).nullish();

const Message = z.strictObject({
  type: z.literal('message').optional(),
  id: itemId,
  role: z.enum(['user', 'assistant', 'system', 'developer']),
  content: z.unknown(),
  status,
  phase: z.enum(['commentary', 'final_answer']).nullish(),
});
const InputText = z.strictObject({ type: z.literal('input_text'), text: z.string() });
const OutputText = z.strictObject({
  type: z.literal('output_text'),
  text: z.string(),
  annotations: z.array(z.unknown()).nullish(),
  logprobs: z.array(z.unknown()).nullish(),
  // The SDK's own addition to what it parsed, sent back by those who pass the output on whole.
  parsed: z.unknown().optional(),
});
const Refusal = z.strictObject({ type: z.literal('refusal'), refusal: z.string() });
const FunctionCall = z.strictObject({
  type: z.literal('function_call'),
  id: itemId,
  call_id: z.string().min(1).max(64),
  name: z.string().min(1).max(128),
  arguments: z.string(),
  status,
  caller,
  namespace: z.string().nullish(),
});
const FunctionCallOutput = z.strictObject({
  type: z.literal('function_call_output'),
  id: itemId,
  call_id: z.string().min(1).max(64),
  output: z.union([z.string().max(10_485_760), z.array(InputText)]),
  status,
  caller,
});
const Reasoning = z.strictObject({
  type: z.literal('reasoning'),
  id: z.string(),
  summary: z.array(z.unknown()),
  content: z.array(z.unknown()).nullish(),
  encrypted_content: z.string().nullish(),
  status,
});

type ItemReader = (raw: Record<string, unknown>, at: string) => ConversationItem | undefined;

const readers: Readonly<Record<string, ItemReader>> = {
  message: readMessage,
  function_call: (raw, at) => {
    // The SDK's `parse` adds `parsed_arguments` to the calls it returns; it comes back when they are passed on whole.
    const item = parseAs(FunctionCall, omit(raw, 'parsed_arguments'), at);
    checkId(item.id, 'fc', at);
    return { kind: 'call', callId: item.call_id, name: item.name, arguments: item.arguments };
  },
  function_call_output: (raw, at) => {
    const item = parseAs(FunctionCallOutput, raw, at);
    const { output } = item;
    return {
      kind: 'result',
      callId: item.call_id,
      output: typeof output === 'string' ? output : output.map(({ text }) => text).join('\n'),
    };
  },
  reasoning: (raw, at) => {
    checkId(parseAs(Reasoning, raw, at).id, 'rs', at);
    return undefined;
  },
};

/** The raw items of a request's `input`, a plain string being one message of the user. */
export function inputItems(input: unknown): unknown[] {
  if (typeof input === 'string') return [{ type: 'message', role: 'user', content: [{ type: 'input_text', text: input }] }];
  return parseAs(z.array(z.unknown()), input, 'input');
}

/** @param earlier How many of the items come from stored responses: the others are counted from nought in an error. */
export function readItems(raw: readonly unknown[], earlier = 0): ConversationItem[] {
  const items = raw.flatMap((each, index) => readItem(each, `input[${index - earlier}]`) ?? []);
  checkPairs(items);
  return items;
}

function readItem(raw: unknown, at: string): ConversationItem | undefined {
  const item = parseAs(z.record(z.string(), z.unknown()), raw, at);
  const type = item.type ?? 'message';
  const read = typeof type === 'string' && Object.hasOwn(readers, type) ? readers[type] : undefined;
  if (!read) throw unsupportedValue(type, Object.keys(readers), at);
  return read(item, at);
}

function readMessage(raw: Record<string, unknown>, at: string): ConversationItem {
  const { id, role, content } = parseAs(Message, raw, at);
  checkId(id, 'msg', at);
  if (typeof content === 'string') return { kind: 'message', role, text: content };
  const parts = parseAs(z.array(z.looseObject({ type: z.string() })), content, `${at}.content`);
  const text = parts.map((part, index) => readPart(part, role, `${at}.content[${index}]`)).join('\n');
  return { kind: 'message', role, text };
}

function readPart(part: { type: string }, role: string, at: string): string {
  const supported = role === 'assistant' ? ['output_text', 'refusal'] : ['input_text', 'input_image', 'input_file'];
  if (!supported.includes(part.type)) throw unsupportedValue(part.type, supported, at);
  if (part.type === 'output_text') return parseAs(OutputText, part, at).text;
  if (part.type === 'refusal') return parseAs(Refusal, part, at).refusal;
  if (part.type === 'input_text') return parseAs(InputText, part, at).text;
  throw notPlayed(`${at}.type=${part.type}`);
}

function checkId(id: string | null | undefined, prefix: string, at: string): void {
  if (id === undefined || id === null || id.startsWith(prefix)) return;
  throw invalidRequest(`Invalid '${at}.id': '${id}'. Expected an ID that begins with '${prefix}'.`, `${at}.id`, 'invalid_value');
}

/** Every call must have its output after it, and every output its call before it. */
function checkPairs(items: readonly ConversationItem[]): void {
  const open = new Set<string>();
  const called = new Set<string>();
  for (const item of items) {
    if (item.kind === 'call') {
      open.add(item.callId);
      called.add(item.callId);
    } else if (item.kind === 'result') {
      if (!called.has(item.callId)) {
        throw invalidRequest(`No tool call found for function call output with call_id ${item.callId}.`, 'input', null);
      }
      open.delete(item.callId);
    }
  }
  const [unanswered] = open;
  if (unanswered !== undefined) throw invalidRequest(`No tool output found for function call ${unanswered}.`, 'input', null);
}
