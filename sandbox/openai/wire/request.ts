import { z } from 'zod';
import { invalidRequest, notPlayed } from './errors.ts';
import { inputItems, readItems, type ConversationItem } from './items.ts';
import { parseAs } from './parse.ts';
import { readText, readToolChoice, readTools, type FunctionTool, type TextFormat, type ToolChoice } from './tools.ts';

const maxMetadata = 16;

/** @see CreateResponse in OpenAI's API document. What is `unknown` here is read on its own, for the vendor's words. */
const Body = z.strictObject({
  model: z.string(),
  input: z.unknown().optional(),
  instructions: z.string().nullish(),
  tools: z.array(z.unknown()).nullish(),
  tool_choice: z.unknown().optional(),
  parallel_tool_calls: z.boolean().nullish(),
  text: z.unknown().optional(),
  max_output_tokens: z.int().min(16).nullish(),
  max_tool_calls: z.int().min(1).nullish(),
  metadata: z.record(z.string().max(64), z.string().max(512)).nullish(),
  store: z.boolean().nullish(),
  stream: z.boolean().nullish(),
  stream_options: z.strictObject({ include_obfuscation: z.boolean().optional() }).nullish(),
  temperature: z.number().min(0).max(2).nullish(),
  top_p: z.number().min(0).max(1).nullish(),
  top_logprobs: z.int().min(0).max(20).nullish(),
  truncation: z.enum(['auto', 'disabled']).nullish(),
  previous_response_id: z.string().nullish(),
  reasoning: z
    .strictObject({
      effort: z.enum(['none', 'minimal', 'low', 'medium', 'high', 'xhigh']).nullish(),
      summary: z.enum(['auto', 'concise', 'detailed']).nullish(),
      generate_summary: z.enum(['auto', 'concise', 'detailed']).nullish(),
    })
    .nullish(),
  include: z.array(z.enum(['reasoning.encrypted_content', 'message.output_text.logprobs'])).nullish(),
  service_tier: z.enum(['auto', 'default', 'flex', 'scale', 'priority']).nullish(),
  user: z.string().nullish(),
  safety_identifier: z.string().max(64).nullish(),
  prompt_cache_key: z.string().nullish(),
  prompt_cache_retention: z.enum(['in_memory', '24h']).nullish(),
  background: z.boolean().nullish(),
  conversation: z.unknown().optional(),
  prompt: z.unknown().optional(),
  moderation: z.unknown().optional(),
  context_management: z.unknown().optional(),
  prompt_cache_options: z.unknown().optional(),
});

const unplayed = ['conversation', 'prompt', 'moderation', 'context_management', 'prompt_cache_options'] as const;

export type ResponseBody = z.infer<typeof Body>;

/** A request for a response, checked through. */
export interface ResponseRequest {
  readonly body: ResponseBody;
  /** The raw items of this request, as they are stored. */
  readonly input: readonly unknown[];
  readonly items: readonly ConversationItem[];
  readonly tools: readonly FunctionTool[];
  readonly toolChoice: ToolChoice;
  readonly format: TextFormat;
  readonly verbosity: string;
}

/** @param earlier The raw items of the responses that this one goes on from. */
export function readRequest(raw: unknown, earlier: (id: string) => readonly unknown[]): ResponseRequest {
  const body = parseAs(Body, raw);
  for (const name of unplayed) if (body[name] !== undefined && body[name] !== null) throw notPlayed(name);
  if (body.background === true) throw notPlayed('background');
  if (body.input === undefined || body.input === null) {
    throw invalidRequest("Missing required parameter: 'input'.", 'input', 'missing_required_parameter');
  }
  if (Object.keys(body.metadata ?? {}).length > maxMetadata) {
    throw invalidRequest(
      `Invalid 'metadata': too many properties. Expected an object with at most ${maxMetadata} properties.`,
      'metadata',
      'object_above_max_properties',
    );
  }
  const input = inputItems(body.input);
  const before = typeof body.previous_response_id === 'string' ? earlier(body.previous_response_id) : [];
  const tools = readTools(body.tools ?? []);
  return {
    body,
    input,
    items: readItems([...before, ...input], before.length),
    tools,
    toolChoice: readToolChoice(body.tool_choice ?? 'auto', tools),
    ...readText(body.text ?? {}),
  };
}
