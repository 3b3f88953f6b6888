import { expect } from 'vitest';
import { AppError } from '../../../shared/core/errors.ts';
import type { ModelRequest } from '../../../shared/ports/model.ts';
import { linesOf } from '../../support/fakes/fake-model.ts';
import type { ModelItem } from '../../../shared/ports/model.ts';
import { verifies } from '../../verifies.ts';
import { startWorld, type World } from '../wake/world.ts';

const isSummary = ({ instructions }: ModelRequest) => instructions.startsWith('Summarise the conversation');
const summaries = ({ ports }: World) => ports.model.requests.filter(isSummary);
const questions = ({ ports }: World) => ports.model.requests.filter((request) => !isSummary(request));

/** Says so many things, each answered by its number. */
async function talk(world: World, from: number, to: number): Promise<void> {
  for (let n = from; n <= to; n += 1) {
    await world.say(`Question ${n}`);
    await world.run();
  }
}

/** A world whose model answers each question by its number, and summaries as told. */
async function startTalk(summary: (asked: number) => { text: string } | Error) {
  const world = await startWorld();
  let asked = 0;
  world.ports.model.always((request) =>
    isSummary(request) ? summary((asked += 1)) : { text: `Answer to ${linesOf(request).at(-1)?.slice(6) ?? ''}` },
  );
  return world;
}

verifies('turn:memory', 'the model is shown what was said before, oldest first, and by whom', async () => {
  const world = await startTalk(() => ({ text: 'S' }));

  await talk(world, 1, 3);

  expect(questions(world).map(linesOf).at(-1)).toEqual([
    'user: Question 1',
    'assistant: Answer to Question 1',
    'user: Question 2',
    'assistant: Answer to Question 2',
    'user: Question 3',
  ]);
  expect(summaries(world)).toEqual([]);
  expect(world.documents('memory')).toMatchObject([{ turns: 3 }]);
});

verifies('turn:memory', 'what no longer fits the window of twenty is folded into a running summary, ten at a time', async () => {
  const world = await startTalk((asked) => ({ text: `Summary ${asked}` }));

  await talk(world, 1, 22);

  const memory = await world.memory();
  const isSummary = (item: ModelItem) => item.kind === 'assistant' && item.text.startsWith('[Earlier');
  const sizes = questions(world).map(({ items }) => items.filter((item) => !isSummary(item)).length - 1);
  expect(Math.max(...sizes)).toBeLessThanOrEqual(30);
  expect(sizes.slice(10).every((size) => size >= 20)).toBe(true);
  expect(summaries(world)).toHaveLength(2);
  const [first, second] = summaries(world).map((request) => linesOf(request).join('\n'));
  expect(first).toContain('user: Question 1\nassistant: Answer to Question 1');
  expect(first).not.toContain('Question 7');
  expect(second).toContain('Summary so far: Summary 1');
  expect(second).not.toContain('Question 6\n');
  expect(second).toContain('user: Question 7\n');
  expect(memory).toMatchObject({ summary: 'Summary 2', messages: { length: 20 } });
  await talk(world, 23, 23);
  const last = questions(world).at(-1);
  expect(last?.items[0]).toEqual({ kind: 'assistant', text: '[Earlier in this conversation: Summary 2]' });
  expect(last?.instructions).not.toContain('Summary 2');
});

verifies('turn:memory', 'a summary is asked for without tools, and what it says is bounded', async () => {
  const world = await startTalk(() => ({ text: 'x'.repeat(50_000) }));

  await talk(world, 1, 16);

  expect(summaries(world)).toMatchObject([{ tools: [] }]);
  expect((await world.memory()).summary).toHaveLength(2_000);
});

verifies('turn:memory', 'a long message and a long answer are remembered in part', async () => {
  const world = await startWorld();
  world.ports.model.next({ text: 'a'.repeat(9_000) });
  await world.say('u'.repeat(9_000));

  await world.run();

  expect((await world.memory()).messages.map(({ text }) => text.length)).toEqual([2_000, 2_000]);
  expect(world.shown().join('')).toHaveLength(9_000);
});

for (const [name, fails] of [
  ['an error', new AppError('upstream', 'The model is away')],
  ['a refusal', new AppError('invalid-input', 'Refused')],
  ['an empty one', { text: ' ' }],
] as const) {
  verifies('turn:memory', `a summary that fails (${name}) costs no answer and keeps what was said and summed up`, async () => {
    const world = await startTalk((asked) => (asked === 1 ? { text: 'Summary 1' } : fails));

    await talk(world, 1, 40);

    const { summary, messages } = await world.memory();
    expect(world.shown()).toHaveLength(40);
    expect(world.shown().at(-1)).toBe('Answer to Question 40');
    expect(summary).toBe('Summary 1');
    expect(messages).toHaveLength(40);
    expect(messages.at(-1)?.text).toBe('Answer to Question 40');
    expect(world.documents('failure')).toEqual([]);
  });
}

verifies('turn:memory', 'a burst is remembered message by message', async () => {
  const world = await startWorld();
  await world.say('One');
  await world.say('Two');
  await world.say('Three');

  await world.run();

  expect(world.shown()).toEqual(['All right.']);
  expect((await world.memory()).messages.map(({ role, text }) => `${role}: ${text}`)).toEqual([
    'user: One',
    'user: Two',
    'user: Three',
    'assistant: All right.',
  ]);
});
