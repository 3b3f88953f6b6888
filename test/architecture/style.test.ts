import { globSync, readFileSync } from 'node:fs';
import { ESLint } from 'eslint';
import { expect } from 'vitest';
import { verifies } from '../verifies.ts';

/** The rules that a text breaks as a file of this name. */
async function brokenRules(filePath: string, text: string): Promise<(string | null)[]> {
  const [result] = await new ESLint().lintText(text, { filePath });
  return [...new Set(result?.messages.map(({ ruleId }) => ruleId))];
}

// A file that the linter knows; its text is replaced, the file is not touched.
const file = 'shared/core/ids.ts';

verifies('gates:caps', 'a long file, a long function and a fourth parameter are refused', async () => {
  const longFile = 'export const a = 1;\n'.replace('a', 'first') + '// line\n'.repeat(260);
  const longFunction = `export function long(): number {\n  let a = 0;\n${'  a += 1;\n'.repeat(61)}  return a;\n}\n`;
  const manyParameters = 'export const add = (a: number, b: number, c: number, d: number): number => a + b + c + d;\n';

  const broken = [
    await brokenRules(file, longFile),
    await brokenRules(file, longFunction),
    await brokenRules(file, manyParameters),
  ];

  expect(broken).toEqual([['max-lines'], ['max-lines-per-function'], ['max-params']]);
});

verifies('gates:no-module-mocks', () => {
  const mock = new RegExp(['vi', 'jest'].map((runner) => `\\b${runner}\\.(?:do)?mock\\(`).join('|'), 'i');

  const mocking = globSync('{test,bench}/**/*.ts').filter((path) => mock.test(readFileSync(path, 'utf8')));

  expect(mocking).toEqual([]);
});
