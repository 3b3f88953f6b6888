import { z } from 'zod';
import type { JournalEntry } from '../../kit/journal.ts';
import { parseJson, prettyJson } from './json.ts';
import type { StoryDetail } from './model.ts';

const Usage = z.object({ usage: z.object({ input_tokens: z.number(), output_tokens: z.number() }) });

export function modelTokens({ response }: JournalEntry): { input: number; output: number } | undefined {
  const parsed = Usage.safeParse(parseJson(response));
  if (!parsed.success) return undefined;
  return { input: parsed.data.usage.input_tokens, output: parsed.data.usage.output_tokens };
}

export function requestDetails({ method, path, body, status, response }: JournalEntry): StoryDetail[] {
  return [
    { title: 'Request', text: [`${method} ${path}`, prettyJson(body)].filter((part) => part !== '').join('\n\n') },
    { title: 'Response', text: [String(status), prettyJson(response)].filter((part) => part !== '').join('\n\n') },
  ];
}

const ModelRequest = z.looseObject({
  instructions: z.string().nullish(),
  input: z.union([z.string(), z.array(z.unknown())]),
  tools: z.array(z.looseObject({ name: z.string().optional() })).optional(),
});
const ModelResponse = z.looseObject({ output: z.array(z.unknown()) });

/** What the model was asked and answered, the parts one looks for first; of the tools their names. */
export function modelDetails(entry: JournalEntry): StoryDetail[] {
  const request = ModelRequest.safeParse(parseJson(entry.body));
  const response = ModelResponse.safeParse(parseJson(entry.response));
  const [asked, answered] = requestDetails(entry);
  return [
    ...(request.success ? requestParts(request.data) : asked ? [asked] : []),
    ...(response.success ? [{ title: 'Answer', text: layOut(response.data.output) }] : answered ? [answered] : []),
  ];
}

function requestParts({ instructions, input, tools, ...rest }: z.infer<typeof ModelRequest>): StoryDetail[] {
  const names = (tools ?? []).map(({ name, type }) => name ?? String(type));
  return [
    ...(typeof instructions === 'string' ? [{ title: 'Instructions', text: instructions }] : []),
    { title: 'Input', text: typeof input === 'string' ? input : layOut(input) },
    ...(names.length > 0 ? [{ title: `Tools (${names.length})`, text: names.join('\n') }] : []),
    { title: 'Settings', text: layOut(rest) },
  ];
}

const layOut = (value: unknown): string => JSON.stringify(value, undefined, 2);
