import { AsyncLocalStorage } from 'node:async_hooks';
import { randomBytes } from 'node:crypto';
import { measureSpan } from './measure-span.ts';
import { redact } from './redact.ts';
import { createRing, type TakeNew } from './ring.ts';
import type { FinishedSpan, SpanAttributes, SpanPlace, Value } from './span.ts';

interface OpenSpan extends SpanPlace {
  readonly attributes: Record<string, Value>;
  readonly links: SpanPlace[];
}

const maxKept = 4_096;
const current = new AsyncLocalStorage<OpenSpan>();
const finished = createRing<FinishedSpan>(maxKept);

/** The W3C `traceparent` of the span under way, to hand on to whoever is called. */
export function currentTraceparent(): string | undefined {
  const span = current.getStore();
  return span && `00-${span.traceId}-${span.spanId}-01`;
}

/**
 * Runs `run` as the continuation of a trace begun elsewhere; without a valid `traceparent`, as a new one. Who is in that
 * trace already stays where it is: the step under way is the nearer parent.
 */
export function continueTrace<T>(traceparent: string | undefined, run: () => T): T {
  const place = placeOf(traceparent);
  if (!place) return current.exit(run);
  if (current.getStore()?.traceId === place.traceId) return run();
  return current.run({ ...place, attributes: {}, links: [] }, run);
}

/** Runs `run` in a span of this name; an error marks the span and goes on. */
export async function withSpan<T>(name: string, attributes: SpanAttributes, run: () => Promise<T>): Promise<T> {
  const parent = current.getStore();
  const span: OpenSpan = {
    traceId: parent?.traceId ?? randomBytes(16).toString('hex'),
    spanId: randomBytes(8).toString('hex'),
    attributes: defined(attributes),
    links: [],
  };
  const startedAt = Date.now();
  const finish = (failed: boolean) =>
    keep({ ...span, parentSpanId: parent?.spanId, name: redact(name), startedAt, endedAt: Date.now(), failed });
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

/** Says that the span under way also belongs to another trace; of its own trace its parents tell. */
export function linkSpan(traceparent: string | undefined): void {
  const place = placeOf(traceparent);
  const span = current.getStore();
  if (place && span && place.traceId !== span.traceId) span.links.push(place);
}

/** A reader of the recorded spans; the recorder keeps the last 4,096 of the process, from its first one on. */
export function readSpans(): TakeNew<FinishedSpan> {
  return finished.reader();
}

function keep(span: FinishedSpan): void {
  finished.add(span);
  measureSpan(span);
}

function placeOf(traceparent: string | undefined): SpanPlace | undefined {
  const [, traceId, spanId] = /^00-([0-9a-f]{32})-([0-9a-f]{16})-[0-9a-f]{2}$/.exec(traceparent ?? '') ?? [];
  return traceId === undefined || spanId === undefined ? undefined : { traceId, spanId };
}

function defined(attributes: SpanAttributes): Record<string, Value> {
  return Object.fromEntries(
    Object.entries(attributes).flatMap(([name, value]) =>
      value === undefined ? [] : [[name, typeof value === 'string' ? redact(value) : value]],
    ),
  );
}
