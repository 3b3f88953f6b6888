import { readFileSync } from 'node:fs';
import { countTokens } from 'gpt-tokenizer/encoding/o200k_base';
import { expect } from 'vitest';
import { createTools } from '../../shared/tools/index.ts';
import { createToolPorts } from '../support/tool-ports.ts';
import { verifies } from '../verifies.ts';

const readme = readFileSync('README.md', 'utf8');

/** The rows of the table in that chapter, as cells. */
function rowsOf(chapter: string): string[][] {
  const [, text = ''] = readme.split(`## ${chapter}\n`);
  const lines = (text.split('\n## ')[0] ?? '').split('\n').filter((line) => line.startsWith('| '));
  return lines.slice(1).map((line) =>
    line
      .split('|')
      .slice(1, -1)
      .map((cell) => cell.trim()),
  );
}

verifies('bench:aims', 'each row says what was measured, and beside an aim how it is met', () => {
  const rows = rowsOf('Numbers');
  const wanted = [
    'webhook',
    'PGlite',
    'PostgreSQL',
    '1,000th turn',
    'what a turn uses',
    '200 people',
    '2,000 people',
    '10,000 turns',
    'until a webhook',
    'until a turn',
    'size of the zip',
  ];

  for (const what of wanted)
    expect(
      rows.some(([name]) => name?.includes(what)),
      what,
    ).toBe(true);
  for (const [name, own, , aim] of rows) {
    expect(own, name).toMatch(/\d/);
    if (aim !== '–') expect(aim, name).toMatch(/met|is ×\d/);
  }
});

verifies('bench:aims', 'the tokens of the tools are those that they have', () => {
  const tools = createTools(createToolPorts(), 'acme');
  const tokens = tools.reduce(
    (sum, { name, description, inputSchema }) =>
      sum + countTokens(JSON.stringify({ name, description, parameters: inputSchema })),
    0,
  );

  const row = rowsOf('Numbers').find(([name]) => name?.includes('o200k'));

  expect(row?.slice(0, 2)).toEqual([`tokens of the schemas of all ${tools.length} tools (o200k)`, String(tokens)]);
});

verifies(['chaos:by-hand', 'chaos:hundred-thousand'], 'each run tells what came in, and that nothing was lost or doubled', () => {
  const runs = rowsOf('Nothing lost, nothing doubled').map(([, sent, answered, wrong]) => ({ sent, answered, wrong }));

  for (const sent of ['1,000', '10,000']) expect(runs).toContainEqual({ sent, answered: sent, wrong: '0 each' });
  // What was given up is recorded and told: neither lost nor answered.
  const { answered = '', wrong } = runs.find(({ sent }) => sent === '100,000') ?? {};
  const figures = answered.match(/[\d,]*\d/g)?.map((figure) => Number(figure.replaceAll(',', ''))) ?? [];
  expect(figures.reduce((sum, figure) => sum + figure, 0)).toBe(100_000);
  expect(wrong).toBe('0 each');
});
