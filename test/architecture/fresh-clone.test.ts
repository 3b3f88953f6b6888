import { execFileSync } from 'node:child_process';
import { globSync, readFileSync } from 'node:fs';
import { expect } from 'vitest';
import { verifies } from '../verifies.ts';

verifies(
  'gates:fresh-clone',
  'the documents beside the repository are read in one place, which knows that they may be missing',
  () => {
    const readers = globSync('{test,bench,sandbox,shared}/**/*.ts').filter((path) =>
      readFileSync(path, 'utf8').includes(['..', 'shared', 'contracts'].join('/')),
    );

    expect(readers).toEqual(['test/support/contracts.ts']);
  },
);

verifies('gates:fresh-clone', 'without them the tests that need them pass, and say that they skip', () => {
  const suites = globSync('test/sandbox/*/contract.test.ts');

  const output = execFileSync('npx', ['vitest', 'run', '--reporter=verbose', ...suites], {
    env: { ...process.env, CONTRACTS_DIR: 'nowhere', NO_COLOR: '1' },
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'ignore'],
  });

  expect(suites.length).toBeGreaterThan(2);
  expect(output).toMatch(/skip/i);
  expect(output).toMatch(/Tests {2}.*\d+ skipped/);
});
