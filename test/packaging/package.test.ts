import { readFileSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { unzipSync, zipSync } from 'fflate';
import { expect, vi } from 'vitest';
import { buildFolder } from '../../packaging/build.ts';
import { zipFolder } from '../../packaging/zip.ts';
import { unpackApplication } from '../../sandbox/run/unpack.ts';
import { organisation } from '../../sandbox/seed/organisation.ts';
import { verifies } from '../verifies.ts';
import { runProgram, useBuild, useFolder } from './built.ts';

// Built, started and zipped on a machine that may have other things to do.
vi.setConfig({ testTimeout: 180_000 });

const build = useBuild();
const folder = useFolder();

const chunk = /^chunks\/[\w-]+-[A-Z0-9]{8}\.js$/;
const maxBytes = 6_000_000;

verifies('azure:package', 'it holds what Azure runs, and nothing else', () => {
  const names = Object.keys(unzipSync(zipFolder(build().folder)));

  expect(names.filter((name) => !chunk.test(name))).toEqual([
    'THIRD-PARTY-NOTICES.txt',
    'host.json',
    'main.js',
    'node_modules/applicationinsights/index.js',
    'node_modules/applicationinsights/package.json',
    'package.json',
  ]);
  expect(names.filter((name) => chunk.test(name)).length).toBeGreaterThan(5);
  expect(readFileSync(join(build().folder, 'host.json'), 'utf8')).toBe(readFileSync('host.json', 'utf8'));
});

verifies('azure:package', 'it stays under its size', () => {
  expect(zipFolder(build().folder).length).toBeLessThan(maxBytes);
});

verifies('azure:package', 'nothing of the sandbox, the tests or the machine it was made on is in it', () => {
  const zip = unzipSync(zipFolder(build().folder));
  const foreign = [process.cwd(), homedir(), organisation.tenantId, organisation.waha.apiKey, 'vitest'].filter(
    (text) => text.length > 5,
  );
  const hasMap = /\/\/# sourceMappingURL=\S+\s*$/;

  const found = Object.entries(zip).flatMap(([name, bytes]) => {
    const text = Buffer.from(bytes).toString('latin1');
    return [...foreign.filter((word) => text.includes(word)), ...(hasMap.test(text) ? ['a source map'] : [])].map(
      (what) => `${what} in ${name}`,
    );
  });
  const sources = Object.keys(build().metafile.inputs).filter((path) => !/^(functions|shared)\/|(^|\/)node_modules\//.test(path));

  expect(found).toEqual([]);
  expect(sources).toEqual(['packaging/entry.ts']);
});

verifies('azure:package', 'the same sources give the same bytes, wherever they are built', async () => {
  const places = ['here', 'some/other/place'].map((place) => join(folder, place));

  const builds = await Promise.all(places.map(buildFolder));

  const [one, other] = builds.map((made) => zipFolder(made.folder));
  expect(Buffer.compare(one ?? Buffer.from('none'), other ?? Buffer.from(''))).toBe(0);
});

verifies('azure:package', 'what it carries beside the bundle works there', async () => {
  const sent = (await runProgram('export-spans.ts', [build().folder])) as { url: string; body: string }[];

  expect(sent.map(({ url }) => new URL(url).host)).toContain('ingestion.example');
  expect(sent.map(({ body }) => body).join()).toContain('RemoteDependencyData');
});

verifies('azure:package-runs', 'what is no package, or would lie outside of its folder, is refused', () => {
  const [text, outside] = [join(folder, 'text.zip'), join(folder, 'outside.zip')];
  writeFileSync(text, 'no zip');
  writeFileSync(outside, zipSync({ '../outside.txt': new Uint8Array(1) }));

  expect(() => unpackApplication(join(folder, 'none.zip'))).toThrow('`npm run package` makes one');
  expect(() => unpackApplication(text)).toThrow('is no package');
  expect(() => unpackApplication(outside)).toThrow('would lie outside');
});
