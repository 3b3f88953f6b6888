import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Metafile } from 'esbuild';
import { expect, vi } from 'vitest';
import { bundledPackages, renderNotices } from '../../packaging/notices.ts';
import { verifies } from '../verifies.ts';
import { useBuild } from './built.ts';

vi.setConfig({ testTimeout: 180_000 });

const build = useBuild();

/** The packages of others whose files are in the build, told from the outputs of esbuild alone. */
function namesIn(metafiles: readonly Metafile[]): string[] {
  const paths = metafiles.flatMap(({ outputs }) =>
    Object.values(outputs).flatMap(({ inputs }) => Object.keys(inputs).filter((path) => (inputs[path]?.bytesInOutput ?? 0) > 0)),
  );
  const names = paths
    .filter((path) => path.includes('node_modules/'))
    .map((path) => path.slice(path.lastIndexOf('node_modules/') + 'node_modules/'.length).split('/'))
    .map(([scope = '', name = '']) => (scope.startsWith('@') ? `${scope}/${name}` : scope));
  return [...new Set(names)].sort();
}

verifies('azure:notices', 'each package that is in the build is named, with a licence that says what may be done', () => {
  const { folder, metafile, beside } = build();
  const notices = readFileSync(join(folder, 'THIRD-PARTY-NOTICES.txt'), 'utf8');
  const parts = notices.split(/\n-{80}\n\n/).slice(1);
  const partOf = (name: string) =>
    parts.find((part) =>
      part
        .split('\n\n')[0]
        ?.split('\n')
        .some((line) => line.startsWith(`${name} `)),
    );

  const wanted = namesIn([metafile, ...beside]);

  expect(wanted).toEqual(expect.arrayContaining(['@azure/cosmos', 'jose', 'pg', 'pg-types', 'semaphore', 'zod']));
  const unnamed = wanted.filter((name) => !/permi(t|ssion)|Apache License|BSD|redistribut/i.test(partOf(name) ?? ''));
  expect(unnamed).toEqual([]);
  expect(partOf('pg-types')).toContain('Copyright (c) 2014 Brian M. Carlson');
  expect(partOf('zod')).toContain(readFileSync('node_modules/zod/LICENSE', 'utf8').trim());
});

verifies('azure:notices', 'a licence that many have stands there once, with all their names', () => {
  const text = renderNotices([
    { name: 'a', version: '1.0.0', licence: 'Do as you like' },
    { name: 'b', version: '2.0.0', licence: 'Ask first' },
    { name: 'c', version: '3.0.0', licence: 'Do as you like' },
  ]);

  expect(text.match(/Do as you like/g)).toHaveLength(1);
  expect(text).toMatch(/\na 1\.0\.0\nc 3\.0\.0\n\nDo as you like\n[^]*\nb 2\.0\.0\n\nAsk first\n/);
});

verifies('azure:notices', 'what is ours, or left out by the bundler, is not named', () => {
  const part = (bytesInOutput: number) => ({ bytesInOutput });
  const inputs = { 'functions/main.ts': part(10), 'node_modules/zod/index.js': part(5), 'node_modules/pg/lib/index.js': part(0) };
  const outputs = { 'main.js': { bytes: 15, inputs, imports: [], exports: [] } };

  const packages = bundledPackages([{ inputs: {}, outputs }]);

  expect(packages.map(({ name }) => name)).toEqual(['zod']);
});
