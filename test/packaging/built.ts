import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll } from 'vitest';
import { buildFolder, type Build } from '../../packaging/build.ts';

/** The real build, in a folder of its own for the tests of a file. */
export function useBuild(): () => Build {
  const home = mkdtempSync(join(tmpdir(), 'adjutant-build-'));
  let built: Build | undefined;
  beforeAll(async () => {
    built = await buildFolder(join(home, 'package'));
  });
  afterAll(() => rmSync(home, { recursive: true, force: true }));
  return () => {
    if (built) return built;
    throw new Error('It is not built');
  };
}

/** Runs one of the programs beside this file; answers what it printed as JSON. */
export async function runProgram(name: string, args: readonly string[], environment: NodeJS.ProcessEnv = {}): Promise<unknown> {
  const program = join(import.meta.dirname, name);
  const { stdout } = await promisify(execFile)(process.execPath, [program, ...args], {
    env: { PATH: process.env['PATH'], ...environment },
  });
  return JSON.parse(stdout);
}

/** A folder for the time of a test file. */
export function useFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'adjutant-'));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}
