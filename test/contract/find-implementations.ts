import { readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';

export interface Source {
  readonly path: string;
  readonly text: string;
}

/** The interfaces that can be called: those that have a method. */
export function findPorts(sources: readonly Source[]): string[] {
  return sources.flatMap(({ text }) =>
    [...text.matchAll(/^export interface (\w+)[^{]*\{([\s\S]*?)^\}/gm)].flatMap(([, name = '', body = '']) =>
      /^ {2}(?:readonly )?\w+(?:<[^>]*>)?\(/m.test(body) ? [name] : [],
    ),
  );
}

/**
 * Functions and constants that say they are a port, or an interface that extends one (`FakeBell`): by their declared
 * types, which every implementation has.
 */
export function findImplementations(sources: readonly Source[], ports: readonly string[]): Record<string, string[]> {
  const found: Record<string, string[]> = Object.fromEntries(ports.map((port) => [port, []]));
  for (const { text } of sources) {
    const bases = new Map(
      [...text.matchAll(/interface (\w+) extends ([\w, ]+)/g)].map(([, name = '', extended = '']) => [
        name,
        extended.split(',').map((one) => one.trim()),
      ]),
    );
    for (const [, made, constant, type = ''] of text.matchAll(declaration)) {
      for (const port of [type, ...(bases.get(type) ?? [])]) found[port]?.push(made ?? constant ?? '');
    }
  }
  return found;
}

const declaration =
  /^(?:export )?(?:async )?(?:function (\w+)(?:<[^>]*>)?\((?:[^()]|\([^()]*\))*\)|const (\w+)): (?:Promise<)?(\w+)/gm;

/** The text of a file and of all in `test/` that it imports. */
export function withImports(path: string, read = new Set<string>()): string {
  if (read.has(path)) return '';
  read.add(path);
  const text = readFileSync(path, 'utf8');
  const imported = [...text.matchAll(/from '(\.[^']+)'/g)].map(([, target = '']) => normalize(join(dirname(path), target)));
  return [text, ...imported.filter((one) => one.startsWith('test/')).map((one) => withImports(one, read))].join('\n');
}
