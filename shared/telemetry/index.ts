export { errorFields, log, setLogSink, type LogFields, type LogLevel } from './log.ts';
export { redact } from './redact.ts';
export {
  annotateSpan,
  continueTrace,
  currentTraceparent,
  drainSpans,
  withSpan,
  type FinishedSpan,
  type SpanAttributes,
} from './trace.ts';
