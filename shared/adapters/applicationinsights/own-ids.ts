import type { FinishedSpan, LogRecord, SpanPlace } from '../../telemetry/index.ts';

/** As much of the SDK's own records as is given our ids: its public methods make new ones. */
interface SdkSpan {
  spanContext(): object;
}

const sampled = 1;
const internal = 0; // SpanKind.INTERNAL: a step of ours, shown as `InProc`

/** What the SDK is about to make of something of ours; it makes one at a time, before the method that asks returns. */
export interface OwnIds {
  /** Runs `track`, whose span becomes this one: same trace, same id, same parent. */
  asSpan(span: FinishedSpan, track: () => void): void;
  /** Runs `track`, whose line becomes this one: its time, and the span it was written in. */
  asLog(record: LogRecord, track: () => void): void;
  /** To be given to the SDK. */
  readonly spanProcessor: ReturnType<typeof createSpanProcessor>;
  readonly logRecordProcessor: ReturnType<typeof createLogRecordProcessor>;
}

export function createOwnIds(): OwnIds {
  const next: Next = { span: undefined, record: undefined };
  return {
    asSpan(span, track) {
      next.span = span;
      track();
      next.span = undefined;
    },
    asLog(record, track) {
      next.record = record;
      track();
      next.record = undefined;
    },
    spanProcessor: createSpanProcessor(next),
    logRecordProcessor: createLogRecordProcessor(next),
  };
}

interface Next {
  span: FinishedSpan | undefined;
  record: LogRecord | undefined;
}

const nothing = () => undefined;
const done = () => Promise.resolve();

function createSpanProcessor(next: Next) {
  return {
    onStart(made: SdkSpan) {
      if (!next.span) return;
      const { traceId, spanId, parentSpanId, links } = next.span;
      Object.assign(made.spanContext(), { traceId, spanId });
      Object.assign(made, {
        kind: internal,
        parentSpanContext: parentSpanId === undefined ? undefined : contextOf({ traceId, spanId: parentSpanId }),
        links: links.map((link) => ({ context: contextOf(link), attributes: {} })),
      });
    },
    ...{ onEnd: nothing, forceFlush: done, shutdown: done },
  };
}

function createLogRecordProcessor(next: Next) {
  return {
    onEmit(made: object) {
      if (!next.record) return;
      const { at, traceparent } = next.record;
      const [, traceId, spanId] = traceparent?.split('-') ?? [];
      Object.assign(made, {
        hrTime: [Math.floor(at / 1_000), (at % 1_000) * 1e6],
        ...(traceId === undefined || spanId === undefined ? {} : { spanContext: contextOf({ traceId, spanId }) }),
      });
    },
    ...{ forceFlush: done, shutdown: done },
  };
}

function contextOf({ traceId, spanId }: SpanPlace) {
  return { traceId, spanId, traceFlags: sampled };
}
