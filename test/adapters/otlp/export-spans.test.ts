import { expect, onTestFinished } from 'vitest';
import { createSandboxContext } from '../../../sandbox/kit/context.ts';
import { listen, serveVendor } from '../../../sandbox/kit/http.ts';
import { createOtlpCollector } from '../../../sandbox/otlp/collector.ts';
import { startSpanExport } from '../../../shared/adapters/otlp/export-spans.ts';
import { annotateSpan, continueTrace, drainSpans, withSpan } from '../../../shared/telemetry/index.ts';
import { verifies } from '../../verifies.ts';

async function start() {
  drainSpans();
  const context = createSandboxContext();
  const collector = createOtlpCollector();
  const { port, close } = await listen(serveVendor(context, collector.vendor, '/otlp'));
  onTestFinished(async () => {
    context.clock.stop();
    await close();
  });
  const exporter = startSpanExport({ endpoint: `http://127.0.0.1:${port}/otlp/`, service: 'adjutant', instance: 'i1' });
  return { context, collector, exporter };
}

const traceId = 'a'.repeat(32);
const parent = `00-${traceId}-${'b'.repeat(16)}-01`;

verifies('adapters:otlp', 'spans reach the collector with their trace, parent, attributes and outcome', async () => {
  const { collector, exporter } = await start();

  await continueTrace(parent, () =>
    withSpan('turn', { turn: 't1' }, async () => {
      annotateSpan({ outcome: 'answered', rounds: 2, left: undefined });
      await withSpan('model', {}, () => Promise.reject(new Error('down'))).catch(() => undefined);
    }),
  );
  await exporter.close();

  const [model, turn] = collector.spans();
  expect(turn).toMatchObject({ name: 'turn', traceId, parentSpanId: 'b'.repeat(16), failed: false });
  expect(turn?.attributes).toEqual({ turn: 't1', outcome: 'answered', rounds: '2' });
  expect(model).toMatchObject({ name: 'model', traceId, parentSpanId: turn?.spanId, failed: true });
  expect(Math.abs((turn?.startedAt ?? 0) - Date.now())).toBeLessThan(5_000);
});

verifies('adapters:otlp', 'they are sent by themselves after a moment', async () => {
  const { collector, exporter } = await start();

  await withSpan('alone', {}, () => Promise.resolve());
  await expect.poll(() => collector.spans().map(({ name }) => name), { timeout: 2_000 }).toEqual(['alone']);

  await exporter.close();
});

verifies('adapters:otlp', 'a collector that fails or is gone costs spans, never work', async () => {
  const { context, collector, exporter } = await start();
  context.faults.add({ vendor: 'otlp', effect: 'drop' });

  const result = await withSpan('lost', {}, () => Promise.resolve('done'));
  await exporter.close();

  expect(result).toBe('done');
  expect(collector.spans()).toEqual([]);
});
