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
export {
  annotateSpan,
  continueTrace,
  currentTraceparent,
  linkSpan,
  readSpans,
  withSpan,
  type FinishedSpan,
  type SpanAttributes,
  type SpanPlace,
} from './trace.ts';
