import OpenAI from 'openai';
import { expect } from 'vitest';
import { verifies } from '../../verifies.ts';
import { startOpenai, user, whoAmI } from './support.ts';

const model = 'adjutant-rules-1';

verifies('openai:errors', 'a key that is missing or wrong', async () => {
  const { baseURL } = await startOpenai({ apiKeys: ['right-key'] });
  const withKey = (apiKey: string) => new OpenAI({ baseURL, apiKey, maxRetries: 0 }).responses.create({ model, input: 'Hello' });

  const missing = await fetch(`${baseURL}/models`);

  expect(missing.status).toBe(401);
  expect(await missing.json()).toMatchObject({ error: { type: 'invalid_request_error', code: null, param: null } });
  await expect(withKey('wrong-key-of-some-length')).rejects.toMatchObject({ status: 401, code: 'invalid_api_key' });
  expect((await withKey('right-key')).status).toBe('completed');
});

verifies('openai:errors', 'a wrong key is not shown whole in the message that refuses it', async () => {
  const { baseURL } = await startOpenai({ apiKeys: ['right-key'] });
  const client = new OpenAI({ baseURL, apiKey: 'sk-secret-secret-secret-1234', maxRetries: 0 });

  const error: unknown = await client.models.list().catch((thrown: unknown) => thrown);

  expect(String(error)).toContain('1234');
  expect(String(error)).not.toContain('secret');
});

verifies('openai:errors', 'a model that there is not, or that does something else', async () => {
  const { client } = await startOpenai();

  await expect(client.responses.create({ model: 'gpt-9', input: 'Hello' })).rejects.toMatchObject({
    status: 404,
    code: 'model_not_found',
    type: 'invalid_request_error',
  });
  await expect(client.responses.create({ model: 'text-embedding-3-small', input: 'Hello' })).rejects.toMatchObject({
    status: 400,
  });
  await expect(client.embeddings.create({ model, input: 'Hello' })).rejects.toMatchObject({ status: 403 });
});

const refusals: readonly [string, object, { code: string | null; param: string | null; message?: string }][] = [
  [
    'an unknown parameter',
    { max_tokens: 5 },
    { code: 'unknown_parameter', param: 'max_tokens', message: "Unknown parameter: 'max_tokens'." },
  ],
  [
    'an unknown parameter within',
    { input: [{ role: 'user', content: 'x', name: 'a' }] },
    { code: 'unknown_parameter', param: 'input[0].name' },
  ],
  ['a missing input', { input: undefined }, { code: 'missing_required_parameter', param: 'input' }],
  ['a wrong type', { temperature: 'hot' }, { code: 'invalid_type', param: 'temperature' }],
  [
    'too few tokens',
    { max_output_tokens: 5 },
    {
      code: 'integer_below_min_value',
      param: 'max_output_tokens',
      message: "Invalid 'max_output_tokens': integer below minimum value. Expected a value >= 16, but got 5 instead.",
    },
  ],
  ['a wrong value', { tool_choice: 'maybe' }, { code: 'invalid_value', param: 'tool_choice' }],
  ['a kind of item that there is not', { input: [{ type: 'shout' }] }, { code: 'invalid_value', param: 'input[0]' }],
  [
    'text of the wrong side',
    { input: [{ role: 'assistant', content: [{ type: 'input_text', text: 'x' }] }] },
    {
      code: 'invalid_value',
      param: 'input[0].content[0]',
      message: "Invalid value: 'input_text'. Supported values are: 'output_text' and 'refusal'.",
    },
  ],
  [
    'an id of another kind',
    { input: [{ type: 'message', id: 'item1', role: 'user', content: 'x' }] },
    {
      code: 'invalid_value',
      param: 'input[0].id',
      message: "Invalid 'input[0].id': 'item1'. Expected an ID that begins with 'msg'.",
    },
  ],
  [
    'an output without its call',
    { input: [{ type: 'function_call_output', call_id: 'call_1', output: '{}' }] },
    { code: null, param: 'input', message: 'No tool call found for function call output with call_id call_1.' },
  ],
  [
    'a call without its output',
    { input: [user('x'), { type: 'function_call', call_id: 'call_1', name: 'help', arguments: '{}' }] },
    { code: null, param: 'input', message: 'No tool output found for function call call_1.' },
  ],
  ['a tool that is not given', { tool_choice: { type: 'function', name: 'help' } }, { code: null, param: 'tool_choice' }],
  [
    'what the sandbox does not play',
    { tools: [{ type: 'web_search' }] },
    { code: 'unsupported_parameter', param: 'tools[0].type=web_search' },
  ],
  ['a conversation kept by the vendor', { conversation: 'conv_1' }, { code: 'unsupported_parameter', param: 'conversation' }],
];

for (const [what, given, { message, ...expected }] of refusals) {
  verifies('openai:errors', what, async () => {
    const { client } = await startOpenai();

    const error: unknown = await client.responses.create({ model, input: 'Hello', ...given }).catch((thrown: unknown) => thrown);

    expect(error).toMatchObject({ status: 400, type: 'invalid_request_error', ...expected });
    if (message !== undefined) expect(error).toMatchObject({ error: { message } });
  });
}

const object = (schema: object) => ({ type: 'object', additionalProperties: false, ...schema });
const schemas: readonly [string, object, string][] = [
  [
    'open objects',
    { type: 'object', properties: {}, required: [] },
    "In context=(), 'additionalProperties' is required to be supplied and to be false.",
  ],
  [
    'optional properties',
    object({ properties: { a: { type: 'string' }, b: { type: 'string' } }, required: ['a'] }),
    "In context=(), 'required' is required to be supplied and to be an array including every key in properties. Missing 'b'.",
  ],
  [
    'open objects further in',
    object({ properties: { a: { type: 'object', properties: {} } }, required: ['a'] }),
    "In context=('properties', 'a'), 'additionalProperties' is required to be supplied and to be false.",
  ],
  [
    'unions by oneOf',
    object({ properties: { a: { oneOf: [] } }, required: ['a'] }),
    "In context=('properties', 'a'), 'oneOf' is not permitted.",
  ],
  [
    'unknown formats',
    object({ properties: { a: { type: 'string', format: 'uri' } }, required: ['a'] }),
    "In context=('properties', 'a'), 'uri' is not a valid format.",
  ],
  [
    'lists at the root',
    { type: 'array', items: { type: 'string' } },
    `schema must be a JSON Schema of 'type: "object"', got 'type: "array"'.`,
  ],
];

for (const [what, parameters, fault] of schemas) {
  verifies('openai:errors', `a strict schema with ${what} is refused, for tools and for answers`, async () => {
    const { client } = await startOpenai();
    const schema = parameters as Record<string, unknown>;
    const tool = { type: 'function' as const, name: 'f', parameters: schema, strict: true };
    const format = { type: 'json_schema' as const, name: 'f', schema, strict: true };

    const [asTool, asFormat] = await Promise.all(
      [{ tools: [tool] }, { text: { format } }].map((more) =>
        client.responses.create({ model, input: 'Hello', ...more }).catch((thrown: unknown) => thrown),
      ),
    );

    const message = `Invalid schema for function 'f': ${fault}`;
    expect(asTool).toMatchObject({
      status: 400,
      code: 'invalid_function_parameters',
      param: 'tools[0].parameters',
      error: { message },
    });
    expect(asFormat).toMatchObject({ status: 400, code: 'invalid_json_schema', param: 'text.format.schema' });
  });
}

verifies('openai:errors', 'a rate limit has the shape of the vendor, and the SDK comes back after it', async () => {
  const { context, client, baseURL } = await startOpenai();
  const patient = new OpenAI({ baseURL, apiKey: 'key', maxRetries: 1 });
  context.faults.add({ vendor: 'openai', effect: 'answer', status: 429, retryAfterSeconds: 0.01, times: 2 });

  const limited: unknown = await client.responses.create({ model, input: 'Hello' }).catch((thrown: unknown) => thrown);
  const repeated = await patient.responses.create({ model, input: 'Hello', tools: [whoAmI] });

  expect(limited).toBeInstanceOf(OpenAI.RateLimitError);
  expect(limited).toMatchObject({ status: 429, code: 'rate_limit_exceeded', type: 'requests' });
  expect(repeated.status).toBe('completed');
  expect(context.journal.entries('openai').map(({ status }) => status)).toEqual([429, 429, 200]);
});

verifies('openai:errors', 'a body that is no JSON, a path that there is not, and a request id to quote', async () => {
  const { client, baseURL } = await startOpenai();
  const headers = { authorization: 'Bearer key', 'content-type': 'application/json' };

  const broken = await fetch(`${baseURL}/responses`, { method: 'POST', headers, body: '{' });
  const unknown = await fetch(`${baseURL}/completions`, { method: 'POST', headers, body: '{}' });
  const answered = await client.responses.create({ model, input: 'Hello' });

  expect([broken.status, unknown.status]).toEqual([400, 404]);
  expect(await broken.json()).toMatchObject({ error: { message: 'We could not parse the JSON body of your request.' } });
  expect(await unknown.json()).toMatchObject({ error: { message: 'Invalid URL (POST /v1/completions)' } });
  expect(answered._request_id).toMatch(/^req_/);
});
