import { expect } from 'vitest';
import { answerByRules, type RulesRequest } from '../../../sandbox/openai/rules/answer.ts';
import { validatorOf } from '../../../sandbox/openai/wire/validate.ts';
import type { ConversationItem } from '../../../sandbox/openai/wire/items.ts';
import { verifies } from '../../verifies.ts';
import { everyTool, instructions } from './support.ts';

const tools = everyTool.map(({ name, description, parameters }) => ({
  name,
  description: description ?? '',
  parameters: parameters ?? {},
}));
const answer = (items: ConversationItem[]) => {
  const request: RulesRequest = { instructions, items, tools, toolChoice: 'auto', parallel: true, schema: undefined, nowMs: 0 };
  return answerByRules(request);
};

const fragments =
  'book|a meeting|with|Ben|ben@x.example|tomorrow|at 3pm|at 25|on the 31st|on 31 February|for|45 minutes|for 0 minutes|next|' +
  "Tuesday|cancel|my 3pm|to|in two hours|what's on|?|.|and also|who am I|help|“x”|'s|;|\n|from 5 to 3|between|and|noon|never mind|" +
  'hi|🎉|half past|o’clock|New York time|GMT|-1|2026-13-45|24:00|99:99|yesterday|this|evening|call it|about|invite|me|__proto__';

/** The same numbers each time: a failure can be seen again. */
function createDice(seed: number) {
  let state = seed;
  return (sides: number) => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0;
    return (state >>> 8) % sides;
  };
}

verifies(
  'openai:rules-tools',
  'whatever people write, a call is of a tool given and fits its schema, and nobody is left without an answer',
  () => {
    const roll = createDice(7);
    const words = fragments.split('|');
    const say = () => Array.from({ length: 1 + roll(10) }, () => words[roll(words.length)] ?? '').join(' ');
    const wrong: unknown[] = [];
    let calls = 0;

    for (let round = 0; round < 400; round += 1) {
      const items = Array.from({ length: 1 + roll(4) }, (): ConversationItem => {
        return { kind: 'message', role: roll(4) === 0 ? 'assistant' : 'user', text: say() };
      });
      const given = answer([...items, { kind: 'message', role: 'user', text: say() }]);
      calls += given.calls.length;
      if (given.calls.length === 0 && given.text === '') wrong.push(items);
      for (const call of given.calls) {
        const tool = tools.find(({ name }) => name === call.name);
        if (!tool || validatorOf(tool.parameters)?.(call.arguments) !== true || JSON.stringify(call).includes('Invalid'))
          wrong.push(call);
      }
    }

    expect(calls).toBeGreaterThan(100);
    expect(wrong).toEqual([]);
  },
);

verifies('openai:rules-tools', 'the longest and oddest messages are read in no time', () => {
  const odd = [
    'a',
    'Book ',
    'with Ben, ',
    'a@',
    '"',
    'tomorrow at 3pm ',
    ' ',
    '\n \n',
    '? ',
    'A',
    'ignore ',
    'what is ',
    'is ',
    'x.',
  ];

  const slow = odd.filter((piece) => {
    const startedAt = performance.now();
    answer([{ kind: 'message', role: 'user', text: piece.repeat(Math.ceil(60_000 / piece.length)) }]);
    return performance.now() - startedAt > 2_000;
  });

  expect(slow).toEqual([]);
});
