import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { z } from 'zod';
import { organisation } from '../sandbox/seed/organisation.ts';
import { startSandbox } from '../sandbox/run/sandbox.ts';
import { machine, option, percentile, rounded, table } from './kit/figures.ts';

// Webhook to durable message and bell, against a bare Node server that checks the HMAC, creates one Cosmos document and
// sends by AMQP: the same stand-ins, the same load, in turns. `-- --count 2000 --at-once 16 --rounds 3`
const [count, atOnce, rounds] = [option('count', 2_000), option('at-once', 16), option('rounds', 3)];
const aims = { p99: 1.5, rate: 0.7 } as const;
const Load = z.object({ times: z.array(z.number()), seconds: z.number(), failed: z.array(z.number()) });

const sandbox = await startSandbox({
  onboard: [],
  // Whoever wakes would work beside, on the same two cores.
  environment: { 'AzureWebJobs.wake-conversation.Disabled': 'true' },
});

async function startServer(file: string): Promise<{ url: string; process: ChildProcess }> {
  const child = spawn(process.execPath, [join(import.meta.dirname, 'webhook', file)], {
    env: { ...process.env, ...sandbox.environment },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [port] = (await once(child.stdout, 'data')) as [Buffer];
  return { url: `http://127.0.0.1:${port.toString().trim()}/`, process: child };
}

async function load(url: string, messages: number, parallel: number) {
  const given = [
    join(import.meta.dirname, 'webhook/load.ts'),
    url,
    organisation.waha.hmacKey,
    String(messages),
    String(parallel),
  ];
  const { stdout } = await promisify(execFile)(process.execPath, given, { maxBuffer: 2 ** 26 });
  const result = Load.parse(JSON.parse(stdout));
  if (result.failed.length > 0)
    throw new Error(`${result.failed.length} webhooks were answered ${[...new Set(result.failed)].join(', ')}`);
  return result;
}

const [alone, bare] = [await startServer('adjutant-server.ts'), await startServer('bare-server.ts')];
const contenders = {
  'Adjutant, on the local functions host': `${sandbox.applicationUrl}/api/webhooks/whatsapp`,
  'Adjutant, on a bare Node server': alone.url,
  'a bare Node server': bare.url,
};
const measured = Object.entries(contenders).map(([name, url]) => ({ name, url, loads: [] as z.infer<typeof Load>[] }));
console.log(`${machine()}; ${rounds} rounds of ${count} webhooks, ${atOnce} at once, of 50 people\n`);
for (const { url } of measured) await load(url, 300, atOnce); // warm: keys, identities, connections
for (let round = 0; round < rounds; round += 1) {
  for (const { url, loads } of measured) loads.push(await load(url, count, atOnce));
}
for (const server of [alone, bare]) server.process.kill();
await sandbox.close();

function figures(results: readonly z.infer<typeof Load>[]) {
  const times = results.flatMap((result) => result.times);
  const rate = times.length / results.reduce((sum, { seconds }) => sum + seconds, 0);
  return { p50: percentile(times, 0.5), p99: percentile(times, 0.99), rate };
}
const rows = measured.map(({ name, loads }) => ({ name, ...figures(loads) }));
const baseline = rows.at(-1) ?? { p50: Number.NaN, p99: Number.NaN, rate: Number.NaN };
console.log(
  table(
    ['', 'p50 ms', 'p99 ms', 'a second', '× p50', `× p99 (aim ≤ ${aims.p99})`, `× rate (aim ≥ ${aims.rate})`],
    rows.map(({ name, p50, p99, rate }) => [
      name,
      ...[rounded(p50, 1), rounded(p99, 1), rounded(rate)],
      ...[rounded(p50 / baseline.p50, 2), rounded(p99 / baseline.p99, 2), rounded(rate / baseline.rate, 2)],
    ]),
  ),
);
