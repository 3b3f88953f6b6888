import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { z } from 'zod';
import { buildFolder } from '../packaging/build.ts';
import { zipFolder } from '../packaging/zip.ts';

// What a new process takes, in time and memory, until a webhook or a turn could be worked on: the package for Azure and the
// sources with their node_modules, each with and without the compile cache of an earlier process. `-- --runs 9`
const runs = Number(/--runs (\d+)/.exec(process.argv.join(' '))?.[1] ?? 7);
const aims = { webhook: 150, wake: 600, zip: 6 } as const;
const works = ['webhook', 'wake'] as const;

const Measured = z.object({ ms: z.number(), addedMb: z.number(), allMb: z.number() });
type Measured = z.infer<typeof Measured>;

const home = mkdtempSync(join(tmpdir(), 'adjutant-bench-'));
const { folder } = await buildFolder(join(home, 'package'));
const entries = {
  sources: new URL('cold-start/sources.ts', import.meta.url),
  package: pathToFileURL(join(folder, 'main.js')),
};
const variants = (['sources', 'package'] as const).flatMap((what) =>
  works.flatMap((work) => [false, true].map((cached) => ({ what, work, cached, measured: [] as Measured[] }))),
);

async function loadOnce({ what, work, cached }: (typeof variants)[number]): Promise<Measured> {
  const place = join(home, `${what}-${work}`);
  mkdirSync(place, { recursive: true });
  const program = join(import.meta.dirname, 'cold-start/load-once.ts');
  const { stdout } = await promisify(execFile)(process.execPath, [program, entries[what].href, work], {
    env: { PATH: process.env['PATH'], TMPDIR: place, ...(cached ? {} : { NODE_DISABLE_COMPILE_CACHE: '1' }) },
  });
  return Measured.parse(JSON.parse(stdout));
}

// Once for the disk and for the cache; then in turns, so that whatever else the machine does meets all alike.
for (const variant of variants) await loadOnce(variant);
for (let run = 0; run < runs; run += 1) for (const variant of variants) variant.measured.push(await loadOnce(variant));

const median = (values: readonly number[]) => [...values].sort((one, other) => one - other)[values.length >> 1] ?? 0;
const row = (...cells: readonly string[]) => cells.map((cell, at) => (at === 0 ? cell.padEnd(32) : cell.padStart(24))).join('');
const whole = (value: number) => String(Math.round(value));
function cell(measured: readonly Measured[]): string {
  const times = measured.map(({ ms }) => ms);
  const memory = median(measured.map(({ addedMb }) => addedMb));
  return `${whole(median(times))} (${whole(Math.min(...times))}) ms ${whole(memory)} MB`;
}

console.log(`Node ${process.version}, ${runs} processes each: median (least) time until ready, memory added (RSS)\n`);
console.log(row('', 'webhook', 'agent'));
for (const what of ['sources', 'package'] as const) {
  for (const cached of [false, true]) {
    const measured = works.map((work) => variants.find((v) => v.what === what && v.work === work && v.cached === cached));
    const name = what === 'sources' ? 'sources and node_modules' : 'package';
    console.log(row(`${name}${cached ? ', cached' : ''}`, ...measured.map((variant) => cell(variant?.measured ?? []))));
  }
}
console.log(row('aim', `${aims.webhook} ms      `, `${aims.wake} ms      `));
const zipMb = zipFolder(folder).length / 1e6;
console.log(`\nzip: ${zipMb.toFixed(2)} MB (aim: at most ${aims.zip} MB)`);
rmSync(home, { recursive: true, force: true });
