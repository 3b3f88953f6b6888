import { drainSpans, log, type FinishedSpan } from '../../telemetry/index.ts';

export interface SpanExporter {
  /** Exports what is recorded so far, and stops exporting by itself. */
  close(): Promise<void>;
}

const everyMs = 250;
const timeoutMs = 5_000;

/**
 * Sends the recorded spans to a collector over OTLP/HTTP, JSON encoding. A collector that does not answer loses spans,
 * never work.
 * @see https://opentelemetry.io/docs/specs/otlp/#otlphttp
 */
export function startSpanExport(options: { endpoint: string; service: string; instance: string }): SpanExporter {
  const url = `${options.endpoint.replace(/\/$/, '')}/v1/traces`;
  let under: Promise<void> = Promise.resolve();
  const flush = async () => {
    const { spans, dropped } = drainSpans();
    if (dropped > 0) log('warn', 'spans.dropped', { dropped });
    if (spans.length === 0) return;
    await fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(toRequest(options, spans)),
      signal: AbortSignal.timeout(timeoutMs),
    }).catch(() => undefined);
  };
  const timer = setInterval(() => {
    under = under.then(flush);
  }, everyMs);
  timer.unref();
  return {
    async close() {
      clearInterval(timer);
      await under.then(flush);
    },
  };
}

function toRequest({ service, instance }: { service: string; instance: string }, spans: readonly FinishedSpan[]) {
  const resource = { attributes: [attribute('service.name', service), attribute('service.instance.id', instance)] };
  return { resourceSpans: [{ resource, scopeSpans: [{ scope: { name: 'adjutant' }, spans: spans.map(toOtlp) }] }] };
}

function toOtlp(span: FinishedSpan) {
  return {
    traceId: span.traceId,
    spanId: span.spanId,
    ...(span.parentSpanId === undefined ? {} : { parentSpanId: span.parentSpanId }),
    name: span.name,
    kind: 1,
    startTimeUnixNano: `${Math.round(span.startedAt * 1_000)}000`,
    endTimeUnixNano: `${Math.round(span.endedAt * 1_000)}000`,
    attributes: Object.entries(span.attributes).map(([key, value]) => attribute(key, value)),
    status: span.failed ? { code: 2 } : {},
  };
}

function attribute(key: string, value: string | number | boolean) {
  return { key, value: { stringValue: String(value) } };
}
