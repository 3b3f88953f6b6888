import { mkdirSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { buildFolder } from './build.ts';
import { repository } from './repository.ts';
import { zipFolder } from './zip.ts';

// `node packaging/run.ts` makes dist/package/, `node packaging/run.ts zip` dist/adjutant.zip of it too.
const dist = join(repository, 'dist');
const say = (line: string) => process.stdout.write(`${line}\n`);
const megabytes = (bytes: number) => `${(bytes / 1e6).toFixed(2)} MB`;

const { folder, metafile } = await buildFolder(join(dist, 'package'));
const files = Object.values(metafile.outputs);
const bytes = files.reduce((sum, file) => sum + file.bytes, 0);
say(`${relative(process.cwd(), folder)}: main.js and ${files.length - 1} files that it loads, ${megabytes(bytes)}`);
if (process.argv[2] === 'zip') {
  const zip = zipFolder(folder);
  const path = join(dist, 'adjutant.zip');
  mkdirSync(dist, { recursive: true });
  writeFileSync(path, zip);
  say(`${relative(process.cwd(), path)}: ${megabytes(zip.length)}`);
}
