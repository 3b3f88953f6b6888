import { redact } from './redact.ts';
import { currentTraceparent } from './trace.ts';

export type LogLevel = 'info' | 'warn' | 'error';

/** Ids, codes, counts and durations; never text, names or numbers of people. */
export type LogFields = Readonly<Record<string, string | number | boolean | undefined>>;

export type LogSink = (level: LogLevel, line: string) => void;

// The worker forwards console lines to the host, which attributes them to the invocation.
// eslint-disable-next-line no-console -- the one place that writes to it
let sink: LogSink = (level, line) => console[level](line);

/** Sends log lines elsewhere; answers the way back. For tests, and for hosts without a console. */
export function setLogSink(next: LogSink): () => void {
  const before = sink;
  sink = next;
  return () => {
    sink = before;
  };
}

/** One JSON line: what happened (`webhook.refused`), its fields redacted, and the trace it belongs to. */
export function log(level: LogLevel, event: string, fields: LogFields = {}): void {
  const safe = Object.fromEntries(
    Object.entries(fields).map(([name, value]) => [name, typeof value === 'string' ? redact(value) : value]),
  );
  sink(level, JSON.stringify({ level, event, ...safe, trace: currentTraceparent()?.split('-')[1] }));
}

/** The fields that tell of an error: its code and message, and where it was thrown if it is a bug. */
export function errorFields(error: unknown): LogFields {
  if (!(error instanceof Error)) return { error: String(error) };
  const isOurs = 'code' in error && typeof error.code === 'string' && error.name === 'AppError';
  return {
    code: isOurs ? String(error.code) : 'bug',
    error: isOurs ? error.message : error.name,
    cause: causeOf(error),
    at: error.stack?.split('\n')[1]?.trim(),
  };
}

/** What a vendor or a parser said may quote a message: of a cause, its kind and code are told, never its words. */
function causeOf({ cause }: Error): string | undefined {
  if (!(cause instanceof Error)) return undefined;
  const code = 'code' in cause && (typeof cause.code === 'string' || typeof cause.code === 'number') ? ` ${cause.code}` : '';
  return `${cause.name}${code}`;
}
