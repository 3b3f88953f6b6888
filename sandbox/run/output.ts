import type { ChildProcess } from 'node:child_process';
import { mkdirSync, openSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';
import { stripVTControlCharacters } from 'node:util';

/** What a child prints: in a file where there is one, and its end in memory. */
export interface Output {
  read(child: ChildProcess): void;
  text(): string;
  /** Why it failed, as far as it said so: from its last critical line on, else its last lines. */
  reason(): string;
}

const maxChars = 256 * 1024;

export function createOutput(file: string | undefined): Output {
  let kept = '';
  const descriptor = file === undefined ? undefined : open(file);
  const take = (chunk: Buffer) => {
    kept = (kept + chunk.toString('utf8')).slice(-maxChars);
    if (descriptor !== undefined) writeSync(descriptor, chunk);
  };
  return {
    read(child) {
      child.stdout?.on('data', take);
      child.stderr?.on('data', take);
    },
    text: () => kept,
    reason: () => reasonIn(stripVTControlCharacters(kept).trimEnd().split('\n')),
  };
}

function open(file: string): number {
  mkdirSync(dirname(file), { recursive: true });
  return openSync(file, 'w', 0o600);
}

function reasonIn(lines: readonly string[]): string {
  const critical = lines.findLastIndex((line) => line.includes('critical: '));
  if (critical < 0) return lines.slice(-20).join('\n');
  return lines
    .slice(critical)
    .filter((line) => !/^\s+at /.test(line))
    .map((line) => line.replace(/^\[[^\]]*\] critical: /, ''))
    .join('\n');
}
