import { Hono } from 'hono';
import { z } from 'zod';
import type { HttpVendor } from '../kit/http.ts';

/** The part of OTLP/HTTP JSON that is read: `ExportTraceServiceRequest` of opentelemetry-proto, enum values as numbers. */
const Value = z.object({ stringValue: z.string().optional(), intValue: z.union([z.string(), z.number()]).optional() }).loose();
const Attributes = z.array(z.object({ key: z.string(), value: Value })).default([]);
const OtlpSpan = z.object({
  traceId: z.string().regex(/^[0-9a-f]{32}$/),
  spanId: z.string().regex(/^[0-9a-f]{16}$/),
  parentSpanId: z.string().optional(),
  name: z.string().min(1),
  startTimeUnixNano: z.string().regex(/^\d+$/),
  endTimeUnixNano: z.string().regex(/^\d+$/),
  attributes: Attributes,
  status: z.object({ code: z.int().optional(), message: z.string().optional() }).optional(),
});
const ExportTraceServiceRequest = z.object({
  resourceSpans: z.array(z.object({ scopeSpans: z.array(z.object({ spans: z.array(OtlpSpan) })) })),
});

/** A span as the page shows it. */
export interface CollectedSpan {
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId: string | undefined;
  readonly name: string;
  /** Milliseconds since 1970, with fractions. */
  readonly startedAt: number;
  readonly durationMs: number;
  readonly attributes: Readonly<Record<string, string>>;
  readonly failed: boolean;
}

export interface OtlpCollector {
  readonly vendor: HttpVendor;
  /** The spans kept, in the order they came; at most `maxSpans`. */
  spans(): CollectedSpan[];
  listen(listener: (span: CollectedSpan) => void): () => void;
}

const maxSpans = 20_000;

/** @see https://opentelemetry.io/docs/specs/otlp/#otlphttp */
export function createOtlpCollector(): OtlpCollector {
  const spans: CollectedSpan[] = [];
  const listeners = new Set<(span: CollectedSpan) => void>();
  const app = new Hono();

  app.post('/v1/traces', async (c) => {
    const parsed = ExportTraceServiceRequest.safeParse(await c.req.json().catch(() => undefined));
    if (!parsed.success) return c.json({ code: 3, message: z.prettifyError(parsed.error) }, 400);
    const received = parsed.data.resourceSpans.flatMap(({ scopeSpans }) =>
      scopeSpans.flatMap((scope) => scope.spans.map(toCollected)),
    );
    spans.push(...received);
    spans.splice(0, Math.max(0, spans.length - maxSpans));
    for (const span of received) for (const listener of listeners) listener(span);
    return c.json({ partialSuccess: {} });
  });

  return {
    vendor: { vendor: 'otlp', fetch: app.fetch, errorBody: (status) => ({ code: 13, message: `fault ${status}` }) },
    spans: () => [...spans],
    listen(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}

function toCollected(span: z.infer<typeof OtlpSpan>): CollectedSpan {
  const startedAt = Number(BigInt(span.startTimeUnixNano) / 1_000n) / 1_000;
  return {
    traceId: span.traceId,
    spanId: span.spanId,
    parentSpanId: span.parentSpanId === '' ? undefined : span.parentSpanId,
    name: span.name,
    startedAt,
    durationMs: Number(BigInt(span.endTimeUnixNano) / 1_000n) / 1_000 - startedAt,
    attributes: Object.fromEntries(
      span.attributes.map(({ key, value }) => [key, value.stringValue ?? String(value.intValue ?? '')]),
    ),
    failed: span.status?.code === 2,
  };
}
