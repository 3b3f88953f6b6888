import { existsSync, globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';
import { verifies } from '../verifies.ts';
import { findImplementations, findPorts, withImports, type Source } from './find-implementations.ts';
import { ports } from './ports.ts';

const read = (pattern: string): Source[] => globSync(pattern).map((path) => ({ path, text: readFileSync(path, 'utf8') }));
const listed = Object.entries(ports);

verifies('contract:every-port', 'every port is listed, with its suite or the reason why it has none', () => {
  const found = findPorts(read('shared/ports/*.ts')).filter((name) => name !== 'Ports');

  expect(found.sort()).toEqual(Object.keys(ports).sort());
});

verifies('contract:every-port', 'every implementation of a port is listed', () => {
  const sources = [...read('shared/**/*.ts'), ...read('test/support/**/*.ts')].filter(({ path }) => !path.includes('witness'));

  const found = findImplementations(sources, Object.keys(ports));

  const known = listed.map(([port, { implementations, besides = {} }]) => [
    port,
    [...implementations, ...Object.keys(besides)].sort(),
  ]);
  expect(Object.entries(found).map(([port, names]) => [port, [...new Set(names)].sort()])).toEqual(known);
});

verifies('contract:every-port', 'a port with more than one implementation has a suite that runs on each of them', () => {
  const without = listed.filter(([, entry]) => entry.implementations.length > 1 && !('suites' in entry));
  const missing = listed.flatMap(([port, entry]) =>
    'suites' in entry
      ? entry.suites
          .map((suite) => join('test/contract', suite))
          .flatMap((suite) => {
            const text = existsSync(suite) ? withImports(suite) : '';
            const absent = entry.implementations.filter((name) => !new RegExp(`\\b${name}\\b`).test(text));
            return absent.map((name) => `${suite} does not run ${port} on ${name}`);
          })
      : [],
  );

  expect(without.map(([port]) => port)).toEqual([]);
  expect(missing).toEqual([]);
});

verifies('contract:every-port', 'a new port and a new implementation are noticed', () => {
  const port = { path: 'shared/ports/lamp.ts', text: 'export interface Lamp {\n  light(): Promise<void>;\n}\n' };
  const plain = { path: 'shared/ports/watt.ts', text: 'export interface Watt {\n  readonly value: number;\n}\n' };
  const lamps = [
    'export function createHueLamp({ url }: { url: string }): Lamp {',
    'export interface FakeLamp extends Lamp {',
    'export function createFakeLamp(): FakeLamp {',
    'export const systemLamp: Lamp = {',
    'export async function startLamp(find: (name: string) => Lamp): Promise<Lamp> {',
    'const notOne = (lamp: Lamp) => 1;',
  ].join('\n');

  expect(findPorts([port, plain])).toEqual(['Lamp']);
  expect(findImplementations([{ path: 'a.ts', text: lamps }], ['Lamp'])).toEqual({
    Lamp: ['createHueLamp', 'createFakeLamp', 'systemLamp', 'startLamp'],
  });
});
