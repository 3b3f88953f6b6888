import { parseArgs } from 'node:util';
import { runFuzz, type FuzzReport } from './run.ts';
import { targets } from './targets/index.ts';
import { startWorld } from './world.ts';

const usage = `usage: npm run fuzz -- [--target ${Object.keys(targets).join('|')}|all] [--count 1000] [--seed 1] [--first 0] [--connections 12]`;
const number = (fallback: string) => ({ type: 'string', default: fallback }) as const;
const { values } = parseArgs({
  options: {
    target: number('all'),
    ...{ count: number('1000'), seed: number('1'), first: number('0'), connections: number('12') },
  },
});
const chosen = Object.entries(targets).filter(([name]) => values.target === 'all' || values.target === name);
const write = (line: string) => process.stdout.write(`${line}\n`);
const megabytes = (bytes: number) => `${(bytes / 1_048_576).toFixed(1)} MB`;

function print(name: string, { count, seconds, outcomes, findings, repeated, slowest, before, after }: FuzzReport): void {
  write(
    `${name}: ${count} in ${seconds.toFixed(1)} s, ${Math.round(count / seconds)} a second, the slowest (${slowest.number}) ${Math.round(slowest.ms)} ms; ${repeated} once more, alone`,
  );
  write(
    `  heap ${megabytes(before.heapBytes)} before, ${megabytes(after.heapBytes)} after; resident ${megabytes(before.residentBytes)}, ${megabytes(after.residentBytes)}`,
  );
  for (const [outcome, times] of Object.entries(outcomes).sort(([, a], [, b]) => b - a))
    write(`  ${String(times).padStart(7)}  ${outcome}`);
  for (const { number: shotNumber, label, wrong, shot, answer } of findings)
    write(`  ! ${shotNumber} (${label}): ${wrong}\n    ${shot}\n    → ${answer}`);
}

if (chosen.length === 0) {
  write(usage);
  process.exit(1);
}
const world = await startWorld();
let found = 0;
for (const [name, create] of chosen) {
  const report = await runFuzz(world, create, {
    ...{
      count: Number(values.count),
      seed: Number(values.seed),
      first: Number(values.first),
      concurrency: Number(values.connections),
    },
    onProgress: (done, child) => {
      if (done % 10_000 !== 0) return;
      void child.memory().then(({ heapBytes }) => write(`${name}: ${done} …, heap ${megabytes(heapBytes)}`));
    },
  });
  print(name, report);
  found += report.findings.length;
}
await world.close();
process.exit(found === 0 ? 0 : 1);
