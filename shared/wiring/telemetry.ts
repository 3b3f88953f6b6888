import { hostname } from 'node:os';
import { startOtlpExport } from '../adapters/otlp/start-export.ts';
import { silenceSdk, type Settings } from '../config/config.ts';
import { errorFields, log, observeProcess } from '../telemetry/index.ts';

/** Where spans, metrics and lines of the log go, by the settings; nowhere without them. */
export interface Telemetry {
  /** Whether warnings and errors are exported by us, so that the host need not. */
  readonly exportsLogs: boolean;
  /** An invocation begins: what is too heavy for the start is loaded beside the first one. */
  begun(): void;
  /** An invocation ended. */
  ended(): void;
  /** Exports what is left. */
  close(): Promise<void>;
}

interface Closable {
  close(): Promise<void>;
}

// Time enough for a webhook to be answered before the loading takes the process for itself for half a second.
const loadAfterMs = 1_000;

export function startTelemetry(settings: Settings): Telemetry {
  const from = { service: 'adjutant', instance: `${hostname()}/${process.pid}` };
  const metricsEveryMs = settings.METRICS_SECONDS * 1_000;
  const { OTEL_EXPORTER_OTLP_ENDPOINT: endpoint, APPLICATIONINSIGHTS_CONNECTION_STRING: connectionString } = settings;
  const stopProcess = endpoint === undefined && connectionString === undefined ? () => undefined : observeProcess();
  const otlp = endpoint === undefined ? undefined : startOtlpExport({ endpoint, metricsEveryMs, ...from });
  const insights =
    connectionString === undefined
      ? undefined
      : createLate(async () => {
          silenceSdk();
          const { startInsightsExport } = await import('../adapters/applicationinsights/start-export.ts');
          const { APPLICATIONINSIGHTS_AUTHENTICATION_STRING: authentication } = settings;
          return startInsightsExport({ connectionString, authentication, metricsEveryMs, ...from });
        });
  return {
    exportsLogs: insights !== undefined,
    begun: () => insights?.soon(),
    ended: () => insights?.now(),
    async close() {
      await Promise.all([otlp?.close(), insights?.close()]);
      stopProcess();
    },
  };
}

/** Loads once, soon or now; what was not asked for before the end is never loaded. */
function createLate(load: () => Promise<Closable>) {
  let timer: NodeJS.Timeout | undefined;
  let loading: Promise<Closable | undefined> | undefined;
  const now = () => {
    clearTimeout(timer);
    loading ??= load().catch((error: unknown) => {
      log('error', 'telemetry.not-loaded', errorFields(error));
      return undefined;
    });
  };
  return {
    now,
    soon() {
      if (loading || timer) return;
      timer = setTimeout(now, loadAfterMs);
      timer.unref();
    },
    async close() {
      clearTimeout(timer);
      await (await loading)?.close();
    },
  };
}
