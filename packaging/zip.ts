import { globSync, readFileSync, statSync } from 'node:fs';
import { join, sep } from 'node:path';
import { zipSync, type Zippable } from 'fflate';

// The first moment that a zip can tell: the same files give the same bytes, whenever and wherever.
const noTime = new Date(1980, 0, 1);

/** All files of a folder, in the order of their names. */
export function zipFolder(folder: string): Uint8Array {
  const paths = globSync('**/*', { cwd: folder }).filter((path) => statSync(join(folder, path)).isFile());
  const entries = paths.map((path) => [path.split(sep).join('/'), readFileSync(join(folder, path))] as const);
  const files: Zippable = Object.fromEntries(entries.sort(([one], [other]) => (one < other ? -1 : 1)));
  return zipSync(files, { level: 9, mtime: noTime });
}
