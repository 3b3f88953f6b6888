import { build } from 'esbuild';
import { expect } from 'vitest';
import { verifies } from '../verifies.ts';

const heavy =
  /node_modules\/(?:@langchain\/|langsmith|openai\/|pg\/|@pinecone-database\/|@microsoft\/|@azure\/msal|@modelcontextprotocol\/)|shared\/adapters\/(?:msgraph|openai|postgres|entra)\//;

/** Everything that loading these files loads, by static imports. */
async function reachedFrom(...entryPoints: string[]): Promise<string[]> {
  const { metafile } = await build({
    entryPoints,
    bundle: true,
    write: false,
    metafile: true,
    platform: 'node',
    format: 'esm',
    outdir: 'unused',
    external: ['@azure/functions-core', 'pg-native'],
  });
  const reached = new Set<string>();
  const visit = (path: string) => {
    if (reached.has(path)) return;
    reached.add(path);
    for (const { path: next, kind, external } of metafile.inputs[path]?.imports ?? []) {
      if (kind !== 'dynamic-import' && external !== true) visit(next);
    }
  };
  entryPoints.forEach(visit);
  return [...reached];
}

verifies('gates:webhook-path-is-light', 'the webhook loads no model, no graph, no database and no calendar', async () => {
  const reached = await reachedFrom('shared/wiring/webhook.ts', 'shared/wiring/basis.ts');

  expect(reached.filter((path) => heavy.test(path))).toEqual([]);
  expect(reached.filter((path) => path.includes('node_modules/@azure/cosmos'))).not.toEqual([]);
});

verifies('gates:webhook-path-is-light', 'what a turn loads would be noticed', async () => {
  const reached = await reachedFrom('shared/wiring/wake.ts');

  expect(reached.filter((path) => heavy.test(path)).length).toBeGreaterThan(100);
});
