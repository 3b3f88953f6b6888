import { expect } from 'vitest';
import { startCollector } from '../../support/otlp.ts';
import { verifies } from '../../verifies.ts';

async function start() {
  const { context, collector, url } = await startCollector();
  const post = (body: unknown, what = 'traces') =>
    fetch(`${url}/v1/${what}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
  return { context, collector, post, url };
}

const span = {
  traceId: 'a'.repeat(32),
  spanId: 'b'.repeat(16),
  name: 'turn',
  startTimeUnixNano: '1795221875000000000',
  endTimeUnixNano: '1795221875250000000',
  attributes: [{ key: 'turn.id', value: { stringValue: 't1' } }],
};

verifies('otlp:spans', 'keeps the spans it is sent', async () => {
  const { collector, post } = await start();

  const response = await post({ resourceSpans: [{ scopeSpans: [{ spans: [span] }] }] });

  expect(response.status).toBe(200);
  expect(collector.spans()).toMatchObject([{ name: 'turn', durationMs: 250, attributes: { 'turn.id': 't1' }, failed: false }]);
});

verifies('otlp:spans', 'refuses what is no span, and says why', async () => {
  const { collector, post } = await start();

  const response = await post({ resourceSpans: [{ scopeSpans: [{ spans: [{ ...span, traceId: 'short' }] }] }] });

  expect(response.status).toBe(400);
  expect(await response.text()).toContain('traceId');
  expect(collector.spans()).toEqual([]);
});

verifies('otlp:spans', 'a fault answers in its place, once', async () => {
  const { context, post } = await start();
  context.faults.add({ vendor: 'otlp', effect: 'answer', status: 503, retryAfterSeconds: 2 });

  const [first, second] = [await post({ resourceSpans: [] }), await post({ resourceSpans: [] })];

  expect([first.status, first.headers.get('retry-after'), second.status]).toEqual([503, '2', 200]);
  expect(context.journal.entries('otlp').map(({ status }) => status)).toEqual([503, 200]);
});

const times = { startTimeUnixNano: '1795221870000000000', timeUnixNano: '1795221875000000000' };
const histogram = { ...times, count: '4', sum: 100, min: 5, max: 45, bucketCounts: ['1', '2', '1'], explicitBounds: [10, 40] };
const ofInstance = (instance: string, metrics: unknown[]) => ({
  resourceMetrics: [
    {
      resource: { attributes: [{ key: 'service.instance.id', value: { stringValue: instance } }] },
      scopeMetrics: [{ metrics }],
    },
  ],
});
const durations = (point: object) => ({
  name: 'turn',
  unit: 'ms',
  histogram: { aggregationTemporality: 2, dataPoints: [point] },
});
const messages = (value: number) => ({
  name: 'messages',
  sum: { aggregationTemporality: 2, isMonotonic: true, dataPoints: [{ ...times, asDouble: value }] },
});

verifies('otlp:metrics', 'keeps the last state of each series of each process, and shows it', async () => {
  const { post, url } = await start();

  await post(ofInstance('a', [durations(histogram), messages(1)]), 'metrics');
  await post(ofInstance('a', [messages(3)]), 'metrics');
  await post(ofInstance('b', [messages(7)]), 'metrics');

  const shown: unknown = await (await fetch(`${url}/metrics`)).json();
  expect(shown).toMatchObject([
    { name: 'turn', unit: 'ms', kind: 'histogram', value: 100, histogram: { count: 4, p50: 25, p95: 44, p99: 44.8 } },
    { name: 'messages', kind: 'sum', instance: 'a', value: 3 },
    { name: 'messages', kind: 'sum', instance: 'b', value: 7 },
  ]);
});

verifies('otlp:metrics', 'refuses histograms that do not add up, and what it does not play', async () => {
  const { collector, post } = await start();
  const wrong = [
    { ...histogram, count: '5' },
    { ...histogram, explicitBounds: [10] },
    { ...histogram, explicitBounds: [40, 10] },
  ].map((point) => durations(point));
  const delta = { name: 'turn', sum: { aggregationTemporality: 1, isMonotonic: true, dataPoints: [] } };

  const statuses = await Promise.all(
    [...wrong, delta].map(async (metric) => (await post(ofInstance('a', [metric]), 'metrics')).status),
  );

  expect([statuses, collector.metrics()]).toEqual([[400, 400, 400, 400], []]);
});
