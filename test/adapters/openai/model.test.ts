import { expect } from 'vitest';
import { z } from 'zod';
import { verifies } from '../../verifies.ts';
import { request, said, start } from './start-model.ts';

const first = { body: '"model":"first"' };

verifies('adapters:model', 'shows the items in order and answers text, calls, model and usage', async () => {
  const { openai, model, context } = await start();
  const call = { type: 'function_call', call_id: 'c1', name: 'help', arguments: { about: 'all' } };
  openai.script([{ response: { output: [{ type: 'message', content: 'One moment.' }, call, { ...call, call_id: 'c2' }] } }]);

  const answer = await model.answer({
    ...request,
    items: [
      { kind: 'user', text: 'What can you do?' },
      { kind: 'assistant', text: 'Much.' },
      { kind: 'call', callId: 'c0', name: 'help', arguments: '{}' },
      { kind: 'result', callId: 'c0', output: '{"examples":[]}' },
      { kind: 'user', text: 'Such as?' },
    ],
    tools: [{ name: 'help', description: 'Helps.', parameters: { type: 'object', properties: {} } }],
  });

  expect(answer).toMatchObject({ text: 'One moment.', model: 'first' });
  expect(answer.calls).toEqual(['c1', 'c2'].map((callId) => ({ callId, name: 'help', arguments: '{"about":"all"}' })));
  expect(answer.usage.inputTokens).toBeGreaterThan(0);
  const sent = JSON.parse(context.journal.entries('openai')[0]?.body ?? '{}') as Record<string, unknown>;
  expect(sent).toMatchObject({ store: false, max_output_tokens: 200, parallel_tool_calls: true });
  expect(sent['input']).toMatchObject([
    { role: 'user' },
    { role: 'assistant' },
    { type: 'function_call', call_id: 'c0' },
    { type: 'function_call_output', call_id: 'c0' },
    { role: 'user', content: 'Such as?' },
  ]);
});

verifies(
  ['adapters:model', 'turn:model-limits'],
  'what passes is repeated by the same model: 429, 500 and a broken connection',
  async () => {
    for (const fault of [
      { effect: 'answer', status: 429, retryAfterSeconds: 0 },
      { effect: 'answer', status: 500 },
      { effect: 'drop' },
    ] as const) {
      const { model, fail, asked } = await start();
      fail({ ...fault });

      const answer = await model.answer(request);

      expect(answer.model).toBe('first');
      expect(asked()).toEqual(['first', 'first']);
    }
  },
);

verifies(['adapters:model', 'turn:model-limits'], 'what stays is asked of the second model', async () => {
  for (const status of [429, 500, 503, 404, 408, 409]) {
    const { model, fail, asked } = await start();
    fail({ match: first, effect: 'answer', status, retryAfterSeconds: 0, times: 9 });

    const answer = await model.answer(request);

    expect(answer.model, String(status)).toBe('second');
    expect(asked().at(-1)).toBe('second');
  }
});

verifies(['adapters:model', 'turn:model-limits'], 'a model that is silent is left after its time', async () => {
  const { model, fail } = await start({ timeoutMs: 100 });
  fail({ match: first, effect: 'hang', times: 9 });
  const startedAt = performance.now();

  const answer = await model.answer(request);

  expect(answer.model).toBe('second');
  expect(performance.now() - startedAt).toBeLessThan(3_000);
});

verifies('adapters:model', 'both down: told as worth retrying, with the time that the vendor asks for', async () => {
  const { model, fail, asked } = await start({ timeoutMs: 100 });

  fail({ effect: 'answer', status: 503, times: 9 });
  await expect(model.answer(request)).rejects.toMatchObject({ code: 'upstream', vendor: 'openai', retryable: true });
  expect(new Set(asked())).toEqual(new Set(['first', 'second']));
  const limited = await start();
  limited.fail({ effect: 'answer', status: 429, retryAfterSeconds: 0.4, times: 9 });

  await expect(limited.model.answer(request)).rejects.toMatchObject({ code: 'rate-limited', retryAfterMs: 400 });
  const away = await start();
  away.fail({ effect: 'answer', status: 503, retryAfterSeconds: 0.3, times: 9 });

  await expect(away.model.answer(request)).rejects.toMatchObject({ code: 'upstream', retryAfterMs: 300 });
});

verifies('adapters:model', 'a request that is refused as such is refused once: the other model would say the same', async () => {
  const { model, fail, asked } = await start();
  fail({ effect: 'answer', status: 400, times: 9 });

  await expect(model.answer(request)).rejects.toMatchObject({ code: 'invalid-input', retryable: false });
  expect(asked()).toEqual(['first']);
});

verifies('adapters:model', 'a wrong key parks the turn, it does not fail it', async () => {
  const { model, fail } = await start({ fallbackModel: undefined });
  fail({ effect: 'answer', status: 401, times: 9 });

  await expect(model.answer(request)).rejects.toMatchObject({ code: 'upstream', retryable: true });
});

verifies('adapters:model', 'who gives up ends it: no repeat, no second model', async () => {
  const { model, fail, asked } = await start();
  fail({ effect: 'hang', times: 9 });

  await expect(model.answer(request, AbortSignal.timeout(50))).rejects.toMatchObject({ code: 'timeout' });
  expect(new Set(asked())).not.toContain('second');
});

verifies('adapters:model', 'a failed response is a failure, a refusal its words', async () => {
  const { openai, model } = await start();
  openai.script([
    { match: { model: 'first' }, response: { status: 'failed', error: { code: 'server_error', message: 'x' } } },
    { match: { model: 'second' }, response: said('from the second') },
  ]);
  const [afterFailure] = [await model.answer(request)];
  openai.script([
    { response: { output: [{ type: 'message', content: [{ type: 'refusal', refusal: 'I cannot help with that.' }] }] } },
  ]);

  expect(afterFailure.text).toBe('from the second');
  expect((await model.answer(request)).text).toBe('I cannot help with that.');
});

verifies('adapters:model', 'structured answers fit their schema, or are told', async () => {
  const { openai, model, context } = await start();
  const schema = z.object({ kind: z.enum(['a', 'b']), note: z.string() });
  const ask = () => model.structured({ instructions: 'Classify.', text: 'x', name: 'classification', schema });
  openai.script([
    { response: said('{"kind":"a","note":"ok"}') },
    { response: said('{"kind":"c"}') },
    { response: said('no json') },
  ]);

  expect(await ask()).toEqual({ kind: 'a', note: 'ok' });
  await expect(ask()).rejects.toMatchObject({ code: 'upstream' });
  await expect(ask()).rejects.toMatchObject({ code: 'upstream' });
  const sent = JSON.parse(context.journal.entries('openai')[0]?.body ?? '{}') as Record<string, unknown>;
  expect(sent['text']).toMatchObject({ format: { type: 'json_schema', name: 'classification', strict: true } });
});
