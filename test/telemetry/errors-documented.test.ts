import { globSync, readFileSync } from 'node:fs';
import { expect } from 'vitest';
import { verifies } from '../verifies.ts';

verifies('telemetry:errors-documented', 'each that the code names', () => {
  const source = globSync('{shared,functions}/**/*.ts').map((path) => readFileSync(path, 'utf8'));
  const logged = source.flatMap((text) => [...text.matchAll(/log\(\s*'error',\s*'([\w.-]+)'/g)].map(([, event]) => event));
  const rows = readFileSync('docs/operations.md', 'utf8').matchAll(/^\| (`[^|]+`) \| [^|]+ \| [^|]+ \|$/gm);
  const told = [...rows].map(([, events]) => events).join();

  const missing = [...new Set(logged)].filter((event) => !told.includes(`\`${event ?? ''}\``));

  expect(logged.length).toBeGreaterThan(20);
  expect(missing.sort()).toEqual([]);
});
