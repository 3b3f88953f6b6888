import OpenAI, { APIConnectionError, APIConnectionTimeoutError, APIError, APIUserAbortError } from 'openai';
import { zodTextFormat } from 'openai/helpers/zod';
import type { Response, ResponseCreateParamsNonStreaming, ResponseInputItem, Tool } from 'openai/resources/responses/responses';
import { AppError, asAppError } from '../../core/errors.ts';
import type { Model, ModelAnswer, ModelItem, ModelRequest } from '../../ports/model.ts';
import { annotateSpan, currentTraceparent, log } from '../../telemetry/index.ts';

export interface OpenaiOptions {
  readonly apiKey: string;
  /** OpenAI, Azure OpenAI's `/openai/v1/`, or any compatible server. */
  readonly baseUrl: string;
  readonly model: string;
  /** Asked when the first failed; undefined: none. */
  readonly fallbackModel: string | undefined;
  /** For one try. */
  readonly timeoutMs: number;
}

// One repeat of each model: with two models and the time of a turn there is no room for more.
const maxRetries = 1;
const maxStructuredTokens = 500;

/** The Responses API. Nothing is stored at the vendor: the conversation is ours. @see https://platform.openai.com/docs/api-reference/responses */
export function createOpenaiModel(options: OpenaiOptions): Model {
  const client = new OpenAI({
    apiKey: options.apiKey,
    baseURL: options.baseUrl,
    maxRetries,
    timeout: options.timeoutMs,
    logLevel: 'off',
  });
  const models = [options.model, ...(options.fallbackModel === undefined ? [] : [options.fallbackModel])];
  const ask = (request: Omit<ResponseCreateParamsNonStreaming, 'model'>, signal?: AbortSignal) =>
    withFallback(models, (model) => client.responses.create({ ...request, model, store: false }, requestOptions(signal)), signal);

  return {
    async answer(request, signal) {
      return toAnswer(await ask(toRequest(request), signal));
    },
    async structured({ instructions, text, name, schema }, signal) {
      const format = zodTextFormat(schema, name);
      const response = await ask({ instructions, input: text, text: { format }, max_output_tokens: maxStructuredTokens }, signal);
      const parsed = schema.safeParse(parseJson(response.output_text));
      if (parsed.success) return parsed.data;
      throw new AppError('upstream', `openai answered ${name} in another shape`, { vendor: 'openai' });
    },
  };
}

/** The first model, and for what may be its own trouble the second. */
async function withFallback(
  models: readonly string[],
  ask: (model: string) => Promise<Response>,
  signal?: AbortSignal,
): Promise<Response> {
  let failed: AppError | undefined;
  for (const model of models) {
    try {
      const response = await ask(model);
      if (response.status === 'failed') throw new AppError('upstream', 'openai failed to answer', { vendor: 'openai' });
      return response;
    } catch (error) {
      failed = toAppError(error);
      if (!failed.retryable || signal?.aborted) throw failed;
      log('warn', 'model.failed', { code: failed.code, isFallback: model !== models[0] });
      annotateSpan({ fallback: true });
    }
  }
  throw failed ?? new AppError('settings', 'No model is set', { vendor: 'openai' });
}

function toRequest({
  instructions,
  items,
  tools,
  maxOutputTokens,
}: ModelRequest): Omit<ResponseCreateParamsNonStreaming, 'model'> {
  return {
    instructions,
    input: items.map(toInput),
    max_output_tokens: maxOutputTokens,
    ...(tools.length === 0
      ? {}
      : {
          parallel_tool_calls: true,
          tools: tools.map(({ name, description, parameters }): Tool => ({
            type: 'function',
            name,
            description,
            parameters: { ...parameters },
            strict: false,
          })),
        }),
  };
}

function toInput(item: ModelItem): ResponseInputItem {
  switch (item.kind) {
    case 'user':
      return { role: 'user', content: item.text };
    case 'assistant':
      return { role: 'assistant', content: item.text };
    case 'call':
      return { type: 'function_call', call_id: item.callId, name: item.name, arguments: item.arguments };
    case 'result':
      return { type: 'function_call_output', call_id: item.callId, output: item.output };
  }
}

function toAnswer(response: Response): ModelAnswer {
  return {
    text: response.output_text === '' ? refusalIn(response) : response.output_text,
    calls: response.output.flatMap((item) =>
      item.type === 'function_call' ? [{ callId: item.call_id, name: item.name, arguments: item.arguments }] : [],
    ),
    model: response.model,
    usage: { inputTokens: response.usage?.input_tokens ?? 0, outputTokens: response.usage?.output_tokens ?? 0 },
  };
}

/** A model that refuses says why in a part of its own: those words are its answer. */
function refusalIn({ output }: Response): string {
  const parts = output.flatMap((item) => (item.type === 'message' ? item.content : []));
  return parts.flatMap((part) => (part.type === 'refusal' ? [part.refusal] : [])).join('\n');
}

function requestOptions(signal?: AbortSignal) {
  const traceparent = currentTraceparent();
  return { ...(signal ? { signal } : {}), ...(traceparent === undefined ? {} : { headers: { traceparent } }) };
}

/** Every failure as an `AppError`; a request that one model refuses as such is refused by the other too. */
function toAppError(error: unknown): AppError {
  const known = asAppError(error);
  if (known) return known;
  const options = { vendor: 'openai' as const, cause: error };
  if (error instanceof APIUserAbortError || error instanceof APIConnectionTimeoutError)
    return new AppError('timeout', 'openai took too long', options);
  if (error instanceof APIConnectionError) return new AppError('upstream', 'openai could not be reached', options);
  if (!(error instanceof APIError)) throw error;
  const { status } = error as { status: number | undefined };
  if (status === 401 || status === 403) return new AppError('upstream', `openai answered ${status}: check its key`, options);
  if (status === 404) return new AppError('upstream', 'openai does not know the model', options);
  if (status === 429) return new AppError('rate-limited', 'openai answered 429', { ...options, ...retryAfter(error.headers) });
  if (status === undefined || status >= 500) return new AppError('upstream', `openai answered ${status ?? 'nothing'}`, options);
  return new AppError('invalid-input', `openai answered ${status}`, options);
}

/** Seconds, where the vendor names them; a date is left to our own waits. */
function retryAfter(headers: unknown): { retryAfterMs?: number } {
  const seconds = headers instanceof Headers ? Number(headers.get('retry-after') ?? Number.NaN) : Number.NaN;
  return Number.isFinite(seconds) ? { retryAfterMs: seconds * 1_000 } : {};
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}
