import OpenAI from 'openai';
import type { ResponseCreateParamsNonStreaming, ResponseInputItem, FunctionTool } from 'openai/resources/responses/responses';
import { onTestFinished } from 'vitest';
import { z } from 'zod';
import { createSandboxContext } from '../../../sandbox/kit/context.ts';
import { listen, serveVendor } from '../../../sandbox/kit/http.ts';
import { createOpenai, type OpenaiOptions } from '../../../sandbox/openai/openai.ts';

/** The stand-in on a free port, and the vendor's own SDK pointed at it. */
export async function startOpenai(options: OpenaiOptions = {}) {
  const context = createSandboxContext();
  const openai = createOpenai(context, options);
  const { port, close } = await listen(serveVendor(context, openai.vendor, '/openai'));
  onTestFinished(async () => {
    context.clock.stop();
    await close();
  });
  const baseURL = `http://127.0.0.1:${port}/openai/v1`;
  const client = new OpenAI({ baseURL, apiKey: 'test-key', maxRetries: 0 });
  return { context, openai, client, baseURL };
}

/** Saturday morning in Lisbon, as the application's prompt states it. */
export const instructions = [
  'You are an assistant on WhatsApp.',
  'Now: 2026-11-21T09:30:00+00:00 (Saturday)',
  'Time zone: Europe/Lisbon',
  'Person: Ana Ribeiro <ana@alderfinch.example>, role admin',
].join('\n');

export const toolOf = (name: string, description: string, input: z.ZodType): FunctionTool => ({
  type: 'function',
  name,
  description,
  parameters: z.toJSONSchema(input),
  strict: false,
});

// As the application gives them: local times, told by the description alone.
export const listEvents = toolOf(
  'calendar_list_events',
  'Lists the events of a range.',
  z.object({
    start: z.string().describe('ISO 8601 date or local date and time: 2026-12-01 or 2026-12-01T09:00'),
    end: z.string().describe('ISO 8601 date or local date and time'),
    limit: z.int().min(1).max(50).optional(),
  }),
);
export const createEvent = toolOf(
  'calendar_create_event',
  'Books an event.',
  z.object({
    subject: z.string(),
    start: z.string().describe("ISO 8601 local date and time in the person's time zone: 2026-12-01T15:00"),
    end: z.string().describe('ISO 8601 local date and time, after the start'),
    attendees: z.array(z.email()).max(20),
  }),
);
export const whoAmI = toolOf('people_whoami', 'Tells who the caller is.', z.object({}));
export const help = toolOf('help', 'Tells what the caller can ask for.', z.object({}));
export const everyTool = [listEvents, createEvent, whoAmI, help];

export const user = (content: string): ResponseInputItem => ({ role: 'user', content });
export const assistant = (content: string): ResponseInputItem => ({ role: 'assistant', content });

export interface Asked {
  readonly text: string;
  readonly calls: { name: string; arguments: unknown }[];
}

/** One round with the rules: what they say, and what they call. */
export async function ask(
  client: OpenAI,
  input: string | ResponseInputItem[],
  more: Partial<ResponseCreateParamsNonStreaming> = {},
): Promise<Asked> {
  const response = await client.responses.create({ model: 'adjutant-rules-1', instructions, tools: everyTool, input, ...more });
  const calls = response.output.flatMap((item) =>
    item.type === 'function_call' ? [{ name: item.name, arguments: JSON.parse(item.arguments) as unknown }] : [],
  );
  return { text: response.output_text, calls };
}

/** The question, the call that was made for it, and its result: what the model is shown in the second round. */
export function answered(question: string, calls: readonly { tool: string; arguments?: unknown; result: unknown }[]) {
  return [
    user(question),
    ...calls.flatMap(({ tool, arguments: given = {}, result }, index): ResponseInputItem[] => [
      { type: 'function_call', call_id: `call_${index}`, name: tool, arguments: JSON.stringify(given) },
      {
        type: 'function_call_output',
        call_id: `call_${index}`,
        output: typeof result === 'string' ? result : JSON.stringify(result),
      },
    ]),
  ];
}
