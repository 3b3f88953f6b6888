import { log, readSpans, snapshotMetrics } from '../../telemetry/index.ts';
import { encodeMetrics, encodeSpans, type Exported } from './encode.ts';

export interface Exporter {
  /** Exports what is recorded so far, and stops exporting by itself. */
  close(): Promise<void>;
}

export interface OtlpOptions extends Exported {
  /** Without `/v1/…`. */
  readonly endpoint: string;
  readonly metricsEveryMs: number;
}

const spansEveryMs = 250;
const timeoutMs = 5_000;

/**
 * Sends the recorded spans and the metrics to a collector over OTLP/HTTP, JSON encoding. A collector that does not answer
 * loses spans, never work.
 */
export function startOtlpExport(options: OtlpOptions): Exporter {
  const newSpans = readSpans();
  const sendSpans = async () => {
    const { items, dropped } = newSpans();
    if (dropped > 0) log('warn', 'spans.dropped', { dropped });
    if (items.length > 0) await post(options, 'traces', encodeSpans(options, items));
  };
  const sendMetrics = () => post(options, 'metrics', encodeMetrics(options, snapshotMetrics()));
  const stops = [repeat(sendSpans, spansEveryMs), repeat(sendMetrics, options.metricsEveryMs)];
  return {
    async close() {
      await Promise.all(stops.map((stop) => stop()));
    },
  };
}

/** One run after the other; what is answered stops it, with one last run. */
function repeat(run: () => Promise<void>, everyMs: number): () => Promise<void> {
  let under: Promise<void> = Promise.resolve();
  const timer = setInterval(() => {
    under = under.then(run);
  }, everyMs);
  timer.unref();
  return async () => {
    clearInterval(timer);
    await under.then(run);
  };
}

async function post({ endpoint }: OtlpOptions, what: 'traces' | 'metrics', body: unknown): Promise<void> {
  await fetch(`${endpoint.replace(/\/$/, '')}/v1/${what}`, {
    redirect: 'error',
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
    signal: AbortSignal.timeout(timeoutMs),
  })
    .then((response) => response.arrayBuffer())
    .catch(() => undefined);
}
