import { globSync, readFileSync } from 'node:fs';

/** What a Bicep file says, as far as its lines tell without the compiler. */
export interface BicepFile {
  readonly path: string;
  readonly text: string;
  /** Names of the parameters, and whether they have to be given. */
  readonly params: ReadonlyMap<string, { readonly isRequired: boolean }>;
  readonly outputs: readonly string[];
  /** Symbol and type with its version, of what it makes or finds. */
  readonly resources: ReadonlyMap<string, string>;
}

export function readBicep(path: string): BicepFile {
  const text = readFileSync(path, 'utf8');
  const params = [...text.matchAll(/^param (\w+) [^=\n]*(=)?/gm)].map(
    ([, name = '', value]) => [name, { isRequired: value === undefined }] as const,
  );
  return {
    ...{ path, text, params: new Map(params) },
    outputs: [...text.matchAll(/^output (\w+) /gm)].map(([, name = '']) => name),
    resources: new Map([...text.matchAll(/^resource (\w+) '([^']+)'/gm)].map(([, symbol = '', type = '']) => [symbol, type])),
  };
}

export function readAll(): BicepFile[] {
  return globSync('infra-bicep/**/*.bicep').sort().map(readBicep);
}

/** From the first line that begins so to the line that closes its brackets. */
export function blockOf({ text, path }: BicepFile, beginning: string): string {
  const from = text.startsWith(beginning) ? 0 : text.indexOf(`\n${beginning}`) + 1;
  if (from === 0 && !text.startsWith(beginning)) throw new Error(`${path} has no ${beginning}`);
  let depth = 0;
  for (let at = from; at < text.length; at += 1) {
    const char = text.charAt(at);
    if ('{(['.includes(char)) depth += 1;
    if ('})]'.includes(char)) depth -= 1;
    if (depth === 0 && '})]'.includes(char) && text.charAt(at + 1) === '\n') return text.slice(from, at + 1);
  }
  throw new Error(`${path} does not close ${beginning}`);
}

/** The keys of an object that stand one level below its beginning, each on a line of its own. */
export function keysOf(block: string, indent = '  '): string[] {
  return [...block.matchAll(new RegExp(`^${indent}(\\w+):`, 'gm'))].map(([, key = '']) => key);
}
