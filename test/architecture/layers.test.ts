import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { cruise, type ICruiseOptions, type ICruiseResult } from 'dependency-cruiser';
import { expect, onTestFinished } from 'vitest';
import { verifies } from '../verifies.ts';

interface Configuration {
  readonly forbidden: readonly { readonly name: string }[];
  readonly options: ICruiseOptions;
}

const configuration = createRequire(import.meta.url)('../../.dependency-cruiser.cjs') as Configuration;

/** Files with one import each, in a folder of their own; answers the names of the rules they break. */
async function brokenBy(files: Readonly<Record<string, string>>): Promise<string[]> {
  const root = mkdtempSync(join(tmpdir(), 'layers-'));
  onTestFinished(() => rmSync(root, { recursive: true }));
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), content);
  }
  const roots = [...new Set(Object.keys(files).map((path) => path.split('/')[0] ?? ''))].filter(
    (name) => name !== 'node_modules',
  );
  const result = await cruise(roots, {
    ...configuration.options,
    tsConfig: {},
    baseDir: root,
    validate: true,
    ruleSet: { forbidden: [...configuration.forbidden] as never },
  });
  const { summary } = result.output as ICruiseResult;
  return [...new Set(summary.violations.map(({ rule }) => rule.name))];
}

const imports = (path: string) => `import { x } from '${path}';\nexport const y = x;\n`;
const target = 'export const x = 1;\n';
const fakePackage = (name: string) => ({
  [`node_modules/${name}/package.json`]: JSON.stringify({ name, version: '1.0.0', main: 'index.js' }),
  [`node_modules/${name}/index.js`]: 'exports.x = 1;\n',
});

// One planted violation for each rule: the file, and what it must not import.
const plantedFiles: Readonly<Record<string, [file: string, imported: string]>> = {
  'core-files': ['shared/core/a.ts', 'shared/ports/b.ts'],
  'ports-files': ['shared/ports/a.ts', 'shared/domain/calendar/index.ts'],
  'config-files': ['shared/config/a.ts', 'shared/ports/b.ts'],
  'telemetry-files': ['shared/telemetry/a.ts', 'shared/ports/b.ts'],
  'domain-files': ['shared/domain/calendar/a.ts', 'shared/domain/people/inner.ts'],
  'tools-files': ['shared/tools/calendar/a.ts', 'shared/adapters/msgraph/b.ts'],
  'tools-server-files': ['shared/tools/mcp-server.ts', 'shared/conversation/b.ts'],
  'mcp-files': ['shared/mcp/a.ts', 'shared/adapters/entra/b.ts'],
  'conversation-files': ['shared/conversation/a.ts', 'shared/tools/index.ts'],
  'turn-files': ['shared/conversation/turn/a.ts', 'shared/tools/calendar/b.ts'],
  'turn-graph-files': ['shared/conversation/turn/turn-graph.ts', 'shared/adapters/postgres/b.ts'],
  'tool-client-files': ['shared/conversation/turn/tool-client.ts', 'shared/tools/calendar/b.ts'],
  'adapters-common-files': ['shared/adapters/a.ts', 'shared/domain/calendar/index.ts'],
  'wiring-files': ['shared/wiring/a.ts', 'functions/b.ts'],
  'functions-files': ['functions/a.ts', 'shared/domain/calendar/index.ts'],
  'sandbox-files': ['sandbox/a.ts', 'shared/core/b.ts'],
  'packaging-files': ['packaging/a.ts', 'sandbox/b.ts'],
};
const plantedPackages: Readonly<Record<string, [file: string, imported: string]>> = {
  'core-packages': ['shared/core/a.ts', 'openai'],
  'ports-packages': ['shared/ports/a.ts', 'luxon'],
  'config-packages': ['shared/config/a.ts', 'luxon'],
  'telemetry-packages': ['shared/telemetry/a.ts', 'openai'],
  'domain-packages': ['shared/domain/calendar/a.ts', 'openai'],
  'tools-packages': ['shared/tools/calendar/a.ts', 'luxon'],
  'tools-server-packages': ['shared/tools/mcp-server.ts', 'openai'],
  'mcp-packages': ['shared/mcp/a.ts', '@modelcontextprotocol/sdk'],
  'conversation-packages': ['shared/conversation/a.ts', '@langchain/langgraph'],
  'turn-packages': ['shared/conversation/turn/a.ts', '@langchain/langgraph'],
  'turn-graph-packages': ['shared/conversation/turn/turn-graph.ts', 'openai'],
  'tool-client-packages': ['shared/conversation/turn/tool-client.ts', 'openai'],
  'adapters-common-packages': ['shared/adapters/a.ts', 'openai'],
  'wiring-packages': ['shared/wiring/a.ts', 'openai'],
  'functions-packages': ['functions/a.ts', 'zod'],
};
const vendors = [
  'applicationinsights',
  'cosmos',
  'entra',
  'keyvault',
  'msgraph',
  'openai',
  'otlp',
  'postgres',
  'servicebus',
  'system',
  'waha',
];

verifies('gates:layers', 'every rule has a planted violation', () => {
  const planted = [
    ...Object.keys(plantedFiles),
    ...Object.keys(plantedPackages),
    ...vendors.flatMap((vendor) => [`adapter-${vendor}-files`, `adapter-${vendor}-packages`]),
    ...['no-unknown-adapter', 'no-circular', 'no-unresolvable'],
  ];

  expect(configuration.forbidden.map(({ name }) => name).sort()).toEqual(planted.sort());
});

verifies('gates:layers', 'a file of ours in the wrong place is noticed', async () => {
  const found: Record<string, string[]> = {};

  for (const [rule, [file, imported]] of Object.entries(plantedFiles)) {
    const up = '../'.repeat(file.split('/').length - 1);
    found[rule] = await brokenBy({ [file]: imports(`${up}${imported}`), [imported]: target });
  }

  expect(found).toEqual(Object.fromEntries(Object.keys(plantedFiles).map((rule) => [rule, [rule]])));
});

verifies('gates:layers', 'a package in the wrong place is noticed', async () => {
  const found: Record<string, string[]> = {};

  for (const [rule, [file, imported]] of Object.entries(plantedPackages)) {
    found[rule] = await brokenBy({ [file]: imports(imported), ...fakePackage(imported) });
  }

  expect(found).toEqual(Object.fromEntries(Object.keys(plantedPackages).map((rule) => [rule, [rule]])));
});

verifies('gates:layers', 'an adapter reaches neither another vendor nor its SDK', async () => {
  const found: string[][] = [];

  for (const vendor of vendors) {
    const other = vendor === 'waha' ? 'openai' : 'waha';
    const file = `shared/adapters/${vendor}/a.ts`;
    found.push(
      await brokenBy({
        [file]: `${imports(`../${other}/b.ts`)}import { x as z } from 'left-pad';\nexport const w = z;\n`,
        [`shared/adapters/${other}/b.ts`]: target,
        ...fakePackage('left-pad'),
      }),
    );
  }

  expect(found.map((rules) => rules.sort())).toEqual(
    vendors.map((vendor) => [`adapter-${vendor}-files`, `adapter-${vendor}-packages`]),
  );
});

verifies('gates:layers', 'circles, dead ends and unknown vendors are noticed', async () => {
  const circle = await brokenBy({
    'sandbox/a.ts': imports('./b.ts'),
    'sandbox/b.ts': `import { y } from './a.ts';\nexport const x = () => y;\n`,
  });
  const deadEnd = await brokenBy({ 'sandbox/a.ts': imports('./nowhere.ts') });
  const unknown = await brokenBy({ 'shared/adapters/newvendor/a.ts': imports('../../core/b.ts'), 'shared/core/b.ts': target });

  expect([circle, deadEnd, unknown]).toEqual([['no-circular'], ['no-unresolvable'], ['no-unknown-adapter']]);
});
