import { expect } from 'vitest';
import { z } from 'zod';
import { verifies } from '../../verifies.ts';
import { request, said, start } from './start-model.ts';

const cut = (reason: string, ...output: object[]) => ({
  response: { status: 'incomplete', incomplete_details: { reason }, output },
});
const message = (text: string) => ({ type: 'message', content: text });
const call = (callId: string, status: string) => ({
  type: 'function_call',
  call_id: callId,
  name: 'help',
  arguments: '{}',
  status,
});

verifies('adapters:model', 'an answer that was cut short is its text, marked as cut', async () => {
  const { openai, model, asked } = await start();
  openai.script([cut('max_output_tokens', message('Your meetings tomorrow are '))]);

  const answer = await model.answer(request);

  expect(answer).toMatchObject({ text: 'Your meetings tomorrow are…', calls: [], model: 'first' });
  expect(asked()).toEqual(['first']);
});

verifies('adapters:model', 'a call that was not written to its end is none', async () => {
  const { openai, model } = await start();
  openai.script([
    cut('max_output_tokens', call('c1', 'completed'), call('c2', 'incomplete')),
    cut('max_output_tokens', message('I look it up'), call('c3', 'in_progress')),
  ]);

  const [whole, talk] = [await model.answer(request), await model.answer(request)];

  expect(whole).toMatchObject({ text: '', calls: [{ callId: 'c1' }] });
  expect(whole.calls).toHaveLength(1);
  expect(talk).toMatchObject({ text: 'I look it up…', calls: [] });
});

verifies(
  ['adapters:model', 'turn:model-limits'],
  'an answer that ran out before it said anything is asked of the second model',
  async () => {
    for (const output of [[], [call('c1', 'incomplete')], [{ type: 'reasoning', summary: [] }]]) {
      const { openai, model, asked } = await start();
      openai.script([
        { match: { model: 'first' }, ...cut('max_output_tokens', ...output) },
        { match: { model: 'second' }, response: said('from the second') },
      ]);

      expect((await model.answer(request)).text).toBe('from the second');
      expect(asked()).toEqual(['first', 'second']);
    }
  },
);

verifies('adapters:model', 'if neither says anything it may pass later', async () => {
  const { openai, model } = await start();
  openai.script([cut('max_output_tokens'), cut('max_output_tokens')]);

  await expect(model.answer(request)).rejects.toMatchObject({ code: 'upstream', retryable: true });
});

verifies('adapters:model', 'what the filter cut is refused at once, an answer in a shape too', async () => {
  const { openai, model, asked } = await start();
  const schema = z.object({ kind: z.string() });
  openai.script([cut('content_filter', message('Half a')), cut('content_filter', message('{"kind":"a"}'))]);

  const answer = model.answer(request);
  await expect(answer).rejects.toMatchObject({ code: 'invalid-input', retryable: false });
  const structured = model.structured({ instructions: 'Classify.', text: 'x', name: 'classification', schema });

  await expect(structured).rejects.toMatchObject({ code: 'invalid-input' });
  expect(asked()).toEqual(['first', 'first']);
});

verifies('adapters:model', 'a request that timed out or met another at the vendor may pass later', async () => {
  for (const status of [408, 409]) {
    const { model, fail } = await start();
    fail({ effect: 'answer', status, retryAfterSeconds: 0, times: 9 });

    await expect(model.answer(request), String(status)).rejects.toMatchObject({ code: 'upstream', retryable: true });
  }
});
