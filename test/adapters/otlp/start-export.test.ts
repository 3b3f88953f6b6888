import { expect, onTestFinished } from 'vitest';
import { listen } from '../../../sandbox/kit/http.ts';
import { startOtlpExport } from '../../../shared/adapters/otlp/start-export.ts';
import { annotateSpan, continueTrace, linkSpan, log, observe, setLogSink, withSpan } from '../../../shared/telemetry/index.ts';
import { startCollector } from '../../support/otlp.ts';
import { verifies } from '../../verifies.ts';

async function start({ metricsEveryMs = 60_000 } = {}) {
  const { context, collector, url } = await startCollector();
  const exporter = startOtlpExport({ endpoint: `${url}/`, service: 'adjutant', instance: 'i1', metricsEveryMs });
  const sent = (path: string) => context.journal.entries('otlp').filter((entry) => entry.path === path);
  return { context, collector, exporter, sent };
}

const traceId = 'a'.repeat(32);
const parent = `00-${traceId}-${'b'.repeat(16)}-01`;
const other = { traceId: 'c'.repeat(32), spanId: 'd'.repeat(16) };

verifies('adapters:otlp', 'spans reach the collector with their trace, parent, links, attributes and outcome', async () => {
  const { collector, exporter } = await start();

  await continueTrace(parent, () =>
    withSpan('turn', { turn: 't1' }, async () => {
      annotateSpan({ outcome: 'answered', rounds: 2, share: 0.5, first: true, left: undefined });
      linkSpan(`00-${other.traceId}-${other.spanId}-01`);
      await withSpan('model', {}, () => Promise.reject(new Error('down'))).catch(() => undefined);
    }),
  );
  await exporter.close();

  const [model, turn] = collector.spans().slice(-2);
  expect(turn).toMatchObject({ name: 'turn', traceId, parentSpanId: 'b'.repeat(16), links: [other], failed: false });
  expect(turn?.attributes).toEqual({ turn: 't1', outcome: 'answered', rounds: '2', share: '0.5', first: 'true' });
  expect(model).toMatchObject({ name: 'model', traceId, parentSpanId: turn?.spanId, failed: true });
  expect(Math.abs((turn?.startedAt ?? 0) - Date.now())).toBeLessThan(5_000);
});

verifies('adapters:otlp', 'metrics reach it with their names, units and percentiles', async () => {
  const { collector, exporter, sent } = await start();
  onTestFinished(setLogSink(() => undefined));
  onTestFinished(observe('adjutant.due.age', () => 12.5));

  for (const position of [1, 2, 3]) await withSpan('tool calendar_list_events', { position }, () => Promise.resolve());
  log('warn', 'write.repeated');
  await exporter.close();

  const found = (name: string) => collector.metrics().find((metric) => metric.name === name);
  expect(sent('/v1/metrics').map(({ status }) => status)).toEqual([200]);
  expect(found('adjutant.due.age')).toMatchObject({ kind: 'gauge', unit: 's', value: 12.5, instance: 'i1' });
  expect(found('adjutant.events')).toMatchObject({
    kind: 'sum',
    value: 1,
    attributes: { event: 'write.repeated', level: 'warn' },
  });
  const tool = found('adjutant.tool.duration');
  expect(tool).toMatchObject({ kind: 'histogram', unit: 'ms', attributes: { tool: 'calendar_list_events', failed: 'false' } });
  expect(tool?.histogram?.count).toBe(3);
  expect(tool?.histogram?.p99).toBeGreaterThanOrEqual(tool?.histogram?.p50 ?? Infinity);
});

verifies('adapters:otlp', 'they are sent by themselves after a moment, each span once', async () => {
  const { collector, exporter, sent } = await start({ metricsEveryMs: 50 });

  await withSpan('alone', {}, () => Promise.resolve());
  const alone = () => collector.spans().filter(({ name }) => name === 'alone').length;
  await expect.poll(alone, { timeout: 5_000 }).toBe(1);
  await expect.poll(() => sent('/v1/metrics').length, { timeout: 5_000 }).toBeGreaterThan(1);
  await exporter.close();

  expect(alone()).toBe(1);
});

verifies('adapters:otlp', 'a collector that fails or is gone costs spans, never work', async () => {
  const { context, collector, exporter } = await start();
  context.faults.add({ vendor: 'otlp', effect: 'drop', times: 2 });

  const result = await withSpan('lost', {}, () => Promise.resolve('done'));
  await exporter.close();

  expect(result).toBe('done');
  expect(collector.spans()).toEqual([]);
});

verifies('adapters:otlp', 'a collector that sends us elsewhere is not followed', async () => {
  onTestFinished(setLogSink(() => undefined));
  const paths: string[] = [];
  const { port, close } = await listen((request, response) => {
    paths.push(request.url ?? '');
    response.writeHead(307, { location: '/elsewhere' }).end();
  });
  onTestFinished(close);
  const exporter = startOtlpExport({
    ...{ endpoint: `http://127.0.0.1:${port}`, service: 'adjutant', instance: 'i1', metricsEveryMs: 60_000 },
  });

  await withSpan('turn', {}, () => Promise.resolve());
  await exporter.close();

  expect(paths).toContain('/v1/traces');
  expect(paths).not.toContain('/elsewhere');
});
