import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { readExchanges, type Exchange } from '../support/witness/exchanges.ts';

/** A folder of its own for what a test records; the run's own witnesses hear nothing of it. */
export function recordingFolder(): string {
  const directory = mkdtempSync(join(tmpdir(), 'recorded-'));
  const before = process.env['WITNESS_DIR'];
  process.env['WITNESS_DIR'] = directory;
  onTestFinished(() => {
    if (before === undefined) delete process.env['WITNESS_DIR'];
    else process.env['WITNESS_DIR'] = before;
    rmSync(directory, { recursive: true });
  });
  return directory;
}

export async function exchangesIn(directory: string): Promise<Exchange[]> {
  const exchanges: Exchange[] = [];
  for await (const { exchange } of readExchanges(directory)) exchanges.push(exchange);
  return exchanges;
}
