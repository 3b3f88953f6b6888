import { readFileSync } from 'node:fs';
import { enableCompileCache } from 'node:module';
import { createCore } from '../../sandbox/host/core/core.ts';
import { installCore } from '../../sandbox/host/core/install-core.ts';
import type { Application } from '../../shared/application.ts';

// node load-once.ts <url of what to load> <work>: in a process that has loaded nothing else, what it takes until the work
// could begin. The settings are the sample's; nothing is connected to.
const [entry = '', work = ''] = process.argv.slice(2);
const settings = JSON.parse(readFileSync('local.settings.sample.json', 'utf8')) as { Values: Record<string, string> };
Object.assign(process.env, settings.Values, { OTEL_EXPORTER_OTLP_ENDPOINT: '' });
installCore(createCore(() => undefined).api);
// The package switches it on by itself.
if (process.env['NODE_DISABLE_COMPILE_CACHE'] !== '1') enableCompileCache();

const before = { at: performance.now(), bytes: process.memoryUsage.rss() };
const { application } = (await import(entry)) as { application: Application };
application.start();
if (work === 'webhook' || work === 'wake') await application[work]();
const after = { at: performance.now(), bytes: process.memoryUsage.rss() };

process.stdout.write(
  JSON.stringify({ ms: after.at - before.at, addedMb: (after.bytes - before.bytes) / 1e6, allMb: after.bytes / 1e6 }),
);
// Ends the timers and keeps the compile cache, as an orderly end does.
process.exit();
