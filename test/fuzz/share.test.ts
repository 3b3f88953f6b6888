import { afterAll, beforeAll, expect } from 'vitest';
import { runFuzz, type FuzzReport } from '../../fuzz/run.ts';
import { targets, type TargetName } from '../../fuzz/targets/index.ts';
import { startWorld, type World } from '../../fuzz/world.ts';
import { verifies } from '../verifies.ts';

const seed = 20_261_121;
// What a process may keep of what it was sent: caches, compiled code, the documents that a stand-in stores.
const mostGrowthBytes = 96 * 1024 * 1024;

let started: World | undefined;
beforeAll(async () => {
  started = await startWorld();
});
afterAll(() => started?.close());

async function fuzz(name: TargetName, count: number): Promise<FuzzReport> {
  if (!started) throw new Error('there is no world');
  const report = await runFuzz(started, targets[name], { count, seed });
  expect(report.findings, name).toEqual([]);
  expect(report.after.heapBytes - report.before.heapBytes, name).toBeLessThan(mostGrowthBytes);
  expect(Object.values(report.outcomes).reduce((sum, times) => sum + times, 0)).toBe(count);
  return report;
}

verifies('fuzz:webhook', 'a share of the hundred thousand', async () => {
  const { outcomes } = await fuzz('webhook', 2_000);

  const told = Object.keys(outcomes);
  expect(told).toEqual(
    expect.arrayContaining(['202 stored', '401 unauthorized', '200 ignored malformed', '200 ignored oversized']),
  );
  expect(outcomes['202 stored']).toBeGreaterThan(100);
});

verifies('fuzz:sign-in', 'links, states, codes and cookies', async () => {
  const { outcomes } = await fuzz('sign-in', 400);

  expect(Object.keys(outcomes)).toEqual(expect.arrayContaining(['200', '303', '403', '404']));
});

verifies('fuzz:mcp', 'with a right token', async () => {
  const { outcomes } = await fuzz('mcp', 400);

  expect(Object.keys(outcomes)).toEqual(expect.arrayContaining(['200', '400', '401', '405']));
});

verifies('fuzz:stand-ins', 'of Microsoft Graph, WAHA, Cosmos', async () => {
  for (const name of ['msgraph', 'waha', 'cosmos'] as const) {
    const { outcomes } = await fuzz(name, 300);
    expect(Object.keys(outcomes), name).toEqual(expect.arrayContaining(['200', '400', '404']));
  }
});

verifies('fuzz:stand-ins', 'of OpenAI, Entra and the collector', async () => {
  for (const name of ['openai', 'entra', 'otlp'] as const) {
    const { outcomes } = await fuzz(name, 250);
    expect(Object.keys(outcomes), name).toEqual(expect.arrayContaining(['200', '400', '404']));
  }
});

verifies('fuzz:stand-ins', 'of AMQP and of PostgreSQL’s wire', async () => {
  for (const name of ['servicebus', 'postgres'] as const) {
    const { outcomes } = await fuzz(name, 150);
    expect(Object.keys(outcomes), name).toEqual(expect.arrayContaining(['went on', 'hung up without a word']));
  }
});

// The last: it may move time.
verifies('fuzz:stand-ins', "and the sandbox's own API", async () => {
  const { outcomes } = await fuzz('control', 300);

  expect(Object.keys(outcomes)).toEqual(expect.arrayContaining(['200', '400', '404']));
});
