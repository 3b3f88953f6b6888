import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import type { LogLevel } from './core/types.ts';
import { createFunctionsHost } from './host.ts';

const { values } = parseArgs({
  options: {
    root: { type: 'string', default: process.cwd() },
    entry: { type: 'string' },
    state: { type: 'string' },
    'drain-seconds': { type: 'string', default: '30' },
  },
});
const root = resolve(values.root);
const port = Number(process.env['PORT'] ?? 7071);

// As Core Tools set them.
process.env['AZURE_FUNCTIONS_ENVIRONMENT'] ??= 'Development';
process.env['WEBSITE_HOSTNAME'] ??= `localhost:${port}`;

const write = (level: LogLevel, message: string) => {
  const line = `[${new Date().toISOString()}] ${level === 'information' ? '' : `${level}: `}${message}`;
  if (level === 'error' || level === 'critical' || level === 'warning') console.error(line);
  else console.log(line);
};

try {
  const clockUrl = process.env['SANDBOX_CLOCK_URL'];
  const host = await createFunctionsHost({
    root,
    port,
    log: write,
    drainTimeoutMs: Number(values['drain-seconds']) * 1_000,
    stateDirectory: values.state ?? join(root, '.sandbox', 'host'),
    ...(values.entry === undefined ? {} : { entry: values.entry }),
    ...(clockUrl === undefined || clockUrl === '' ? {} : { clockUrl }),
  });
  console.log(`Functions host: http://127.0.0.1:${host.port}`);
  for (const { name, type } of host.functions()) console.log(`  ${name}: ${type}`);
  let stoppingSince: number | undefined;
  const stop = () => {
    // Terminals, npm and supervisors pass one request on several times; one that comes later means it.
    if (stoppingSince !== undefined && performance.now() - stoppingSince > 1_000) process.exit(1);
    stoppingSince ??= performance.now();
    host.close().then(
      () => process.exit(0),
      (error: unknown) => {
        write('critical', String(error));
        process.exit(1);
      },
    );
  };
  process.on('SIGTERM', stop);
  process.on('SIGINT', stop);
} catch (error) {
  write('critical', explain(error));
  process.exit(1);
}

function explain(error: unknown): string {
  if (error instanceof Error && 'code' in error && error.code === 'EADDRINUSE')
    return `port ${port} is in use: set PORT to a free one`;
  if (!(error instanceof Error)) return String(error);
  return error.cause instanceof Error ? `${error.message}\n${error.cause.stack ?? ''}` : error.message;
}
