import { countEvent } from './count-event.ts';
import { redact } from './redact.ts';
import { currentTraceparent } from './trace.ts';

export type LogLevel = 'info' | 'warn' | 'error';

/** Ids, codes, counts and durations; never text, names or numbers of people. */
export type LogFields = Readonly<Record<string, string | number | boolean | undefined>>;

export type LogSink = (level: LogLevel, line: string) => void;

/** A line as an exporter takes it. `at` in milliseconds since 1970. */
export interface LogRecord {
  readonly at: number;
  readonly level: LogLevel;
  readonly event: string;
  readonly fields: LogFields;
  /** The W3C `traceparent` of the span it was written in. */
  readonly traceparent: string | undefined;
}

/** Takes a line over; false: it is printed after all. */
export type LogTaker = (record: LogRecord) => boolean;

// The worker forwards console lines to the host, which attributes them to the invocation.
// eslint-disable-next-line no-console -- the one place that writes to it
let sink: LogSink = (level, line) => console[level](line);
let taker: LogTaker | undefined;

/** Sends log lines elsewhere; answers the way back. For tests, and for hosts without a console. */
export function setLogSink(next: LogSink): () => void {
  const before = sink;
  sink = next;
  return () => {
    sink = before;
  };
}

/** Who exports lines itself takes them over from the console, whose lines the host exports; answers the way back. */
export function takeLogs(next: LogTaker): () => void {
  taker = next;
  return () => {
    if (taker === next) taker = undefined;
  };
}

/** One JSON line: what happened (`webhook.refused`), its fields redacted, and the trace it belongs to. */
export function log(level: LogLevel, event: string, fields: LogFields = {}): void {
  countEvent(level, event, fields);
  const safe = Object.fromEntries(
    Object.entries(fields).map(([name, value]) => [name, typeof value === 'string' ? redact(value) : value]),
  );
  const traceparent = currentTraceparent();
  if (taker?.({ at: Date.now(), level, event, fields: safe, traceparent }) === true) return;
  sink(level, JSON.stringify({ level, event, ...safe, trace: traceparent?.split('-')[1] }));
}

// Errors of which a line of the log tells: who meets one further out need not tell of it again.
const told = new WeakSet<Error>();

/** Whether the log tells of this error already. */
export function isTold(error: unknown): boolean {
  return error instanceof Error && told.has(error);
}

/** The fields that tell of an error: its code and message, and where it was thrown if it is a bug. */
export function errorFields(error: unknown): LogFields {
  if (!(error instanceof Error)) return { error: String(error) };
  told.add(error);
  const isOurs = 'code' in error && typeof error.code === 'string' && error.name === 'AppError';
  return {
    code: isOurs ? String(error.code) : 'bug',
    vendor: isOurs && 'vendor' in error && typeof error.vendor === 'string' ? error.vendor : undefined,
    error: isOurs ? error.message : error.name,
    cause: causeOf(error),
    // Not the second line: the message may have several, and they may quote what somebody wrote.
    at: error.stack
      ?.split('\n')
      .find((line) => /^\s+at /.test(line))
      ?.trim(),
  };
}

/** What a vendor or a parser said may quote a message: of a cause, its kind and code are told, never its words. */
function causeOf({ cause }: Error): string | undefined {
  if (!(cause instanceof Error)) return undefined;
  const code = 'code' in cause && (typeof cause.code === 'string' || typeof cause.code === 'number') ? ` ${cause.code}` : '';
  return `${cause.name}${code}`;
}
