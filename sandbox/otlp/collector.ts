import { Hono, type Context } from 'hono';
import { z } from 'zod';
import type { HttpVendor } from '../kit/http.ts';
import { ExportMetricsServiceRequest, readMetrics, type CollectedMetric } from './metrics.ts';
import { ExportTraceServiceRequest, readSpans, type CollectedSpan } from './spans.ts';

export type { CollectedMetric } from './metrics.ts';
export type { CollectedSpan } from './spans.ts';

export interface OtlpCollector {
  readonly vendor: HttpVendor;
  /** The spans kept, in the order they came; at most `maxSpans`. */
  spans(): CollectedSpan[];
  /** Of each series of each process the last that came; at most `maxSeries`. */
  metrics(): CollectedMetric[];
  listen(listener: (span: CollectedSpan) => void): () => void;
}

const maxSpans = 20_000;
const maxSeries = 10_000;

/** @see https://opentelemetry.io/docs/specs/otlp/#otlphttp */
export function createOtlpCollector(): OtlpCollector {
  const spans: CollectedSpan[] = [];
  const series = new Map<string, CollectedMetric>();
  const listeners = new Set<(span: CollectedSpan) => void>();
  const app = new Hono();

  app.post('/v1/traces', (c) =>
    take(c, ExportTraceServiceRequest, (request) => {
      const received = readSpans(request);
      spans.push(...received);
      spans.splice(0, Math.max(0, spans.length - maxSpans));
      for (const span of received) for (const listener of listeners) listener(span);
    }),
  );
  app.post('/v1/metrics', (c) =>
    take(c, ExportMetricsServiceRequest, (request) => {
      for (const metric of readMetrics(request)) {
        series.set(JSON.stringify([metric.name, metric.instance, Object.entries(metric.attributes).sort()]), metric);
        const [oldest] = series.keys();
        if (series.size > maxSeries && oldest !== undefined) series.delete(oldest);
      }
    }),
  );
  // Not of the protocol: for whoever wants to look.
  app.get('/metrics', (c) => c.json([...series.values()]));

  return {
    vendor: { vendor: 'otlp', fetch: app.fetch, errorBody: (status) => ({ code: 13, message: `fault ${status}` }) },
    spans: () => [...spans],
    metrics: () => [...series.values()],
    listen(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}

async function take<T>(c: Context, schema: z.ZodType<T>, keep: (request: T) => void): Promise<Response> {
  const parsed = schema.safeParse(await c.req.json().catch(() => undefined));
  if (!parsed.success) return c.json({ code: 3, message: z.prettifyError(parsed.error) }, 400);
  keep(parsed.data);
  return c.json({ partialSuccess: {} });
}
