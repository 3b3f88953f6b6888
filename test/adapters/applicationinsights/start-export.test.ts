import { randomBytes } from 'node:crypto';
import { beforeEach, expect, onTestFinished, vi } from 'vitest';
import { startInsightsExport } from '../../../shared/adapters/applicationinsights/start-export.ts';
import { silenceSdk } from '../../../shared/config/config.ts';
import { continueTrace, linkSpan, log, observe, setLogSink, withSpan } from '../../../shared/telemetry/index.ts';
import { verifies } from '../../verifies.ts';
import { startIngestion } from '../../support/ingestion.ts';

silenceSdk();
beforeEach(() => void vi.stubEnv('NODE_TLS_REJECT_UNAUTHORIZED', '0'));

async function start({ metricsEveryMs = 60_000 } = {}) {
  const ingestion = await startIngestion();
  onTestFinished(ingestion.close);
  const printed: string[] = [];
  onTestFinished(setLogSink((_level, line) => void printed.push(line)));
  const exporter = startInsightsExport({
    ...{ connectionString: ingestion.connectionString, authentication: undefined },
    ...{ service: 'adjutant', instance: 'i1', metricsEveryMs },
  });
  return { ...ingestion, printed, exporter };
}

const webhook = 'b'.repeat(16);
const other = { traceId: 'c'.repeat(32), spanId: 'd'.repeat(16) };

verifies(['telemetry:application-insights', 'telemetry:once'], 'each span once, with the ids and times it has', async () => {
  const before = Date.now();
  const traceId = randomBytes(16).toString('hex');
  // Recorded before anybody exports: the recorder keeps it from the first line on.
  await continueTrace(`00-${traceId}-${webhook}-01`, () =>
    withSpan('turn', { turn: 't1' }, async () => {
      linkSpan(`00-${other.traceId}-${other.spanId}-01`);
      await withSpan('model', { inputTokens: 7 }, () => Promise.reject(new Error('down'))).catch(() => undefined);
    }),
  );

  const { exporter, spans, others } = await start();
  await exporter.close();

  const named = (name: string) =>
    spans().filter(({ data, tags }) => data['name'] === name && tags['ai.operation.id'] === traceId);
  expect([named('turn').length, named('model').length, others()]).toEqual([1, 1, []]);
  const [turn, model] = [named('turn')[0], named('model')[0]];
  expect(turn?.tags).toMatchObject({
    'ai.operation.id': traceId,
    'ai.operation.parentId': webhook,
    'ai.cloud.role': 'adjutant',
    'ai.cloud.roleInstance': 'i1',
  });
  expect(turn?.data).toMatchObject({ type: 'InProc', success: true, resultCode: '0', properties: { turn: 't1' } });
  expect(JSON.stringify(turn?.data)).toContain(other.spanId);
  expect(model?.tags).toMatchObject({ 'ai.operation.id': traceId, 'ai.operation.parentId': turn?.data['id'] });
  expect(model?.data).toMatchObject({ success: false, properties: { inputTokens: '7' } });
  // The SDK cuts the millisecond from its fraction: it may be the one before.
  expect(turn?.time).toBeGreaterThanOrEqual(before - 1);
});

verifies('telemetry:once', 'warnings and errors go there with their span and are not printed; the rest is printed', async () => {
  const { exporter, logs, spans, printed } = await start();

  await withSpan('turn', {}, () => {
    log('warn', 'turn.parked', { code: 'timeout', to: 'ana@alderfinch.example' });
    log('error', 'turn.failed', { code: 'bug' });
    log('info', 'webhook.ignored', { reason: 'status' });
    return Promise.resolve();
  });
  await exporter.close();
  log('warn', 'turn.parked');

  expect(logs().map(({ data }) => data)).toMatchObject([
    { message: 'turn.parked', severityLevel: 'Warning', properties: { code: 'timeout', to: '[address]' } },
    { message: 'turn.failed', severityLevel: 'Error', properties: { code: 'bug' } },
  ]);
  const turn = spans().find(({ data }) => data['name'] === 'turn' && data['id'] === logs()[0]?.tags['ai.operation.parentId']);
  expect(turn?.tags['ai.operation.id']).toBe(logs()[0]?.tags['ai.operation.id']);
  expect(printed.map((line) => (JSON.parse(line) as { event: string }).event)).toEqual(['webhook.ignored', 'turn.parked']);
});

verifies('telemetry:once', 'a counter by what it grew, a histogram by its percentiles, each once', async () => {
  const { exporter, metrics } = await start();
  onTestFinished(observe('adjutant.due.age', () => 42));

  for (const position of [1, 2, 3, 4]) await withSpan('tool whoami', { position }, () => Promise.resolve());
  log('warn', 'send.repeated');
  log('warn', 'send.repeated');
  await exporter.close();

  const valueOf = (name: string, property: string) =>
    metrics().filter((metric) => metric.name === name && JSON.stringify(metric.properties).includes(property));
  expect(valueOf('adjutant.events', 'send.repeated')).toMatchObject([{ value: 2, properties: { level: 'warn' } }]);
  expect(valueOf('adjutant.tool.duration.count', 'whoami')).toMatchObject([{ value: 4 }]);
  for (const what of ['p50', 'p95', 'p99']) expect(valueOf(`adjutant.tool.duration.${what}`, 'whoami').length).toBe(1);
  expect(metrics().filter(({ name }) => name === 'adjutant.due.age')).toMatchObject([{ value: 42 }]);
});

verifies('telemetry:once', 'however often the client is emptied, no number comes twice', async () => {
  const { exporter, metrics, spans } = await start({ metricsEveryMs: 10 });
  const many = 600; // more than the client is given at once: it is emptied in between

  for (let index = 0; index < many; index += 1) await withSpan('tool help', {}, () => Promise.resolve());
  await expect.poll(() => spans().length, { timeout: 5_000 }).toBeGreaterThanOrEqual(many);
  log('warn', 'write.repeated');
  await exporter.close();

  const total = (name: string, property: string) =>
    metrics()
      .filter((metric) => metric.name === name && JSON.stringify(metric.properties).includes(property))
      .reduce((sum, { value }) => sum + value, 0);
  expect(total('adjutant.tool.duration.count', 'help')).toBe(many);
  expect(total('adjutant.events', 'write.repeated')).toBe(1);
  expect(spans().filter(({ data }) => data['name'] === 'tool help').length).toBe(many);
});

verifies(
  'telemetry:application-insights',
  'an ingestion that is away costs telemetry, never work, and no end of the process',
  async () => {
    const { close, exporter, printed } = await start({ metricsEveryMs: 10 });
    close();

    const result = await withSpan('turn', {}, () => Promise.resolve('done'));
    const startedAt = performance.now();
    await exporter.close();

    expect(result).toBe('done');
    expect(performance.now() - startedAt).toBeLessThan(5_000);
    expect(printed.filter((line) => line.includes('error'))).toEqual([]);
  },
);
