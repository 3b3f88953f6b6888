import type { SandboxContext } from '../kit/context.ts';
import { openCollection, openDatabase } from '../kit/database.ts';
import { newId } from './ids.ts';
import type { Models } from './models.ts';
import { answerByRules } from './rules/answer.ts';
import { scriptedFailure, scriptedResponse, type Script } from './script.ts';
import { ApiError, invalidRequest } from './wire/errors.ts';
import { eventStream, responseEvents } from './wire/events.ts';
import { readRequest, type ResponseRequest } from './wire/request.ts';
import { closeResponse, countInput, openResponse, outputOf, type OutputItem, type WireResponse } from './wire/response.ts';
import { isObject } from './wire/strict-schema.ts';

export interface ResponsesOptions {
  readonly context: SandboxContext;
  readonly models: Models;
  readonly script: Script;
}

/** What is kept of a response that was to be stored. */
interface Stored {
  readonly response: WireResponse;
  readonly input: readonly unknown[];
  readonly previous: string | undefined;
}

export interface Responses {
  create(raw: unknown): Promise<Response>;
  countTokens(raw: unknown): unknown;
  get(id: string): WireResponse;
  delete(id: string): unknown;
  inputItems(id: string, order: string | undefined): unknown;
}

const contextWindow = 400_000;

export function createResponses({ context, models, script }: ResponsesOptions): Responses {
  const stored = openCollection<Stored>(openDatabase(context, 'openai'), 'responses');
  const find = (id: string) => {
    const found = stored.get(id);
    if (found) return found;
    throw new ApiError(404, {
      message: `Response with id '${id}' not found.`,
      type: 'invalid_request_error',
      param: null,
      code: null,
    });
  };
  const earlier = (id: string): unknown[] => {
    const before = stored.get(id);
    if (!before) {
      throw invalidRequest(`Previous response with id '${id}' not found.`, 'previous_response_id', 'previous_response_not_found');
    }
    return [...(before.previous === undefined ? [] : earlier(before.previous)), ...before.input, ...before.response.output];
  };
  const read = (raw: unknown) => {
    const request = readRequest(raw, earlier);
    models.requireRules(request.body.model);
    if (request.body.truncation !== 'auto' && countInput(request) > contextWindow) {
      throw invalidRequest(
        'Your input exceeds the context window of this model. Please adjust your input and try again.',
        'input',
        'context_length_exceeded',
      );
    }
    return request;
  };

  return {
    async create(raw) {
      const request = read(raw);
      const open = openResponse(request, request.body.model, context.clock.now());
      const closed = await answer(request, open, { context, script });
      if (closed instanceof Response) return closed;
      if (request.body.store !== false) {
        stored.set(closed.id, {
          response: closed,
          input: withIds(request.input),
          previous: request.body.previous_response_id ?? undefined,
        });
      }
      return request.body.stream === true ? eventStream(responseEvents(open, closed)) : Response.json(closed);
    },
    countTokens: (raw) => ({ object: 'response.input_tokens', input_tokens: countInput(read(raw)) }),
    get: (id) => find(id).response,
    delete(id) {
      find(id);
      stored.delete(id);
      return { id, object: 'response', deleted: true };
    },
    inputItems(id, order) {
      const items = [...find(id).input];
      // Newest first, unless asked otherwise.
      const data = (order === 'asc' ? items : items.reverse()) as { id: string }[];
      return { object: 'list', data, has_more: false, first_id: data[0]?.id ?? null, last_id: data.at(-1)?.id ?? null };
    },
  };
}

async function answer(
  request: ResponseRequest,
  open: WireResponse,
  { context, script }: Pick<ResponsesOptions, 'context' | 'script'>,
): Promise<WireResponse | Response> {
  const close = (output: readonly OutputItem[]) => closeResponse(open, output, { request, nowMs: context.clock.now() });
  const scripted = script.take(request.body);
  if (!scripted) return close(outputOf(rulesAnswer(request, context.clock.now())));
  const { delayMs } = scripted;
  if (delayMs !== undefined) await new Promise<void>((resolve) => void context.clock.after(delayMs, resolve));
  const failure = scriptedFailure(scripted);
  return failure ? Response.json(failure.body, { status: failure.status }) : scriptedResponse(scripted, close);
}

function rulesAnswer({ body, items, tools, toolChoice, format }: ResponseRequest, nowMs: number) {
  const { allowed, mode } = toolChoice;
  return answerByRules({
    instructions: body.instructions ?? '',
    items,
    tools: tools
      .filter(({ name }) => allowed === undefined || allowed.includes(name))
      .map(({ name, description, parameters }) => ({
        name,
        description: description ?? '',
        parameters: parameters ?? { type: 'object', properties: {} },
      })),
    toolChoice: mode,
    parallel: body.parallel_tool_calls !== false,
    schema: format.type === 'json_schema' ? format.schema : undefined,
    nowMs,
  });
}

/** The items of a request as they are listed later: messages have got an id. */
function withIds(input: readonly unknown[]): unknown[] {
  const prefixes: Readonly<Record<string, string>> = { function_call: 'fc', function_call_output: 'fco', reasoning: 'rs' };
  return input.map((item) => {
    if (!isObject(item) || typeof item.id === 'string') return item;
    const type = typeof item.type === 'string' ? item.type : 'message';
    return { ...item, type, id: newId(prefixes[type] ?? 'msg') };
  });
}
