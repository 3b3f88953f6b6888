import { Hono, type Context } from 'hono';
import type { SandboxContext } from '../kit/context.ts';
import type { HttpVendor } from '../kit/http.ts';
import { createEmbeddings } from './embeddings.ts';
import { newId } from './ids.ts';
import { createModels } from './models.ts';
import { createResponses } from './responses.ts';
import { createScript, type ScriptedReply, type Voice } from './script.ts';
import { ApiError, errorBody, invalidRequest, missingKey, wrongKey } from './wire/errors.ts';

export interface OpenaiOptions {
  /** The keys that are taken; any that is not empty when absent. */
  readonly apiKeys?: readonly string[];
  /** Names under which the rules answer, beside their own. */
  readonly models?: readonly string[];
}

export interface Openai {
  readonly vendor: HttpVendor;
  /** The next answers of the model, once each; a call that none fits goes to the rules. */
  script(replies: readonly ScriptedReply[]): void;
  /** Answers in place of the rules what no script fits; undefined gives the word back to them. */
  speakWith(voice: Voice | undefined): void;
  /** Whether a call is open. */
  busy(): boolean;
}

/** @see https://platform.openai.com/docs/api-reference/responses */
export function createOpenai(context: SandboxContext, options: OpenaiOptions = {}): Openai {
  const models = createModels(options.models);
  const script = createScript();
  const responses = createResponses({ context, models, script });
  const app = new Hono();
  let open = 0;

  app.use(async (c, next) => {
    checkKey(c.req.header('authorization'), options.apiKeys);
    const startedAt = context.clock.now();
    await next();
    c.res.headers.set('x-request-id', newId('req'));
    c.res.headers.set('openai-version', '2020-10-01');
    c.res.headers.set('openai-processing-ms', String(context.clock.now() - startedAt));
  });
  app.post('/v1/responses', async (c) => responses.create(await jsonBody(c)));
  app.post('/v1/responses/input_tokens', async (c) => c.json(responses.countTokens(await jsonBody(c)) as object));
  app.get('/v1/responses/:id', (c) => c.json(responses.get(c.req.param('id'))));
  app.delete('/v1/responses/:id', (c) => c.json(responses.delete(c.req.param('id')) as object));
  app.get('/v1/responses/:id/input_items', (c) =>
    c.json(responses.inputItems(c.req.param('id'), c.req.query('order')) as object),
  );
  app.post('/v1/embeddings', async (c) => c.json(createEmbeddings(await jsonBody(c), models) as object));
  app.get('/v1/models', (c) => c.json({ object: 'list', data: models.list() }));
  app.get('/v1/models/:id', (c) => c.json(models.find(c.req.param('id'))));
  app.notFound((c) => {
    const message = `Invalid URL (${c.req.method} ${c.req.path})`;
    return c.json({ error: { message, type: 'invalid_request_error', param: null, code: null } }, 404);
  });
  app.onError((error, c) => {
    if (!(error instanceof ApiError)) throw error;
    return c.newResponse(JSON.stringify(error.body), error.status as 400, { 'content-type': 'application/json' });
  });

  return {
    vendor: {
      vendor: 'openai',
      errorBody,
      async fetch(request) {
        open += 1;
        try {
          return await app.fetch(request);
        } finally {
          open -= 1;
        }
      },
    },
    script: (replies) => script.add(replies),
    speakWith: (voice) => script.speakWith(voice),
    busy: () => open > 0,
  };
}

function checkKey(header: string | undefined, keys: readonly string[] | undefined): void {
  const key = /^Bearer\s+(\S+)$/i.exec(header ?? '')?.[1];
  if (key === undefined) throw missingKey();
  if (keys && !keys.includes(key)) throw wrongKey(key);
}

async function jsonBody(c: Context): Promise<unknown> {
  try {
    return await c.req.json();
  } catch {
    throw invalidRequest('We could not parse the JSON body of your request.', null, null);
  }
}
