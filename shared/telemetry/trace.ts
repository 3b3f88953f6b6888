import { AsyncLocalStorage } from 'node:async_hooks';
import { randomBytes } from 'node:crypto';

/** Ids, codes and counts; never text, names or numbers of people. */
export type SpanAttributes = Readonly<Record<string, string | number | boolean | undefined>>;

/** A finished span, as an exporter takes it. Times in milliseconds since 1970. */
export interface FinishedSpan {
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId: string | undefined;
  readonly name: string;
  readonly startedAt: number;
  readonly endedAt: number;
  readonly attributes: Readonly<Record<string, string | number | boolean>>;
  readonly failed: boolean;
}

interface OpenSpan {
  readonly traceId: string;
  readonly spanId: string;
  readonly attributes: Record<string, string | number | boolean>;
}

const maxKept = 4_096;
const current = new AsyncLocalStorage<OpenSpan>();
const finished: FinishedSpan[] = [];
let dropped = 0;

/** The W3C `traceparent` of the span under way, to hand on to whoever is called. */
export function currentTraceparent(): string | undefined {
  const span = current.getStore();
  return span && `00-${span.traceId}-${span.spanId}-01`;
}

/** Runs `run` as the continuation of a trace begun elsewhere; without a valid `traceparent`, a new one. */
export function continueTrace<T>(traceparent: string | undefined, run: () => T): T {
  const [, traceId, spanId] = /^00-([0-9a-f]{32})-([0-9a-f]{16})-[0-9a-f]{2}$/.exec(traceparent ?? '') ?? [];
  if (traceId === undefined || spanId === undefined) return current.exit(run);
  return current.run({ traceId, spanId, attributes: {} }, run);
}

/** Runs `run` in a span of this name; an error marks the span and goes on. */
export async function withSpan<T>(name: string, attributes: SpanAttributes, run: () => Promise<T>): Promise<T> {
  const parent = current.getStore();
  const span: OpenSpan = {
    traceId: parent?.traceId ?? randomBytes(16).toString('hex'),
    spanId: randomBytes(8).toString('hex'),
    attributes: defined(attributes),
  };
  const startedAt = Date.now();
  const finish = (failed: boolean) =>
    keep({ ...span, parentSpanId: parent?.spanId, name, startedAt, endedAt: Date.now(), failed });
  try {
    const result = await current.run(span, run);
    finish(false);
    return result;
  } catch (error) {
    finish(true);
    throw error;
  }
}

/** Adds to the span under way what was learnt since it began. */
export function annotateSpan(attributes: SpanAttributes): void {
  Object.assign(current.getStore()?.attributes ?? {}, defined(attributes));
}

/** Takes the spans recorded so far, oldest first; the recorder keeps the last 4,096 and counts what it dropped. */
export function drainSpans(): { spans: FinishedSpan[]; dropped: number } {
  const result = { spans: finished.splice(0), dropped };
  dropped = 0;
  return result;
}

function keep(span: FinishedSpan): void {
  finished.push(span);
  if (finished.length <= maxKept) return;
  finished.shift();
  dropped += 1;
}

function defined(attributes: SpanAttributes): Record<string, string | number | boolean> {
  return Object.fromEntries(Object.entries(attributes).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])));
}
