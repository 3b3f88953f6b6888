import { parseArgs } from 'node:util';
import { familyNames, type Family } from './mischief.ts';
import { isSound, writeReport } from './report.ts';
import { runChaos } from './run-chaos.ts';
import { runSweep } from './run-sweep.ts';

const usage = [
  'usage: npm run chaos -- [--messages 200] [--seed 1] [--people n] [--instances 1] [--only family] [--breath 12] [--patience 12] [--database-url postgresql://…]',
  '       npm run chaos -- --sweep kill|freeze [--seed 1]    at every step of a turn, before it and after it',
  `       families: ${familyNames.join(', ')}`,
].join('\n');

const say = (line: string) => void process.stdout.write(`${line}\n`);

function readOptions() {
  const text = { type: 'string' } as const;
  const { values } = parseArgs({
    options: {
      messages: text,
      seed: text,
      people: text,
      instances: text,
      only: text,
      sweep: text,
      breath: text,
      patience: text,
      'database-url': text,
    },
  });
  const number = (value: string | undefined, usual: number) => {
    const read = value === undefined ? usual : Number(value);
    if (!Number.isInteger(read) || read < 0) throw new Error(usage);
    return read;
  };
  if (values.only !== undefined && !familyNames.includes(values.only as Family)) throw new Error(usage);
  return {
    messages: number(values.messages, 200),
    seed: number(values.seed, 1),
    people: values.people === undefined ? undefined : number(values.people, 0),
    instances: number(values.instances, 1),
    breath: number(values.breath, 12),
    patience: number(values.patience, 12),
    only: values.only as Family | undefined,
    databaseUrl: values['database-url'],
    sweep: readSweep(values.sweep),
  };
}

function readSweep(value: string | undefined): 'kill' | 'freeze' | undefined {
  if (value === undefined || value === 'kill' || value === 'freeze') return value;
  throw new Error(usage);
}

try {
  const { sweep, ...options } = readOptions();
  const report = await (sweep === undefined ? runChaos : runSweep(sweep))({ ...options, onLine: say });
  say(writeReport(report));
  process.exitCode = isSound(report) ? 0 : 1;
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
}
