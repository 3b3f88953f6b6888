import { copyFileSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import type { Metafile } from 'esbuild';
import { z } from 'zod';
import { besideTheBundle, bundleApplication, bundlePackage } from './bundle.ts';
import { repository } from './repository.ts';

const PackageJson = z.object({ name: z.string(), version: z.string() });

export interface Build {
  /** What Azure gets, as it lies there. */
  readonly folder: string;
  /** What esbuild says of `main.js` and what it loads: who imports whom, in sources and in files. */
  readonly metafile: Metafile;
}

/** Makes the folder that Azure runs, anew. */
export async function buildFolder(folder: string): Promise<Build> {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  const metafile = await bundleApplication(folder);
  for (const name of besideTheBundle) await addPackage(folder, name);
  copyFileSync(join(repository, 'host.json'), join(folder, 'host.json'));
  const { name, version } = readPackageJson(join(repository, 'package.json'));
  writeJson(join(folder, 'package.json'), { name, version, private: true, type: 'module', main: 'main.js' });
  return { folder, metafile };
}

async function addPackage(folder: string, name: string): Promise<void> {
  const home = join(folder, 'node_modules', name);
  await bundlePackage(name, join(home, 'index.js'));
  const { version } = readPackageJson(createRequire(import.meta.url).resolve(`${name}/package.json`));
  writeJson(join(home, 'package.json'), { name, version, type: 'module', exports: './index.js' });
}

const readPackageJson = (path: string) => PackageJson.parse(JSON.parse(readFileSync(path, 'utf8')));
const writeJson = (path: string, value: unknown) => writeFileSync(path, `${JSON.stringify(value, null, 2)}\n`);
