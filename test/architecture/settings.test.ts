import { globSync, readFileSync } from 'node:fs';
import { expect } from 'vitest';
import { Settings } from '../../shared/config/config.ts';
import { verifies } from '../verifies.ts';

const variables = Object.keys(Settings.shape).sort();
// What the host alone reads: its trigger reaches Service Bus by an identity of its own settings, not by ours.
const hosts = [
  'AzureWebJobsStorage',
  'FUNCTIONS_REQUEST_BODY_SIZE_LIMIT',
  'FUNCTIONS_WORKER_RUNTIME',
  'SERVICE_BUS__clientId',
  'SERVICE_BUS__credential',
];

verifies('gates:settings-listed', 'the sample lists every variable, and no other', () => {
  const sample = JSON.parse(readFileSync('local.settings.sample.json', 'utf8')) as { Values: Record<string, string> };

  expect(Object.keys(sample.Values).sort()).toEqual([...variables, ...hosts].sort());
});

verifies('gates:settings-listed', 'README explains every variable', () => {
  const readme = readFileSync('README.md', 'utf8');

  expect([...variables, ...hosts].filter((name) => !readme.includes(`\`${name}\``))).toEqual([]);
});

verifies('gates:settings-listed', 'nothing but the configuration reads the environment', () => {
  const readers = globSync('{shared,functions}/**/*.ts').filter((path) => readFileSync(path, 'utf8').includes('process.env'));

  expect(readers.sort()).toEqual(['shared/config/config.ts']);
});
