import type { Response } from 'openai/resources/responses/responses';
import { AppError } from '../../core/errors.ts';
import type { ModelAnswer } from '../../ports/model.ts';

/**
 * What a response says. One that was cut short is given as far as it is whole: its text, marked as cut, and the calls
 * that were written to their end.
 * @throws {AppError} `upstream` when nothing of it can be used; `invalid-input` when the vendor's filter cut it.
 */
export function readAnswer(response: Response): ModelAnswer {
  assertAnswered(response);
  const isCut = response.status === 'incomplete';
  const said = response.output_text === '' ? refusalIn(response) : response.output_text;
  const written = response.output.filter((item) => item.type === 'function_call');
  // Some compatible servers tell no status of a call; in an answer that was cut such a call is not to be trusted.
  const whole = written.filter(({ status }) => (status ?? (isCut ? 'incomplete' : 'completed')) === 'completed');
  if (said === '' && whole.length === 0 && (isCut || written.length > 0))
    throw new AppError('upstream', 'openai ran out of room before it said anything', { vendor: 'openai' });
  return {
    text: isCut && said !== '' ? `${said.trimEnd()}…` : said,
    calls: whole.map((call) => ({ callId: call.call_id, name: call.name, arguments: call.arguments })),
    model: response.model,
    usage: { inputTokens: response.usage?.input_tokens ?? 0, outputTokens: response.usage?.output_tokens ?? 0 },
  };
}

/** @throws {AppError} for a response that is none: failed, or cut by the filter, which cuts it for any model. */
export function assertAnswered({ status, incomplete_details: details }: Response): void {
  if (status === 'failed') throw new AppError('upstream', 'openai failed to answer', { vendor: 'openai' });
  if (status === 'incomplete' && details?.reason === 'content_filter')
    throw new AppError('invalid-input', 'openai filtered its answer', { vendor: 'openai' });
}

/** A model that refuses says why in a part of its own: those words are its answer. */
function refusalIn({ output }: Response): string {
  const parts = output.flatMap((item) => (item.type === 'message' ? item.content : []));
  return parts.flatMap((part) => (part.type === 'refusal' ? [part.refusal] : [])).join('\n');
}
