import { zodTextFormat } from 'openai/helpers/zod';
import { expect, vi } from 'vitest';
import { z } from 'zod';
import { verifies } from '../../verifies.ts';
import { ask, startOpenai } from './support.ts';

const says = (text: string) => ({ output: [{ type: 'message', content: [{ type: 'output_text', text }] }] });

verifies('openai:script', 'each reply is given once, in order; then the rules answer', async () => {
  const { client, openai } = await startOpenai();
  openai.script([{ response: says('first') }, { response: { output_text: 'second' } }]);

  const answers = [await ask(client, 'Hello'), await ask(client, 'Hello'), await ask(client, 'Hello')];

  expect(answers.map(({ text }) => text.split('.')[0])).toEqual(['first', 'second', 'Hello Ana']);
});

verifies(
  'openai:script',
  'the first whose match fits is taken, by model and by what the input or instructions hold',
  async () => {
    const { client, openai } = await startOpenai();
    openai.script([
      { match: { model: 'adjutant-rules-mini' }, response: says('mini') },
      { match: { contains: 'say "this"\nplease' }, response: says('matched') },
      { match: { contains: 'Europe/Lisbon', model: 'adjutant-rules-1' }, response: says('by instructions') },
    ]);

    const first = await ask(client, 'Would you say "this"\nplease');
    const second = await ask(client, 'anything');
    const third = await ask(client, 'anything', { model: 'adjutant-rules-mini' });

    expect([first.text, second.text, third.text]).toEqual(['matched', 'by instructions', 'mini']);
  },
);

verifies('openai:script', 'calls can be scripted, of tools that were not given too: the application has to hold', async () => {
  const { client, openai } = await startOpenai();
  const call = { type: 'function_call', name: 'calendar_delete_everything', arguments: '{"sure":true}' };
  openai.script([{ response: { output: [call, { ...call, arguments: 'no JSON' }] } }]);

  const response = await client.responses.create({ model: 'adjutant-rules-1', input: 'Hello' });

  expect(response).toMatchObject({ object: 'response', status: 'completed', model: 'adjutant-rules-1' });
  expect(response.id).toMatch(/^resp_/);
  expect(response.output).toMatchObject([
    { ...call, call_id: expect.stringMatching(/^call_/) as string, status: 'completed' },
    { arguments: 'no JSON' },
  ]);
});

verifies('openai:script', 'errors and failed responses can be scripted', async () => {
  const { client, openai } = await startOpenai();
  openai.script([
    {
      response: {
        status: 429,
        error: { message: 'You exceeded your current quota', type: 'insufficient_quota', code: 'insufficient_quota' },
      },
    },
    { response: { status: 'failed', error: { code: 'server_error', message: 'It broke' }, output: [] } },
  ]);
  const create = () => client.responses.create({ model: 'adjutant-rules-1', input: 'Hello' });

  await expect(create()).rejects.toMatchObject({ status: 429, code: 'insufficient_quota' });
  expect(await create()).toMatchObject({ status: 'failed', error: { code: 'server_error' } });
});

verifies('openai:script', 'a scripted reply is streamed like any other, and need not fit the schema asked for', async () => {
  const { client, openai } = await startOpenai();
  openai.script([{ response: says('{"verdict":"perhaps"}') }, { response: says('told in pieces') }]);
  const format = zodTextFormat(z.object({ verdict: z.enum(['allow', 'refuse']) }), 'verdict');

  const misfit = client.responses.parse({ model: 'adjutant-rules-1', input: 'x', text: { format } });
  await expect(misfit).rejects.toThrow();
  const stream = client.responses.stream({ model: 'adjutant-rules-1', input: 'x' });

  expect((await stream.finalResponse()).output_text).toBe('told in pieces');
});

verifies('openai:script', 'a delayed reply waits by the clock of the sandbox, and the call is open meanwhile', async () => {
  const { client, openai, context } = await startOpenai();
  openai.script([{ response: says('late'), delayMs: 3_600_000 }]);
  expect(openai.busy()).toBe(false);

  const pending = client.responses.create({ model: 'adjutant-rules-1', input: 'Hello' });
  await vi.waitFor(() => expect(openai.busy()).toBe(true));
  context.clock.advance(3_600_000);

  expect((await pending).output_text).toBe('late');
  expect(openai.busy()).toBe(false);
});

verifies('openai:script', 'a script that is none is refused at once', async () => {
  const { openai } = await startOpenai();
  const wrong = [{ matches: { contains: 'x' }, response: {} }] as unknown as Parameters<typeof openai.script>[0];

  expect(() => openai.script(wrong)).toThrow(/matches/);
});
