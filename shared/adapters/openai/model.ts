import OpenAI from 'openai';
import { zodTextFormat } from 'openai/helpers/zod';
import type { ResponseCreateParamsNonStreaming, ResponseInputItem, Tool } from 'openai/resources/responses/responses';
import { AppError, asAppError } from '../../core/errors.ts';
import type { Model, ModelItem, ModelRequest } from '../../ports/model.ts';
import { annotateSpan, currentTraceparent, log } from '../../telemetry/index.ts';
import { userAgent, type Fetch } from '../request-json.ts';
import { readAnswer, readText } from './read-answer.ts';
import { translateError } from './translate-error.ts';

export interface OpenaiOptions {
  readonly apiKey: string;
  /** OpenAI, Azure OpenAI's `/openai/v1/`, or any compatible server. */
  readonly baseUrl: string;
  readonly model: string;
  /** Asked when the first failed; undefined: none. */
  readonly fallbackModel: string | undefined;
  /** For one try. */
  readonly timeoutMs: number;
  readonly fetch: Fetch;
}

// One repeat of each model: with two models and the time of a turn there is no room for more.
const maxRetries = 1;
const maxStructuredTokens = 500;

type Asked = Omit<ResponseCreateParamsNonStreaming, 'model'>;

/** The Responses API. Nothing is stored at the vendor: the conversation is ours. @see https://platform.openai.com/docs/api-reference/responses */
export function createOpenaiModel(options: OpenaiOptions): Model {
  const client = new OpenAI({
    apiKey: options.apiKey,
    baseURL: options.baseUrl,
    maxRetries,
    timeout: options.timeoutMs,
    logLevel: 'off',
    fetch: options.fetch,
    defaultHeaders: { 'user-agent': userAgent },
  });
  const models = [options.model, ...(options.fallbackModel === undefined ? [] : [options.fallbackModel])];
  const ask = <T>(request: Asked, read: (response: unknown) => T, signal?: AbortSignal): Promise<T> =>
    withFallback(
      models,
      async (model) => read(await createOnce({ client, fetch: options.fetch }, { ...request, model, store: false }, signal)),
      signal,
    );

  return {
    answer: (request, signal) => ask(toRequest(request), readAnswer, signal),
    async structured({ instructions, text, name, schema }, signal) {
      const format = zodTextFormat(schema, name);
      const request = { instructions, input: text, text: { format }, max_output_tokens: maxStructuredTokens };
      const parsed = schema.safeParse(parseJson(await ask(request, readText, signal)));
      if (parsed.success) return parsed.data;
      throw new AppError('upstream', `openai answered ${name} in another shape`, { vendor: 'openai' });
    },
  };
}

/**
 * The SDK repeats whatever its `fetch` threw; what that says in our own words (no slot is free, the answer has no end) is
 * meant for the caller, and the SDK is told to give up.
 * @throws {AppError} also for an answer that the SDK cannot make a response of.
 */
async function createOnce(
  { client, fetch: given }: { client: OpenAI; fetch: Fetch },
  request: ResponseCreateParamsNonStreaming,
  signal?: AbortSignal,
): Promise<unknown> {
  const refused = new AbortController();
  const fetch: Fetch = async (input, init) => {
    try {
      return await given(input, init);
    } catch (error) {
      if (asAppError(error)) refused.abort(error);
      throw error;
    }
  };
  try {
    const either = signal ? AbortSignal.any([signal, refused.signal]) : refused.signal;
    return await client.withOptions({ fetch }).responses.create(request, requestOptions(either));
  } catch (error) {
    throw asAppError(refused.signal.reason) ?? translateError(error);
  }
}

/** The first model, and for what may be its own trouble the second. */
async function withFallback<T>(models: readonly string[], ask: (model: string) => Promise<T>, signal?: AbortSignal): Promise<T> {
  let failed: AppError | undefined;
  for (const model of models) {
    try {
      return await ask(model);
    } catch (error) {
      failed = asAppError(error);
      if (!failed) throw error;
      // Without a slot the vendor was not asked: its other model stands behind the same slots.
      if (!failed.retryable || failed.code === 'busy' || signal?.aborted) throw failed;
      log('warn', 'model.failed', { code: failed.code, vendor: failed.vendor, isFallback: model !== models[0] });
      annotateSpan({ fallback: true });
    }
  }
  throw failed ?? new AppError('settings', 'No model is set', { vendor: 'openai' });
}

function toRequest({ instructions, items, tools, maxOutputTokens }: ModelRequest): Asked {
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

function requestOptions(signal: AbortSignal) {
  const traceparent = currentTraceparent();
  return { signal, ...(traceparent === undefined ? {} : { headers: { traceparent } }) };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}
