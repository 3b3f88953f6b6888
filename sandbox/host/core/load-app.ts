import { existsSync, globSync, readFileSync } from 'node:fs';
import { isAbsolute, join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { z } from 'zod';

const PackageJson = z.object({ main: z.string().optional() }).loose();

/** The file that registers the functions: `entry`, or `main` of package.json, which may be a glob as in the real worker. */
export function findEntries(root: string, entry: string | undefined): string[] {
  const pattern = entry ?? mainOf(root);
  const files = /[*?{[]/.test(pattern) ? globSync(pattern, { cwd: root }).sort() : [pattern];
  const paths = files.map((file) => (isAbsolute(file) ? file : resolve(root, file)));
  if (paths.length === 0) throw new Error(`no file matches the entry point '${pattern}' in ${root}`);
  const missing = paths.find((path) => !existsSync(path));
  if (missing !== undefined) throw new Error(`the entry point ${missing} does not exist`);
  return paths;
}

function mainOf(root: string): string {
  const path = join(root, 'package.json');
  const { main } = PackageJson.parse(JSON.parse(readFileSync(path, 'utf8')));
  if (main === undefined) throw new Error(`${path} names no "main": the entry point of the application is unknown`);
  return main;
}

/** Loads the entry points one after the other; an error of one ends the start. */
export async function loadEntries(paths: readonly string[]): Promise<void> {
  for (const path of paths) {
    try {
      await import(pathToFileURL(path).href);
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      throw new Error(`Worker was unable to load entry point "${path}": ${reason}`, { cause: error });
    }
  }
}
