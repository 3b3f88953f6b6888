import { readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { expect } from 'vitest';
import { z } from 'zod';
import { verifies } from '../verifies.ts';
import { runProgram, useBuild, useFolder } from './built.ts';

const build = useBuild();
const folder = useFolder();

const heavy =
  /node_modules\/(?:@langchain\/|langsmith|openai\/|pg\/|@pinecone-database\/|@microsoft\/|@azure\/(?:msal|identity)|@modelcontextprotocol\/|applicationinsights)|shared\/adapters\/(?:applicationinsights|msgraph|openai|postgres|entra)\//;
const start = ['packaging/entry.ts', 'functions/main.ts', 'functions/application.ts'];
const webhook = [...start, 'shared/wiring/basis.ts', 'shared/wiring/webhook.ts'];
const wake = [...start, 'shared/wiring/basis.ts', 'shared/wiring/wake.ts'];

/** The files of the package that Node loads for these sources: theirs, and all that those import statically. */
function filesFor(sources: readonly string[]): string[] {
  const { outputs } = build().metafile;
  const first = Object.entries(outputs).filter(([, { entryPoint }]) => sources.includes(entryPoint ?? ''));
  expect(first).toHaveLength(sources.length);
  const reached = new Set<string>();
  const visit = (path: string) => {
    if (reached.has(path)) return;
    reached.add(path);
    for (const { path: next, kind } of outputs[path]?.imports ?? []) if (kind !== 'dynamic-import' && outputs[next]) visit(next);
  };
  first.forEach(([path]) => visit(path));
  return [...reached];
}

/** The sources in those files, of ours and of packages. */
const sourcesIn = (files: readonly string[]) =>
  files.flatMap((path) => Object.keys(build().metafile.outputs[path]?.inputs ?? {}));
const namesOf = (files: readonly string[]) => files.map((path) => basename(path)).sort();

const Told = z.object({ loaded: z.record(z.string(), z.array(z.string())), functions: z.array(z.string()), cached: z.boolean() });
const load = async (works: readonly string[], environment?: NodeJS.ProcessEnv) =>
  Told.parse(await runProgram('load-main.ts', [build().folder, ...works], environment));

verifies(
  ['gates:webhook-path-is-light', 'azure:webhook-chunk'],
  'the webhook loads no model, no graph, no database and no calendar',
  () => {
    const sources = sourcesIn(filesFor(webhook));

    expect(sources.filter((path) => heavy.test(path))).toEqual([]);
    expect(sources.filter((path) => path.includes('node_modules/@azure/cosmos'))).not.toEqual([]);
    expect(sources).toContain('shared/conversation/receive.ts');
  },
);

verifies(['gates:webhook-path-is-light', 'azure:webhook-chunk'], 'what a turn loads would be noticed', () => {
  const sources = sourcesIn(filesFor(wake));

  expect(sources.filter((path) => heavy.test(path)).length).toBeGreaterThan(100);
});

verifies('azure:bundle', 'the host is named one file, which imports nothing of ours before the compile cache is on', () => {
  const { folder: root, metafile } = build();
  const { main, type } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as Record<string, string>;

  const ahead = filesFor(['packaging/entry.ts']);

  expect({ main, type }).toEqual({ main: 'main.js', type: 'module' });
  expect(namesOf(ahead)).toContain(main);
  expect(sourcesIn(ahead)).toEqual(['packaging/entry.ts']);
  expect(ahead.reduce((bytes, path) => bytes + (metafile.outputs[path]?.bytes ?? 0), 0)).toBeLessThan(5_000);
});

verifies(
  'azure:bundle',
  'it registers every function, and loads for each kind of work what only that needs, when first asked',
  async () => {
    const { loaded, functions } = await load(['webhook', 'wake'], { TMPDIR: folder });

    expect(functions).toEqual(
      expect.arrayContaining(['whatsapp-webhook', 'wake-conversation', 'ring-overdue', 'sign-in', 'health']),
    );
    expect(loaded['main']?.sort()).toEqual(namesOf(filesFor(start)));
    expect([...(loaded['main'] ?? []), ...(loaded['webhook'] ?? [])].sort()).toEqual(namesOf(filesFor(webhook)));
    expect(loaded['wake']?.length).toBeGreaterThan(0);
  },
);

verifies('azure:bundle', 'what was compiled is kept in the temporary folder', async () => {
  const { cached } = await load(['webhook'], { TMPDIR: folder });

  const kept = readdirSync(join(folder, 'node-compile-cache'), { recursive: true });
  expect(cached).toBe(true);
  expect(kept.length).toBeGreaterThan(filesFor(webhook).length);
});

verifies('azure:bundle', 'where nothing can be written it starts all the same', async () => {
  const { cached, functions } = await load(['webhook', 'wake'], { TMPDIR: '/dev/null/nowhere' });

  expect(cached).toBe(false);
  expect(functions).toContain('whatsapp-webhook');
});
