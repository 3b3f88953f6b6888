import { durationBounds, type FinishedSpan, type Metric, type SpanPlace } from '../../telemetry/index.ts';

/** Who exports. */
export interface Exported {
  readonly service: string;
  readonly instance: string;
}

/** `ExportTraceServiceRequest` in OTLP's JSON encoding. @see https://opentelemetry.io/docs/specs/otlp/#otlphttp */
export function encodeSpans(from: Exported, spans: readonly FinishedSpan[]) {
  return { resourceSpans: [{ resource: resourceOf(from), scopeSpans: [{ scope, spans: spans.map(toSpan) }] }] };
}

/** `ExportMetricsServiceRequest`: sums and histograms since the process began. */
export function encodeMetrics(from: Exported, snapshot: { startedAt: number; at: number; metrics: readonly Metric[] }) {
  const times = { startTimeUnixNano: nanoseconds(snapshot.startedAt), timeUnixNano: nanoseconds(snapshot.at) };
  const metrics = snapshot.metrics.map((metric) => toMetric(metric, times));
  return { resourceMetrics: [{ resource: resourceOf(from), scopeMetrics: [{ scope, metrics }] }] };
}

const scope = { name: 'adjutant' };
const internal = 1; // SPAN_KIND_INTERNAL
const failed = 2; // STATUS_CODE_ERROR
const cumulative = 2; // AGGREGATION_TEMPORALITY_CUMULATIVE

function resourceOf({ service, instance }: Exported) {
  return { attributes: toAttributes({ 'service.name': service, 'service.instance.id': instance }) };
}

function toSpan(span: FinishedSpan) {
  return {
    ...placeOf(span),
    ...(span.parentSpanId === undefined ? {} : { parentSpanId: span.parentSpanId }),
    name: span.name,
    kind: internal,
    startTimeUnixNano: nanoseconds(span.startedAt),
    endTimeUnixNano: nanoseconds(span.endedAt),
    attributes: toAttributes(span.attributes),
    ...(span.links.length === 0 ? {} : { links: span.links.map(placeOf) }),
    status: span.failed ? { code: failed } : {},
  };
}

function placeOf({ traceId, spanId }: SpanPlace) {
  return { traceId, spanId };
}

function toMetric(metric: Metric, times: { startTimeUnixNano: string; timeUnixNano: string }) {
  const { name, unit } = metric;
  if (metric.kind === 'histogram') {
    const dataPoints = metric.points.map(({ attributes, count, sum, min, max, buckets }) => ({
      ...times,
      attributes: toAttributes(attributes),
      count: String(count),
      ...{ sum, min, max },
      bucketCounts: buckets.map(String),
      explicitBounds: durationBounds,
    }));
    return { name, unit, histogram: { aggregationTemporality: cumulative, dataPoints } };
  }
  const dataPoints = metric.points.map(({ attributes, value }) => ({
    ...times,
    attributes: toAttributes(attributes),
    asDouble: value,
  }));
  return metric.kind === 'gauge'
    ? { name, unit, gauge: { dataPoints } }
    : { name, unit, sum: { aggregationTemporality: cumulative, isMonotonic: true, dataPoints } };
}

function toAttributes(attributes: Readonly<Record<string, string | number | boolean>>) {
  return Object.entries(attributes).map(([key, value]) => ({ key, value: toValue(value) }));
}

/** Whole numbers are strings in protobuf's JSON: they may be longer than a double holds. */
function toValue(value: string | number | boolean) {
  if (typeof value === 'string') return { stringValue: value };
  if (typeof value === 'boolean') return { boolValue: value };
  return Number.isSafeInteger(value) ? { intValue: String(value) } : { doubleValue: value };
}

function nanoseconds(milliseconds: number): string {
  return `${Math.round(milliseconds * 1_000)}000`;
}
