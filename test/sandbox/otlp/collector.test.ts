import { expect, onTestFinished } from 'vitest';
import { createSandboxContext } from '../../../sandbox/kit/context.ts';
import { listen, serveVendor } from '../../../sandbox/kit/http.ts';
import { createOtlpCollector } from '../../../sandbox/otlp/collector.ts';
import { verifies } from '../../verifies.ts';

async function startCollector() {
  const context = createSandboxContext();
  const collector = createOtlpCollector();
  const { port, close } = await listen(serveVendor(context, collector.vendor, '/otlp'));
  onTestFinished(async () => {
    context.clock.stop();
    await close();
  });
  const post = (body: unknown) =>
    fetch(`http://127.0.0.1:${port}/otlp/v1/traces`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
  return { context, collector, post };
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
  const { collector, post } = await startCollector();

  const response = await post({ resourceSpans: [{ scopeSpans: [{ spans: [span] }] }] });

  expect(response.status).toBe(200);
  expect(collector.spans()).toMatchObject([{ name: 'turn', durationMs: 250, attributes: { 'turn.id': 't1' }, failed: false }]);
});

verifies('otlp:spans', 'refuses what is no span, and says why', async () => {
  const { collector, post } = await startCollector();

  const response = await post({ resourceSpans: [{ scopeSpans: [{ spans: [{ ...span, traceId: 'short' }] }] }] });

  expect(response.status).toBe(400);
  expect(await response.text()).toContain('traceId');
  expect(collector.spans()).toEqual([]);
});

verifies('otlp:spans', 'a fault answers in its place, once', async () => {
  const { context, post } = await startCollector();
  context.faults.add({ vendor: 'otlp', effect: 'answer', status: 503, retryAfterSeconds: 2 });

  const [first, second] = [await post({ resourceSpans: [] }), await post({ resourceSpans: [] })];

  expect([first.status, first.headers.get('retry-after'), second.status]).toEqual([503, '2', 200]);
  expect(context.journal.entries('otlp').map(({ status }) => status)).toEqual([503, 200]);
});
