import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { expect, onTestFinished } from 'vitest';
import { createApplication } from '../../shared/application.ts';
import { AppError } from '../../shared/core/errors.ts';
import { errorFields, log, setLogSink } from '../../shared/telemetry/index.ts';
import { verifies } from '../verifies.ts';

// Node keeps what it loaded for the whole process: the order of these tests is part of them.
const loaded = () =>
  Object.keys(createRequire(import.meta.url).cache).filter((path) => path.includes('node_modules/applicationinsights/'));

const { Values: sample } = JSON.parse(readFileSync('local.settings.sample.json', 'utf8')) as { Values: Record<string, string> };
const connectionString = 'InstrumentationKey=00000000-0000-4000-8000-00000000a1a1;IngestionEndpoint=https://127.0.0.1:1';

function start(environment: Readonly<Record<string, string>>) {
  const lines: string[] = [];
  onTestFinished(setLogSink((_level, line) => void lines.push(line)));
  const application = createApplication({ ...sample, OTEL_EXPORTER_OTLP_ENDPOINT: '', ...environment });
  return { application, lines, exportsLogs: application.start().exportsLogs };
}

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

verifies(
  'telemetry:application-insights',
  'without a connection string it is never loaded, whatever else is exported',
  async () => {
    const { application, exportsLogs } = start({ OTEL_EXPORTER_OTLP_ENDPOINT: 'http://127.0.0.1:1' });

    application.begun();
    application.ended('health', null);
    await pause(1_500);
    await application.close();

    expect([exportsLogs, loaded()]).toEqual([false, []]);
  },
);

verifies(
  'telemetry:application-insights',
  'with one it is not loaded by the start, nor by the beginning of the first invocation, but beside it',
  async () => {
    const { application, exportsLogs } = start({ APPLICATIONINSIGHTS_CONNECTION_STRING: connectionString });

    const atStart = loaded().length;
    application.begun();
    const atBeginning = loaded().length;
    await expect.poll(() => loaded().length, { timeout: 20_000 }).toBeGreaterThan(0);
    await application.close();

    expect([exportsLogs, atStart, atBeginning]).toEqual([true, 0, 0]);
  },
);

verifies('telemetry:once', 'what nobody told of is told by the end of its invocation, and nothing twice', () => {
  const { application, lines } = start({});
  const told = new AppError('upstream', 'cosmos is away', { vendor: 'cosmos' });
  log('error', 'wake.failed', errorFields(told));

  application.ended('wake-conversation', told);
  application.ended('wake-conversation', null);
  application.ended('whatsapp-webhook', new TypeError('Ana is not iterable'));

  expect(lines.map((line) => JSON.parse(line) as unknown)).toMatchObject([
    { event: 'wake.failed', code: 'upstream', vendor: 'cosmos' },
    { event: 'invocation.failed', name: 'whatsapp-webhook', code: 'bug', error: 'TypeError' },
  ]);
});
