import { z } from 'zod';
import { Attributes, millisecondsOf, Nanoseconds, textsOf } from './values.ts';

const Place = z.object({ traceId: z.string().regex(/^[0-9a-f]{32}$/), spanId: z.string().regex(/^[0-9a-f]{16}$/) });
const OtlpSpan = Place.extend({
  parentSpanId: z.string().optional(),
  name: z.string().min(1),
  startTimeUnixNano: Nanoseconds,
  endTimeUnixNano: Nanoseconds,
  attributes: Attributes,
  links: z.array(Place).default([]),
  status: z.object({ code: z.int().optional(), message: z.string().optional() }).optional(),
});

/** The part of `ExportTraceServiceRequest` of opentelemetry-proto that is read; enum values as numbers. */
export const ExportTraceServiceRequest = z.object({
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
  /** Spans of other traces that it belongs to as well. */
  readonly links?: readonly { readonly traceId: string; readonly spanId: string }[];
  readonly failed: boolean;
}

export function readSpans({ resourceSpans }: z.infer<typeof ExportTraceServiceRequest>): CollectedSpan[] {
  return resourceSpans.flatMap(({ scopeSpans }) => scopeSpans.flatMap(({ spans }) => spans.map(toCollected)));
}

function toCollected(span: z.infer<typeof OtlpSpan>): CollectedSpan {
  const startedAt = millisecondsOf(span.startTimeUnixNano);
  return {
    traceId: span.traceId,
    spanId: span.spanId,
    parentSpanId: span.parentSpanId === '' ? undefined : span.parentSpanId,
    name: span.name,
    startedAt,
    durationMs: millisecondsOf(span.endTimeUnixNano) - startedAt,
    attributes: textsOf(span.attributes),
    links: span.links,
    failed: span.status?.code === 2,
  };
}
