import { z } from 'zod';
import { AppError } from '../../core/errors.ts';
import type { ModelAnswer } from '../../ports/model.ts';

const Part = z.union([
  z.object({ type: z.literal('output_text'), text: z.string() }),
  z.object({ type: z.literal('refusal'), refusal: z.string() }),
  other('output_text', 'refusal'),
]);
const Item = z.union([
  z.object({ type: z.literal('message'), content: z.array(Part) }),
  z.object({
    type: z.literal('function_call'),
    call_id: z.string(),
    name: z.string(),
    arguments: z.string(),
    status: z.string().nullish(),
  }),
  other('message', 'function_call'),
]);

/** What we read of a response; compatible servers differ in the rest, and in what of it they tell. */
const Answered = z.object({
  status: z.string().nullish(),
  incomplete_details: z.object({ reason: z.string().nullish() }).nullish(),
  output: z.array(Item),
  model: z.string().catch('unknown'),
  usage: z.object({ input_tokens: z.number(), output_tokens: z.number() }).optional().catch(undefined),
});
type Answered = z.infer<typeof Answered>;

/** Anything but these kinds, which have a shape of their own. */
function other(...known: readonly string[]) {
  return z.object({ type: z.string().refine((type) => !known.includes(type)) }).transform(() => ({ type: 'other' as const }));
}

/**
 * What a response says. One that was cut short is given as far as it is whole: its text, marked as cut, and the calls
 * that were written to their end.
 * @throws {AppError} `upstream` when nothing of it can be used; `invalid-input` when the vendor's filter cut it.
 */
export function readAnswer(response: unknown): ModelAnswer {
  const answered = parseAnswered(response);
  const isCut = answered.status === 'incomplete';
  const text = textIn(answered);
  const said = text === '' ? refusalIn(answered) : text;
  const written = answered.output.filter((item) => item.type === 'function_call');
  // Some compatible servers tell no status of a call; in an answer that was cut such a call is not to be trusted.
  const whole = written.filter(({ status }) => (status ?? (isCut ? 'incomplete' : 'completed')) === 'completed');
  if (said === '' && whole.length === 0 && (isCut || written.length > 0))
    throw new AppError('upstream', 'openai ran out of room before it said anything', { vendor: 'openai' });
  return {
    text: isCut && said !== '' ? `${said.trimEnd()}…` : said,
    calls: whole.map((call) => ({ callId: call.call_id, name: call.name, arguments: call.arguments })),
    model: answered.model,
    usage: { inputTokens: answered.usage?.input_tokens ?? 0, outputTokens: answered.usage?.output_tokens ?? 0 },
  };
}

/** The text of a response. @throws {AppError} as `readAnswer`. */
export function readText(response: unknown): string {
  return textIn(parseAnswered(response));
}

/** @throws {AppError} for a response that is none: of another shape, failed, or cut by the filter, which cuts it for any model. */
function parseAnswered(response: unknown): Answered {
  const { data, error } = Answered.safeParse(response);
  if (error) throw new AppError('upstream', 'openai answers in another shape', { vendor: 'openai', cause: error });
  if (data.status === 'failed') throw new AppError('upstream', 'openai failed to answer', { vendor: 'openai' });
  if (data.status === 'incomplete' && data.incomplete_details?.reason === 'content_filter')
    throw new AppError('invalid-input', 'openai filtered its answer', { vendor: 'openai' });
  return data;
}

function partsIn({ output }: Answered) {
  return output.flatMap((item) => (item.type === 'message' ? item.content : []));
}

function textIn(answered: Answered): string {
  return partsIn(answered)
    .map((part) => (part.type === 'output_text' ? part.text : ''))
    .join('');
}

/** A model that refuses says why in a part of its own: those words are its answer. */
function refusalIn(answered: Answered): string {
  return partsIn(answered)
    .flatMap((part) => (part.type === 'refusal' ? [part.refusal] : []))
    .join('\n');
}
