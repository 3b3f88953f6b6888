import { copyFileSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import type { Metafile } from 'esbuild';
import { z } from 'zod';
import { besideTheBundle, bundleApplication, bundlePackage } from './bundle.ts';
import { bundledPackages, renderNotices } from './notices.ts';
import { repository } from './repository.ts';

const PackageJson = z.object({ name: z.string(), version: z.string() });

export interface Build {
  /** What Azure gets, as it lies there. */
  readonly folder: string;
  /** What esbuild says of `main.js` and what it loads: who imports whom, in sources and in files. */
  readonly metafile: Metafile;
  /** The same of what lies beside it. */
  readonly beside: readonly Metafile[];
}

/** Makes the folder that Azure runs, anew. */
export async function buildFolder(folder: string): Promise<Build> {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  const metafile = await bundleApplication(folder);
  const beside: Metafile[] = [];
  for (const name of besideTheBundle) beside.push(await addPackage(folder, name));
  writeFileSync(join(folder, 'THIRD-PARTY-NOTICES.txt'), renderNotices(bundledPackages([metafile, ...beside])));
  copyFileSync(join(repository, 'host.json'), join(folder, 'host.json'));
  const { name, version } = readPackageJson(join(repository, 'package.json'));
  writeJson(join(folder, 'package.json'), { name, version, private: true, type: 'module', main: 'main.js' });
  return { folder, metafile, beside };
}

async function addPackage(folder: string, name: string): Promise<Metafile> {
  const home = join(folder, 'node_modules', name);
  const metafile = await bundlePackage(name, join(home, 'index.js'));
  const { version } = readPackageJson(createRequire(import.meta.url).resolve(`${name}/package.json`));
  writeJson(join(home, 'package.json'), { name, version, type: 'module', exports: './index.js' });
  return metafile;
}

const readPackageJson = (path: string) => PackageJson.parse(JSON.parse(readFileSync(path, 'utf8')));
const writeJson = (path: string, value: unknown) => writeFileSync(path, `${JSON.stringify(value, null, 2)}\n`);
