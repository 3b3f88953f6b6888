import { readFileSync } from 'node:fs';
import { getCompileCacheDir, registerHooks } from 'node:module';
import { basename, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { createCore } from '../../sandbox/host/core/core.ts';
import { installCore } from '../../sandbox/host/core/install-core.ts';

// node load-main.ts <folder of the package> <work>…: loads the package as the host does, then each kind of work, and prints
// which of its files came with each.
const [folder = '', ...works] = process.argv.slice(2);
const settings = JSON.parse(readFileSync('local.settings.sample.json', 'utf8')) as { Values: Record<string, string> };
Object.assign(process.env, settings.Values, { OTEL_EXPORTER_OTLP_ENDPOINT: '' });

const files: string[] = [];
const home = pathToFileURL(folder).href;
registerHooks({
  load(url, context, next) {
    if (url.startsWith(home)) files.push(basename(url));
    return next(url, context);
  },
});
const taken = () => files.splice(0);

const core = createCore(() => undefined);
installCore(core.api);
const { application } = (await import(pathToFileURL(join(folder, 'main.js')).href)) as {
  application: Record<string, () => Promise<unknown>>;
};
const loaded: Record<string, string[]> = { main: taken() };
for (const work of works) {
  await application[work]?.();
  loaded[work] = taken();
}
process.stdout.write(
  JSON.stringify({
    loaded,
    functions: core.functions().map(({ metadata }) => metadata.name),
    cached: getCompileCacheDir() !== undefined,
  }),
);
process.exit();
