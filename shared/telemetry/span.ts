export type Value = string | number | boolean;

/** Ids, codes and counts; never text, names or numbers of people. */
export type SpanAttributes = Readonly<Record<string, Value | undefined>>;

/** Another span, often of another trace. */
export interface SpanPlace {
  readonly traceId: string;
  readonly spanId: string;
}

/** A finished span, as an exporter takes it. Times in milliseconds since 1970. */
export interface FinishedSpan extends SpanPlace {
  readonly parentSpanId: string | undefined;
  readonly name: string;
  readonly startedAt: number;
  readonly endedAt: number;
  readonly attributes: Readonly<Record<string, Value>>;
  /** What it also belongs to: the other messages of a burst, the bell it happened to run under. */
  readonly links: readonly SpanPlace[];
  readonly failed: boolean;
}
