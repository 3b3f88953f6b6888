import { expect, onTestFinished } from 'vitest';
import { z } from 'zod';
import { AppError } from '../../shared/core/errors.ts';
import type { Model } from '../../shared/ports/model.ts';
import { setLogSink } from '../../shared/telemetry/index.ts';
import { request, start as startOpenaiModel } from '../adapters/openai/start-model.ts';
import { asksFor, createFakeModel } from '../support/fakes/fake-model.ts';
import { verifies } from '../verifies.ts';

interface Started {
  readonly model: Model;
  /** What it says next, and what it asks for. */
  says(text: string, ...calls: [name: string, input: object][]): void;
  /** From now on it cannot be had. */
  fails(): void;
}

const implementations: Readonly<Record<string, () => Promise<Started>>> = {
  memory: () => {
    const model = createFakeModel();
    return Promise.resolve({
      model,
      says: (text, ...calls) => model.next({ text, ...asksFor(...calls) }),
      fails() {
        const failure = new AppError('upstream', 'the model cannot be had');
        model.next(failure);
        model.always(failure);
      },
    });
  },
  openai: async () => {
    const { model, openai, fail } = await startOpenaiModel();
    onTestFinished(setLogSink(() => undefined));
    return {
      model,
      says(text, ...calls) {
        const message = text === '' ? [] : [{ type: 'message', content: text }];
        const asked = calls.map(([name, input], index) => ({
          ...{ type: 'function_call', call_id: `call_${index}`, name },
          arguments: JSON.stringify(input),
        }));
        openai.script([{ response: { output: [...message, ...asked] } }]);
      },
      fails: () => fail({ effect: 'answer', status: 503, retryAfterSeconds: 0, times: 99 }),
    };
  },
};

const tool = (name: string) => ({ name, description: name, parameters: { type: 'object', properties: {} } });
const intent = { instructions: 'i', text: 'Hello', name: 'intent', schema: z.object({ intent: z.enum(['greeting', 'other']) }) };

for (const [name, start] of Object.entries(implementations)) {
  verifies('adapters:model', `${name}: what it says is its text, and it asks for nothing`, async () => {
    const { model, says } = await start();
    says('You are free – all day.');

    const answer = await model.answer(request);

    expect(answer).toMatchObject({ text: 'You are free – all day.', calls: [] });
    expect(answer.model).not.toBe('');
    expect(answer.usage.inputTokens).toBeGreaterThanOrEqual(0);
    expect(answer.usage.outputTokens).toBeGreaterThanOrEqual(0);
  });

  verifies('adapters:model', `${name}: what it asks for comes in order, each with an id and its arguments as text`, async () => {
    const { model, says } = await start();
    says('', ['whoami', {}], ['list', { day: 'today', limit: 3 }], ['whoami', {}]);

    const { text, calls } = await model.answer({ ...request, tools: [tool('whoami'), tool('list')] });

    expect(text).toBe('');
    expect(calls.map((call) => [call.name, JSON.parse(call.arguments) as unknown])).toEqual([
      ['whoami', {}],
      ['list', { day: 'today', limit: 3 }],
      ['whoami', {}],
    ]);
    expect(new Set(calls.map(({ callId }) => callId)).size).toBe(3);
  });

  verifies('adapters:model', `${name}: a structured answer fits its schema, or is refused`, async () => {
    const { model, says } = await start();
    says('{"intent":"greeting"}');
    says('{"intent":"shopping"}');

    expect(await model.structured(intent)).toEqual({ intent: 'greeting' });
    await expect(model.structured(intent)).rejects.toMatchObject({ code: 'upstream' });
  });

  verifies('adapters:model', `${name}: one that cannot be had says so, and that a retry may help`, async () => {
    const { model, fails } = await start();
    fails();

    await expect(model.answer(request)).rejects.toMatchObject({ code: 'upstream', retryable: true });
    await expect(model.structured(intent)).rejects.toMatchObject({ code: 'upstream', retryable: true });
  });
}
