import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, onTestFinished } from 'vitest';
import { z } from 'zod';
import { limitFetch } from '../../../shared/adapters/limited-fetch.ts';
import { createOpenaiModel } from '../../../shared/adapters/openai/model.ts';
import { verifies } from '../../verifies.ts';
import { startWorld } from '../../conversation/wake/world.ts';
import { request } from './start-model.ts';

type Answer = readonly [contentType: string, body: string];

const json = 'application/json';
const message = { type: 'message', content: [{ type: 'output_text', text: 'Good morning.' }] };
const usable = JSON.stringify({ object: 'response', status: 'completed', model: 'second', output: [message] });

/** What servers, and what stands before them, answer with 200 although it is no answer. */
const unusable: Readonly<Record<string, Answer>> = {
  'an empty body': [json, ''],
  'half of its JSON': [json, usable.slice(0, 40)],
  'a page': ['text/html', '<html><body>Sign in to the network</body></html>'],
  'a page that calls itself JSON': [json, '<html></html>'],
  null: [json, 'null'],
  'a list': [json, '[]'],
  'an empty object': [json, '{}'],
  'a response without output': [json, '{"object":"response","status":"completed"}'],
  'an error': [json, '{"error":{"message":"overloaded"}}'],
  'output that is no list': [json, '{"object":"response","output":"Good morning."}'],
  'output of nothing': [json, '{"object":"response","output":[null]}'],
  'a message without content': [json, '{"output":[{"type":"message"}]}'],
  'a call without a name': [json, '{"output":[{"type":"function_call","call_id":"c1","arguments":"{}"}]}'],
};

/** A server that answers each model so, and a model of ours on it. */
async function start(answers: Readonly<Record<string, Answer>>, fallbackModel: string | undefined = 'second') {
  const asked: string[] = [];
  const server = createServer((incoming, outgoing) => {
    void incoming.toArray().then((chunks: Buffer[]) => {
      const { model } = z.object({ model: z.string() }).parse(JSON.parse(Buffer.concat(chunks).toString()));
      asked.push(model);
      const [contentType, body] = answers[model] ?? [json, '{}'];
      outgoing.writeHead(200, { 'content-type': contentType }).end(body);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void server.close());
  const model = createOpenaiModel({
    ...{ apiKey: 'test-key', model: 'first', fallbackModel, timeoutMs: 2_000 },
    baseUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`,
    fetch: limitFetch(globalThis.fetch, { vendor: 'openai', slots: 4, waitMs: 1_000 }),
  });
  return { model, asked };
}

for (const [name, answer] of Object.entries(unusable)) {
  verifies(['adapters:model', 'turn:model-limits'], `a 200 with ${name} is no answer: the second model is asked`, async () => {
    const { model, asked } = await start({ first: answer, second: [json, usable] });

    expect(await model.answer(request)).toMatchObject({ text: 'Good morning.', model: 'second' });
    expect(asked).toEqual(['first', 'second']);
  });
}

verifies('adapters:model', 'where no model gives an answer that can be used it may pass later, in a shape too', async () => {
  for (const answer of Object.values(unusable)) {
    const { model, asked } = await start({ first: answer, second: answer });
    const schema = z.object({ kind: z.string() });

    const failed = { name: 'AppError', code: 'upstream', vendor: 'openai', retryable: true };
    await expect(model.answer(request)).rejects.toMatchObject(failed);
    await expect(model.structured({ instructions: '', text: '', name: 'n', schema })).rejects.toMatchObject(failed);
    expect(asked).toEqual(['first', 'second', 'first', 'second']);
  }
});

verifies('adapters:model', 'a compatible server that tells less is understood all the same', async () => {
  const call = { type: 'function_call', call_id: 'c1', name: 'help', arguments: '{}' };
  const { model } = await start({
    first: [json, JSON.stringify({ output: [{ type: 'reasoning' }, message, call], usage: null })],
  });

  expect(await model.answer(request)).toEqual({
    text: 'Good morning.',
    calls: [{ callId: 'c1', name: 'help', arguments: '{}' }],
    model: 'unknown',
    usage: { inputTokens: 0, outputTokens: 0 },
  });
});

verifies(
  ['turn:model-limits', 'conversation:parked'],
  'a turn met by no answer that can be used is parked, and goes on',
  async () => {
    const answers: Record<string, Answer> = { first: [json, '{}'] };
    const { model } = await start(answers, undefined);
    const world = await startWorld({ model });
    await world.say('Hello');
    await world.run([], { until: world.clock.now() });
    const meanwhile = world.shown();
    answers['first'] = [json, usable];

    await world.run();

    expect(meanwhile).toEqual([expect.stringContaining('I cannot reach my language model at the moment.')]);
    expect(world.shown().slice(1)).toEqual(['Good morning.']);
    expect(world.documents('failure')).toEqual([]);
  },
);
