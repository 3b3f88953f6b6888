import { readFileSync } from 'node:fs';
import { expect, onTestFinished } from 'vitest';
import { createApplication } from '../../shared/application.ts';
import { endsWithin } from '../../shared/core/abort.ts';
import { setLogSink } from '../../shared/telemetry/index.ts';
import { startSilence } from '../support/silence.ts';
import { verifies } from '../verifies.ts';

const { Values: sample } = JSON.parse(readFileSync('local.settings.sample.json', 'utf8')) as { Values: Record<string, string> };

verifies('limits:drain', 'an end comes within five seconds, although a database and a collector keep silent', async () => {
  const lines: string[] = [];
  onTestFinished(setLogSink((_level, line) => void lines.push(line)));
  const silent = await startSilence();
  const application = createApplication({
    ...sample,
    ...{ DATABASE_URL: `postgresql://postgres:x@${silent}/postgres`, OTEL_EXPORTER_OTLP_ENDPOINT: `http://${silent}` },
  });
  application.start();
  void (await application.wake()).maintain().catch(() => undefined);
  const before = performance.now();

  await application.close();

  expect(performance.now() - before).toBeLessThan(5_000);
  expect(lines.some((line) => line.includes('close.cut-off'))).toBe(true);
});

verifies('limits:drain', 'who ends in time is not waited for any longer, and a failure is an end', async () => {
  const before = performance.now();

  const ended = await Promise.all([
    endsWithin(Promise.resolve(), 60_000),
    endsWithin(Promise.reject(new Error('no')), 60_000),
    endsWithin(new Promise(() => undefined), 20),
  ]);

  expect(ended).toEqual([true, true, false]);
  expect(performance.now() - before).toBeLessThan(10_000);
});
