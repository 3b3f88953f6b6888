/** Every metric by its name; docs/operations.md tells what to make of each. */
export const metricCatalogue = {
  'adjutant.webhook.duration': { kind: 'histogram', unit: 'ms' },
  'adjutant.turn.wait': { kind: 'histogram', unit: 'ms' },
  'adjutant.turn.duration': { kind: 'histogram', unit: 'ms' },
  'adjutant.model.duration': { kind: 'histogram', unit: 'ms' },
  'adjutant.tool.duration': { kind: 'histogram', unit: 'ms' },
  'adjutant.send.duration': { kind: 'histogram', unit: 'ms' },
  'adjutant.messages': { kind: 'counter', unit: '{message}' },
  'adjutant.model.tokens': { kind: 'counter', unit: '{token}' },
  'adjutant.errors': { kind: 'counter', unit: '{error}' },
  'adjutant.events': { kind: 'counter', unit: '{event}' },
  'adjutant.people.active': { kind: 'gauge', unit: '{person}' },
  'adjutant.due.depth': { kind: 'gauge', unit: '{document}' },
  'adjutant.due.conversations': { kind: 'gauge', unit: '{conversation}' },
  'adjutant.due.age': { kind: 'gauge', unit: 's' },
  'adjutant.postgres.connections': { kind: 'gauge', unit: '{connection}' },
  'adjutant.process.memory': { kind: 'gauge', unit: 'By' },
  'adjutant.process.cpu': { kind: 'counter', unit: 'ms' },
  'adjutant.process.event_loop_delay': { kind: 'gauge', unit: 'ms' },
} as const satisfies Record<string, { kind: 'histogram' | 'counter' | 'gauge'; unit: string }>;

export type MetricName = keyof typeof metricCatalogue;
type OfKind<Kind> = { [Name in MetricName]: (typeof metricCatalogue)[Name]['kind'] extends Kind ? Name : never }[MetricName];
export type HistogramName = OfKind<'histogram'>;
export type CounterName = OfKind<'counter'>;
export type GaugeName = OfKind<'gauge'>;

const firstBound = 1;
const lastBound = 600_000;
const step = 1.25;

/** Milliseconds, each a quarter more than the one before, up to ten minutes: a percentile read from them is off by a quarter at most. */
export const durationBounds: readonly number[] = Array.from(
  { length: Math.ceil(Math.log(lastBound / firstBound) / Math.log(step)) + 1 },
  (_, index) => Number((firstBound * step ** index).toPrecision(3)),
);
