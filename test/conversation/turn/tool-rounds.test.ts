import { expect, onTestFinished, vi } from 'vitest';
import { z } from 'zod';
import type { ModelRequest } from '../../../shared/ports/model.ts';
import { defineTool } from '../../../shared/tools/define-tool.ts';
import { asksFor } from '../../support/fakes/fake-model.ts';
import { verifies } from '../../verifies.ts';
import { startWorld } from '../wake/world.ts';

const noMore = 'No more tools may be called in this turn';
const isLast = ({ tools, instructions }: ModelRequest) => tools.length === 0 && instructions.includes(noMore);
const idsOf = ({ items }: ModelRequest, kind: 'call' | 'result') =>
  items.flatMap((item) => (item.kind === kind ? [item.callId] : []));

/** A tool that reads as its `run` says. */
const readTool = (name: string, run: () => Promise<{ text: string }>) =>
  defineTool({
    name,
    description: 'Reads.',
    role: 'user',
    effect: 'read',
    input: z.object({}),
    output: z.object({ text: z.string() }),
    run,
  });

verifies('turn:tool-rounds', 'a model that loops is offered tools six times, then told to answer', async () => {
  const world = await startWorld();
  const { model } = world.ports;
  model.always((request) => (isLast(request) ? { text: 'That is all I have.' } : asksFor(['list_bookings', {}])));
  await world.say('List for ever');

  await world.run();

  expect(model.requests.map(isLast)).toEqual([false, false, false, false, false, false, true]);
  expect(model.requests.slice(0, 6).every(({ instructions }) => !instructions.includes(noMore))).toBe(true);
  expect(world.shown()).toEqual(['That is all I have.']);
});

verifies('turn:tool-rounds', 'a model that asks for tools it was not offered performs nothing, and the turn ends', async () => {
  const world = await startWorld();
  let asked = 0;
  world.ports.model.always(() => asksFor(['book', { subject: `Review ${(asked += 1)}` }]));
  await world.say('Book for ever');

  await world.run();

  expect(asked).toBe(7);
  expect(world.bookings.booked).toHaveLength(6);
  expect(world.shown()).toHaveLength(1);
  expect(world.unfinished()).toEqual([]);
});

verifies('turn:tool-rounds', 'after four fifths of its time a turn is worded with what there is', async () => {
  const slow = readTool('slow', () => {
    world.clock.advance(200_000);
    return Promise.resolve({ text: 'late' });
  });
  const world = await startWorld({ moreTools: [slow] });
  const { model } = world.ports;
  model.always((request) => (isLast(request) ? { text: 'There was no more time.' } : asksFor(['slow', {}])));
  await world.say('Look slowly');

  await world.run([], { until: world.clock.now() });
  await world.run();

  expect(model.requests.slice(0, 2).map(isLast)).toEqual([false, true]);
  expect(world.shown()).toEqual(['There was no more time.']);
});

verifies(['turn:tool-rounds', 'limits:tool-results'], 'a long result is cut, and the model is told so', async () => {
  const world = await startWorld({ moreTools: [readTool('long', () => Promise.resolve({ text: 'x'.repeat(100_000) }))] });
  const { model } = world.ports;
  model.next(asksFor(['long', {}]));
  await world.say('Read it all');

  await world.run();

  const [result] = (model.requests[1]?.items ?? []).flatMap((item) => (item.kind === 'result' ? [item.output] : []));
  expect(result?.length).toBeLessThan(24_100);
  expect(result).toMatch(/\[cut: the result is longer\]$/);
});

verifies('turn:tool-rounds', 'of more than sixteen calls in an answer the first sixteen are performed and shown', async () => {
  const world = await startWorld();
  const { model } = world.ports;
  model.next(asksFor(...Array.from({ length: 20 }, (_, index): [string, unknown] => ['book', { subject: `No. ${index + 1}` }])));
  await world.say('Book twenty things');

  await world.run();

  expect(world.bookings.booked.map(({ subject }) => subject)).toEqual(
    Array.from({ length: 16 }, (_, index) => `No. ${index + 1}`),
  );
  const [, second] = model.requests;
  expect(second && [idsOf(second, 'call').length, idsOf(second, 'result').length]).toEqual([16, 16]);
});

verifies('turn:tool-rounds', 'call ids that repeat, within an answer and across answers, are made different', async () => {
  const world = await startWorld();
  const { model } = world.ports;
  model.next(
    asksFor(['book', { subject: 'A' }, 'call_1'], ['book', { subject: 'B' }, 'call_1'], ['list_bookings', {}, '']),
    asksFor(['book', { subject: 'C' }, 'call_1'], ['list_bookings', {}, 'call_1_1'], ['list_bookings', {}, '']),
    { text: 'Here is what happened:' },
  );
  await world.say('Book three things');

  await world.run();

  const last = model.requests.at(-1);
  const calls = last ? idsOf(last, 'call') : [];
  expect(new Set(calls).size).toBe(6);
  expect(calls).not.toContain('');
  expect(last && idsOf(last, 'result')).toEqual(calls);
  expect(world.bookings.booked.map(({ subject }) => subject)).toEqual(['A', 'B', 'C']);
});

verifies('turn:tool-rounds', 'reads run at once, writes one after the other in the order given', async () => {
  const order: string[] = [];
  const tool = (name: string, effect: 'read' | 'write') =>
    defineTool({
      name,
      description: 'Notes when it begins and ends.',
      role: 'user',
      effect,
      input: z.object({}),
      output: z.object({}),
      fromPerson: () => [],
      proposal: () => name,
      receipt: () => `✓ ${name}`,
      run: async () => {
        order.push(`${name} begins`);
        await new Promise((resolve) => setTimeout(resolve, 20));
        order.push(`${name} ends`);
        return {};
      },
    });
  const names = ['write_a', 'read_a', 'write_b', 'read_b'] as const;
  const world = await startWorld({ moreTools: names.map((name) => tool(name, name.startsWith('read') ? 'read' : 'write')) });
  world.ports.model.next(asksFor(...names.map((name): [string, unknown] => [name, {}])));
  await world.say('Do it all');

  await world.run();

  const of = (kind: string) => order.filter((step) => step.startsWith(kind));
  expect(of('write')).toEqual(['write_a begins', 'write_a ends', 'write_b begins', 'write_b ends']);
  expect(of('read').slice(0, 2).sort()).toEqual(['read_a begins', 'read_b begins']);
  expect(order.indexOf('read_b begins')).toBeLessThan(order.indexOf('write_a ends'));
});

verifies('turn:tool-rounds', 'a tool that takes minutes is waited for, and the lease is held meanwhile', async () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  onTestFinished(() => void vi.useRealTimers());
  const slow = readTool('slow', () => new Promise((resolve) => setTimeout(() => resolve({ text: 'at last' }), 120_000)));
  const world = await startWorld({ moreTools: [slow] });
  const { model, conversations } = world.ports;
  model.next(asksFor(['slow', {}]));
  await world.say('Look slowly');

  const working = world.run();
  await vi.waitFor(() => expect(model.requests).toHaveLength(1));
  for (let seconds = 0; seconds < 125; seconds += 5) {
    world.clock.advance(5_000);
    await vi.advanceTimersByTimeAsync(5_000);
  }
  await working;

  expect(model.requests[1]?.items.at(-1)).toMatchObject({ kind: 'result', output: '{"text":"at last"}' });
  expect(conversations.calls.filter((call) => call === 'commit').length).toBeGreaterThan(120 / 7);
  expect(world.shown()).toEqual(['All right.']);
});
