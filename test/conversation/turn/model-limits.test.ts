import { expect } from 'vitest';
import { createOpenaiModel } from '../../../shared/adapters/openai/model.ts';
import { startOpenai } from '../../sandbox/openai/support.ts';
import { verifies } from '../../verifies.ts';
import { startWorld } from '../wake/world.ts';

/** A conversation whose model is the vendor in miniature, with two models and little time. */
async function startTalk() {
  const { context, openai, baseURL } = await startOpenai({ models: ['first', 'second'] });
  const model = createOpenaiModel({
    apiKey: 'test-key',
    baseUrl: baseURL,
    model: 'first',
    fallbackModel: 'second',
    timeoutMs: 600,
    fetch: globalThis.fetch,
  });
  const world = await startWorld({ model });
  const asked = () => context.journal.entries('openai').map(({ body }) => (JSON.parse(body) as { model: string }).model);
  return { world, openai, faults: context.faults, asked };
}

const first = { body: '"model":"first"' };

for (const fault of [{ effect: 'hang' }, { effect: 'answer', status: 503 }, { effect: 'drop' }] as const) {
  verifies('turn:model-limits', `a first model that fails (${fault.effect}) costs the person nothing but time`, async () => {
    const { world, openai, faults, asked } = await startTalk();
    faults.add({ vendor: 'openai', match: first, times: 9, ...fault });
    openai.script([
      {
        match: { model: 'second' },
        response: { output: [{ type: 'function_call', call_id: 'c1', name: 'book', arguments: { subject: 'Review' } }] },
      },
      { match: { model: 'second' }, response: { output_text: 'Here is what happened:' } },
    ]);
    await world.say('Book a review');

    await world.run();

    expect(world.shown()).toEqual(['Here is what happened:\n\n✓ Booked: Review']);
    expect(asked().filter((model) => model === 'second')).toHaveLength(2);
  });
}

verifies('turn:model-limits', 'with both away the turn is parked, told once, and answered when one is back', async () => {
  const { world, openai, faults } = await startTalk();
  faults.add({ vendor: 'openai', effect: 'answer', status: 503, times: 99 });
  openai.script([{ response: { output_text: 'Good morning.' } }]);
  await world.say('Hello');
  await world.run([], { until: world.clock.now() });
  const meanwhile = world.shown();
  faults.clear();

  await world.run();

  expect(meanwhile).toEqual([expect.stringContaining('I cannot reach my language model at the moment.')]);
  expect(world.shown().slice(1)).toEqual(['Good morning.']);
});
