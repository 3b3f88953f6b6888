import { TelemetryClient } from 'applicationinsights';
import {
  log,
  readSpans,
  snapshotMetrics,
  takeLogs,
  type FinishedSpan,
  type LogFields,
  type LogRecord,
  type Metric,
} from '../../telemetry/index.ts';
import { sleep } from '../../core/retry.ts';
import { createAzureCredential } from '../azure-credential.ts';
import { metricChanges } from './metric-changes.ts';
import { createOwnIds, type OwnIds } from './own-ids.ts';

export interface InsightsOptions {
  readonly connectionString: string;
  /** `Authorization=AAD;ClientId=…`, as the host reads it: the managed identity in place of the key alone. */
  readonly authentication: string | undefined;
  readonly service: string;
  readonly instance: string;
  readonly metricsEveryMs: number;
}

const spansEveryMs = 1_000;
const closeWithinMs = 3_000;
// The SDK keeps no more than 2,048 spans that wait, and drops the rest.
const maxAtOnce = 500;
const maxWaitingLogs = 1_000;

/**
 * Drains the recorder into Application Insights: spans and metrics, and the warnings and errors of the log, which from now
 * on are not printed. The client has providers of its own: it collects nothing by itself, and what the host exports
 * (requests, printed lines) is not exported again.
 * @see https://github.com/microsoft/ApplicationInsights-node.js
 */
export function startInsightsExport(options: InsightsOptions): { close(): Promise<void> } {
  const ids = createOwnIds();
  const client = createClient(options, ids);
  const waiting: LogRecord[] = [];
  const release = takeLogs((record) => {
    if (record.level === 'info' || waiting.length >= maxWaitingLogs) return false;
    waiting.push(record);
    return true;
  });
  const newSpans = readSpans();
  const drain = async () => {
    for (const record of waiting.splice(0)) ids.asLog(record, () => client.trackTrace(toTrace(record)));
    const { items, dropped } = newSpans();
    if (dropped > 0) log('warn', 'spans.dropped', { dropped });
    for (let first = 0; first < items.length; first += maxAtOnce) {
      for (const span of items.slice(first, first + maxAtOnce))
        ids.asSpan(span, () => client.trackDependency(toDependency(span)));
      if (items.length > maxAtOnce) await client.flush();
    }
  };
  let before: readonly Metric[] = [];
  const measure = () => {
    const { metrics } = snapshotMetrics();
    for (const value of metricChanges(before, metrics)) client.trackMetric({ ...value, properties: { ...value.properties } });
    before = metrics;
  };
  let under: Promise<void> = Promise.resolve();
  const timers = [
    setInterval(() => {
      under = under.then(drain);
    }, spansEveryMs),
    setInterval(measure, options.metricsEveryMs),
  ];
  for (const timer of timers) timer.unref();
  const finish = async () => {
    await under.then(drain);
    measure();
    await client.flush();
    await client.shutdown();
  };
  return {
    async close() {
      timers.forEach(clearInterval);
      release();
      // An ingestion that is away must not hold up the end of the process.
      await Promise.race([finish(), sleep(closeWithinMs)]);
    },
  };
}

function createClient(options: InsightsOptions, ids: OwnIds): TelemetryClient {
  const { connectionString, authentication, service, instance } = options;
  const client = new TelemetryClient(connectionString, { useGlobalProviders: false });
  const attributes = { 'service.name': service, 'service.instance.id': instance };
  client.config.azureMonitorOpenTelemetryOptions = {
    azureMonitorExporterOptions: {
      connectionString,
      // What cannot be sent is lost, not left on a disk.
      disableOfflineStorage: true,
      ...(authentication === undefined ? {} : { credential: createAzureCredential(clientIdOf(authentication)) }),
    },
    resource: resourceOf(attributes),
    spanProcessors: [ids.spanProcessor],
    logRecordProcessors: [ids.logRecordProcessor],
  };
  client.initialize();
  return client;
}

/** The little that the SDK asks of a resource. */
function resourceOf(attributes: Readonly<Record<string, string>>) {
  return {
    attributes,
    asyncAttributesPending: false,
    merge: () => resourceOf(attributes),
    getRawAttributes: () => Object.entries(attributes),
  };
}

function clientIdOf(authentication: string): string | undefined {
  return /(?:^|;)\s*ClientId=([^;\s]+)/i.exec(authentication)?.[1];
}

function toDependency({ name, startedAt, endedAt, failed, attributes }: FinishedSpan) {
  return {
    name,
    dependencyTypeName: 'InProc',
    data: '',
    time: new Date(startedAt),
    duration: endedAt - startedAt,
    resultCode: failed ? '1' : '0',
    success: !failed,
    properties: texts(attributes),
  };
}

function toTrace({ level, event, fields }: LogRecord) {
  return { message: event, severity: level === 'error' ? 'Error' : 'Warning', properties: texts(fields) };
}

function texts(fields: LogFields): Record<string, string> {
  return Object.fromEntries(
    Object.entries(fields).flatMap(([name, value]) => (value === undefined ? [] : [[name, String(value)]])),
  );
}
