import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { contractsDirectory } from '../contracts.ts';
import { judgeRun } from './judge-run.ts';
import { reportVerdict } from './report.ts';

// The whole list of what was seen, after a run.
const coverageFile = 'node_modules/.cache/witness/coverage.md';

/**
 * Everything that the stand-ins are asked and answer in this run is written down and, once the run is over, held against
 * the vendors' documents; a violation fails the run.
 */
export function setup(): () => Promise<void> {
  const directory = mkdtempSync(join(tmpdir(), 'witness-'));
  process.env['WITNESS_DIR'] = directory;
  return async () => {
    const say = (text: string) => process.stdout.write(`${text}\n`);
    if (contractsDirectory === undefined) {
      say('\nWitnesses: skipped, for there are no documents of the vendors (CONTRACTS_DIR).');
      rmSync(directory, { recursive: true, force: true });
      return;
    }
    const verdict = await judgeRun(directory);
    if (verdict.vendors.length > 0) say(reportVerdict(verdict, coverageFile));
    if (verdict.violations.length > 0) {
      say(`What was recorded is kept in ${directory}`);
      process.exitCode = 1;
      return;
    }
    rmSync(directory, { recursive: true, force: true });
  };
}
