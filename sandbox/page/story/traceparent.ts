import type { JournalEntry } from '../../kit/journal.ts';

export interface TracePlace {
  readonly traceId: string;
  readonly spanId: string;
}

/** Under which span of the application a stand-in was called. @see https://www.w3.org/TR/trace-context/ */
export function placeOf({ headers }: Pick<JournalEntry, 'headers'>): TracePlace | undefined {
  const [, traceId, spanId] = /^00-([0-9a-f]{32})-([0-9a-f]{16})-[0-9a-f]{2}$/.exec(headers.traceparent ?? '') ?? [];
  return traceId === undefined || spanId === undefined ? undefined : { traceId, spanId };
}
