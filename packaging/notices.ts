import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Metafile } from 'esbuild';
import { z } from 'zod';
import { repository } from './repository.ts';

const Author = z.union([z.string(), z.object({ name: z.string() }).transform(({ name }) => name)]);
const PackageJson = z.object({
  name: z.string(),
  version: z.string(),
  license: z.string().optional(),
  author: Author.optional().catch(undefined),
});

/** Somebody else's package of which something is in ours. */
export interface BundledPackage {
  readonly name: string;
  readonly version: string;
  /** What its licence wants to be passed on: the licence, and its notice where it has one. */
  readonly licence: string;
}

// Those that say it in their README alone, in one word: `MIT`.
const saysMit = ['semaphore'];

/** Every package that a file of the build holds something of, by name and version. @throws {Error} for one without a licence. */
export function bundledPackages(metafiles: readonly Metafile[]): BundledPackage[] {
  const folders = new Set(metafiles.flatMap(foldersIn));
  const packages = new Map([...folders].map((folder) => readPackage(folder)).map((one) => [`${one.name} ${one.version}`, one]));
  return [...packages.entries()].sort(([one], [other]) => (one < other ? -1 : 1)).map(([, found]) => found);
}

/** The text that goes with the package: each licence once, with the packages it is of. */
export function renderNotices(packages: readonly BundledPackage[]): string {
  const byLicence = Map.groupBy(packages, ({ licence }) => licence);
  const parts = [...byLicence].map(([licence, of]) => {
    const names = of.map(({ name, version }) => `${name} ${version}`);
    return `${names.join('\n')}\n\n${licence}\n`;
  });
  return ['This package holds the work of others, which comes under these licences.\n', ...parts].join(`\n${'-'.repeat(80)}\n\n`);
}

const inPackage = /^(.*node_modules\/(?:@[^/]+\/)?[^/]+)\//;

function foldersIn({ outputs }: Metafile): string[] {
  const used = Object.values(outputs).flatMap(({ inputs }) =>
    Object.entries(inputs).filter(([, part]) => part.bytesInOutput > 0),
  );
  return used.flatMap(([path]) => {
    const [, folder] = inPackage.exec(path) ?? [];
    return folder === undefined ? [] : [join(repository, folder)];
  });
}

function readPackage(folder: string): BundledPackage {
  const { name, version, license, author } = PackageJson.parse(JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')));
  const own = [...readFiles(folder, /^(licen[cs]e|copying)/i)];
  const licence = own.length > 0 ? own : licenceWithout({ folder, name, license, author });
  return { name, version, licence: [...licence, ...readFiles(folder, /^notice/i)].join('\n\n') };
}

function readFiles(folder: string, wanted: RegExp): string[] {
  return readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isFile() && wanted.test(entry.name) && !entry.name.endsWith('.csv'))
    .map(({ name }) => name)
    .sort()
    .map((name) => tidy(readFileSync(join(folder, name), 'utf8')));
}

/** Of a package without a file for it: the chapter of its README, or what its one word stands for. */
function licenceWithout(given: {
  folder: string;
  name: string;
  license: string | undefined;
  author: string | undefined;
}): string[] {
  const { folder, name, license, author } = given;
  const readme = join(folder, 'README.md');
  const [, chapter] = existsSync(readme) ? (/^#+ *licen[cs]e\s+(.*)/ims.exec(readFileSync(readme, 'utf8')) ?? []) : [];
  if (chapter?.includes('Permission is hereby granted') === true) return [tidy(chapter)];
  if (license === 'MIT' || saysMit.includes(name)) return [mit(author ?? `the authors of ${name}`)];
  throw new Error(`${name} brings no licence: find out which it has, and say so in packaging/notices.ts`);
}

function tidy(text: string): string {
  return text
    .replaceAll('\r\n', '\n')
    .replaceAll(/[ \t]+$/gm, '')
    .trim();
}

/** @see https://opensource.org/license/mit */
function mit(holder: string): string {
  return `MIT License

Copyright (c) ${holder.replace(/ <[^>]*>/, '')}

Permission is hereby granted, free of charge, to any person obtaining a copy of this software and associated documentation files (the "Software"), to deal in the Software without restriction, including without limitation the rights to use, copy, modify, merge, publish, distribute, sublicense, and/or sell copies of the Software, and to permit persons to whom the Software is furnished to do so, subject to the following conditions:

The above copyright notice and this permission notice shall be included in all copies or substantial portions of the Software.

THE SOFTWARE IS PROVIDED "AS IS", WITHOUT WARRANTY OF ANY KIND, EXPRESS OR IMPLIED, INCLUDING BUT NOT LIMITED TO THE WARRANTIES OF MERCHANTABILITY, FITNESS FOR A PARTICULAR PURPOSE AND NONINFRINGEMENT. IN NO EVENT SHALL THE AUTHORS OR COPYRIGHT HOLDERS BE LIABLE FOR ANY CLAIM, DAMAGES OR OTHER LIABILITY, WHETHER IN AN ACTION OF CONTRACT, TORT OR OTHERWISE, ARISING FROM, OUT OF OR IN CONNECTION WITH THE SOFTWARE OR THE USE OR OTHER DEALINGS IN THE SOFTWARE.`;
}
