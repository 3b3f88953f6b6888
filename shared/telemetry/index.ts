export { errorFields, isTold, log, setLogSink, takeLogs, type LogFields, type LogLevel, type LogRecord } from './log.ts';
export { durationBounds, metricCatalogue, type MetricName } from './metric-catalogue.ts';
export {
  count,
  keyOf,
  measure,
  observe,
  snapshotMetrics,
  type HistogramPoint,
  type Metric,
  type MetricAttributes,
  type NumberPoint,
} from './metrics.ts';
export { percentile } from './percentiles.ts';
export { observeProcess } from './process-metrics.ts';
export { redact } from './redact.ts';
export type { TakeNew } from './ring.ts';
export type { FinishedSpan, SpanAttributes, SpanPlace } from './span.ts';
export { annotateSpan, continueTrace, currentTraceparent, linkSpan, readSpans, withSpan } from './trace.ts';
