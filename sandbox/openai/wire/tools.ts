import { z } from 'zod';
import { invalidRequest, notPlayed } from './errors.ts';
import { parseAs, unsupportedValue } from './parse.ts';
import { isObject, objectFault, strictSchemaFault, type JsonSchema } from './strict-schema.ts';
import { validatorOf } from './validate.ts';

const name = z
  .string()
  .max(64)
  .regex(/^[a-zA-Z0-9_-]+$/);
const schema = z.record(z.string(), z.unknown());

const FunctionTool = z.strictObject({
  type: z.literal('function'),
  name,
  description: z.string().nullish(),
  parameters: schema.nullish(),
  strict: z.boolean().nullish(),
});
export type FunctionTool = z.infer<typeof FunctionTool>;

const formats = {
  text: z.strictObject({ type: z.literal('text') }),
  json_object: z.strictObject({ type: z.literal('json_object') }),
  json_schema: z.strictObject({
    type: z.literal('json_schema'),
    name,
    schema,
    description: z.string().nullish(),
    strict: z.boolean().nullish(),
  }),
};
export type TextFormat = z.infer<(typeof formats)[keyof typeof formats]>;

const Text = z.strictObject({ format: z.unknown().optional(), verbosity: z.enum(['low', 'medium', 'high']).nullish() });

const otherTools = [
  'web_search',
  'web_search_preview',
  'file_search',
  'computer_use_preview',
  'code_interpreter',
  'mcp',
  'image_generation',
  'local_shell',
  'shell',
  'apply_patch',
  'custom',
];
const maxTools = 128;

export function readTools(raw: readonly unknown[]): FunctionTool[] {
  if (raw.length > maxTools) {
    throw invalidRequest(
      `Invalid 'tools': array too long. Expected an array with maximum length ${maxTools}, but got an array with length ${raw.length} instead.`,
      'tools',
      'array_above_max_length',
    );
  }
  return raw.map((each, index) => {
    const at = `tools[${index}]`;
    const type = isObject(each) ? each.type : undefined;
    if (typeof type === 'string' && otherTools.includes(type)) throw notPlayed(`${at}.type=${type}`);
    if (type !== undefined && type !== 'function') throw unsupportedValue(type, ['function', ...otherTools], `${at}.type`);
    const tool = parseAs(FunctionTool, each, at);
    checkParameters(tool, at);
    return tool;
  });
}

function checkParameters({ name: tool, parameters, strict }: FunctionTool, at: string): void {
  if (!parameters) {
    if (strict !== true) return;
    throw invalidRequest(`Missing required parameter: '${at}.parameters'.`, `${at}.parameters`, 'missing_required_parameter');
  }
  const fault = faultOf(parameters, strict === true);
  if (fault === undefined) return;
  throw invalidRequest(`Invalid schema for function '${tool}': ${fault}`, `${at}.parameters`, 'invalid_function_parameters');
}

function faultOf(parameters: JsonSchema, strict: boolean): string | undefined {
  const fault = strict ? strictSchemaFault(parameters) : objectFault(parameters);
  return fault ?? (validatorOf(parameters) ? undefined : 'it is not a valid JSON Schema.');
}

/** What the answer may call: the mode, and which of the tools. */
export interface ToolChoice {
  readonly mode: 'auto' | 'none' | 'required' | { readonly name: string };
  readonly allowed: readonly string[] | undefined;
  readonly raw: unknown;
}

const Named = z.strictObject({ type: z.literal('function'), name: z.string() });
const Allowed = z.strictObject({
  type: z.literal('allowed_tools'),
  mode: z.enum(['auto', 'required']),
  tools: z.array(Named),
});

export function readToolChoice(raw: unknown, tools: readonly FunctionTool[]): ToolChoice {
  if (typeof raw === 'string') {
    const mode = parseAs(z.enum(['none', 'auto', 'required']), raw, 'tool_choice');
    if (mode === 'required' && tools.length === 0) {
      throw invalidRequest("Tool choice 'required' must be specified with 'tools' parameter.", 'tool_choice', null);
    }
    return { mode, allowed: undefined, raw };
  }
  if (isObject(raw) && raw.type === 'allowed_tools') {
    const { mode, tools: allowed } = parseAs(Allowed, raw, 'tool_choice');
    const names = allowed.map((tool) => tool.name);
    names.forEach((each) => checkGiven(each, tools));
    return { mode, allowed: names, raw };
  }
  const { name: chosen } = parseAs(Named, raw, 'tool_choice');
  checkGiven(chosen, tools);
  return { mode: { name: chosen }, allowed: undefined, raw };
}

function checkGiven(chosen: string, tools: readonly FunctionTool[]): void {
  if (tools.some((tool) => tool.name === chosen)) return;
  throw invalidRequest(`Tool choice 'function' not found in 'tools' parameter: '${chosen}'.`, 'tool_choice', null);
}

export function readText(raw: unknown): { format: TextFormat; verbosity: string } {
  const { format = { type: 'text' }, verbosity } = parseAs(Text, raw, 'text');
  const type = isObject(format) ? format.type : undefined;
  const known = typeof type === 'string' && Object.hasOwn(formats, type) ? formats[type as keyof typeof formats] : undefined;
  if (!known) throw unsupportedValue(type, Object.keys(formats), 'text.format.type');
  const read: TextFormat = parseAs<TextFormat>(known, format, 'text.format');
  if (read.type === 'json_schema') {
    const fault = faultOf(read.schema, read.strict === true);
    if (fault !== undefined) {
      throw invalidRequest(
        `Invalid schema for response_format '${read.name}': ${fault}`,
        'text.format.schema',
        'invalid_json_schema',
      );
    }
  }
  return { format: read, verbosity: verbosity ?? 'medium' };
}
