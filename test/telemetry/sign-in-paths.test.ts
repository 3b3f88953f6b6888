import { readFileSync } from 'node:fs';
import { expect } from 'vitest';
import { verifies } from '../verifies.ts';

const host = 'https://func-acme.azurewebsites.net';
const secrets = ['5f2c9d0e-link-secret', 'M.C507-code-of-entra', 'the-state-of-it'];
const [link = '', code = '', state = ''] = secrets;

verifies('telemetry:no-personal-data', 'the transformation of the operations page leaves no secret of a sign-in', () => {
  const page = readFileSync('docs/operations.md', 'utf8');
  const rules = [...page.matchAll(/^\| extend (\w+) = replace_regex\(\1, @'(.+)', @'\\1-'\)$/gm)];
  const tellings = [
    ...[`${host}/api/sign-in/${link}`, `${host}/api/sign-in/${link}?x=1`, `${host}/api/sign-in/${link}/`],
    ...[`${host}/api/sign-in/callback?code=${code}&state=${state}&session_state=1`, `GET /api/sign-in/${link}`],
    `GET /api/sign-in/callback?code=${code}/${state} HTTP/1.1`,
  ];

  const left = rules.flatMap(([, , pattern = '']) => tellings.map((told) => told.replaceAll(new RegExp(pattern, 'g'), '$1-')));

  expect(rules.map(([, column]) => column)).toEqual(['Url', 'Name', 'OperationName']);
  expect(left.filter((told) => secrets.some((secret) => told.includes(secret)))).toEqual([]);
  expect(left.filter((told) => !told.includes('/api/sign-in/-'))).toEqual([]);
  expect(left.at(-1)).toBe('GET /api/sign-in/- HTTP/1.1');
});
