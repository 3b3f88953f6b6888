import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { expect, vi } from 'vitest';
import { verifies } from '../verifies.ts';

// Each of them starts the sandbox with its application.
vi.setConfig({ testTimeout: 300_000 });

const run = async (...given: readonly string[]) => (await promisify(execFile)(process.execPath, [...given])).stdout;
/** The numbers of the row that begins so. */
const row = (output: string, name: string) => {
  const line = output.split('\n').find((one) => one.startsWith(name));
  return (line ?? '')
    .slice(name.length)
    .trim()
    .split(/\s+/)
    .map((cell) => Number(cell));
};

verifies('bench:runs', 'webhooks are measured beside a bare server that takes the same ones', async () => {
  const output = await run('bench/webhook.ts', '--count', '60', '--at-once', '4', '--rounds', '1');
  const rows = ['Adjutant, on the local functions host', 'Adjutant, on a bare Node server', 'a bare Node server'];
  const [hosted = [], alone = [], bare = []] = rows.map((name) => row(output, name));

  expect([hosted, alone, bare].flat()).toHaveLength(18);
  expect([hosted, alone, bare].flat().filter((value) => !(value > 0))).toEqual([]);
  expect(bare.slice(3)).toEqual([1, 1, 1]);
  expect(alone[5]).toBeCloseTo((alone[2] ?? 0) / (bare[2] ?? 1), 0);
});

verifies('bench:runs', 'turns are measured beside a bare graph, and what they use is counted', async () => {
  const output = await run('bench/turns.ts', '--turns', '12');
  const [times = [], uses = []] = output.split('What a turn uses').map((part) => row(part, '12'));

  expect(times).toHaveLength(5);
  expect(times.filter((value) => !(value > 0))).toEqual([]);
  const [statements = 0, , , requests = 0, units = 0] = uses;
  expect(statements).toBeLessThanOrEqual(4);
  expect(requests).toBeLessThanOrEqual(12);
  expect(units).toBeLessThanOrEqual(100);
});

verifies('bench:runs', 'a crowd is measured beside the same people one after the other', async () => {
  const output = await run('bench/crowd.ts', '--people', '10');

  expect(row(output, 'one after the other').filter((value) => !(value > 0))).toEqual([]);
  expect(row(output, '10 at once').filter((value) => !(value > 0))).toEqual([]);
});

verifies('bench:runs', 'the size of the process is measured as it goes on', async () => {
  const output = await run('bench/memory.ts', '--turns', '30', '--people', '6', '--at-once', '3');
  const [, sizes = ''] = output.split('RSS MB');

  for (const played of ['0', '15', '30']) expect(row(sizes, played)[0]).toBeGreaterThan(50);
});
