import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, isAbsolute, join } from 'node:path';
import { unzipSync } from 'fflate';

export interface Unpacked {
  /** The folder of its host.json and package.json. */
  readonly root: string;
  remove(): void;
}

/**
 * A package of the application in a folder of its own, far from this repository: what it needs and does not carry is
 * missing there as it would be in Azure.
 * @throws {Error} where there is no such package.
 */
export function unpackApplication(zip: string): Unpacked {
  const files = readZip(zip);
  const outside = Object.keys(files).find((name) => isAbsolute(name) || name.split('/').includes('..'));
  if (outside !== undefined) throw new Error(`${zip} holds ${outside}, which would lie outside.`);
  const root = mkdtempSync(join(tmpdir(), 'adjutant-package-'));
  for (const [name, bytes] of Object.entries(files)) {
    const path = join(root, name);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, bytes);
  }
  return { root, remove: () => rmSync(root, { recursive: true, force: true, maxRetries: 3 }) };
}

function readZip(zip: string): Record<string, Uint8Array> {
  try {
    return unzipSync(readFileSync(zip), { filter: ({ name }) => !name.endsWith('/') });
  } catch (error) {
    throw new Error(`${zip} is no package (\`npm run package\` makes one): ${String(error)}`, { cause: error });
  }
}
