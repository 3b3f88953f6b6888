import {
  durationBounds,
  metricCatalogue,
  type CounterName,
  type GaugeName,
  type HistogramName,
  type MetricName,
} from './metric-catalogue.ts';
import { redact } from './redact.ts';

/** Codes and names of ours; never text, names or numbers of people. */
export type MetricAttributes = Readonly<Record<string, string | undefined>>;

interface Labelled {
  readonly attributes: Readonly<Record<string, string>>;
}
export interface NumberPoint extends Labelled {
  readonly value: number;
}
export interface HistogramPoint extends Labelled {
  readonly count: number;
  readonly sum: number;
  readonly min: number;
  readonly max: number;
  /** How many fell up to each bound and beyond the one before; the last, beyond all. */
  readonly buckets: readonly number[];
}

interface Named {
  readonly name: MetricName;
  readonly unit: string;
}
/** A metric as an exporter takes it: since the process began, for counters and histograms. */
export type Metric =
  | (Named & { readonly kind: 'counter'; readonly points: readonly NumberPoint[] })
  | (Named & { readonly kind: 'gauge'; readonly points: readonly NumberPoint[] })
  | (Named & { readonly kind: 'histogram'; readonly points: readonly HistogramPoint[] });

/** What a callback reads at the moment of an export. */
type Read = () => number | readonly { readonly value: number; readonly attributes: MetricAttributes }[];

type MutableHistogram = { -readonly [Key in keyof HistogramPoint]: HistogramPoint[Key] } & { buckets: number[] };

// Attributes come from closed sets; should one not, it costs no memory without bound.
const maxSeries = 200;
const maxLabelChars = 64;

const startedAt = Date.now();
const numbers = new Map<MetricName, Map<string, NumberPoint & { value: number }>>();
const histograms = new Map<MetricName, Map<string, MutableHistogram>>();
const callbacks = new Map<CounterName | GaugeName, Set<Read>>();

/** Counts up. */
export function count(name: CounterName, attributes: MetricAttributes = {}, by = 1): void {
  const which = { name, attributes: labelled(attributes) };
  seriesOf(numbers, which, (given) => ({ attributes: given, value: 0 })).value += by;
}

/** Keeps the last value of what is looked at now and then. */
export function keep(name: GaugeName, value: number): void {
  seriesOf(numbers, { name, attributes: {} }, (attributes) => ({ attributes, value })).value = value;
}

/** Adds one measured value. */
export function measure(name: HistogramName, value: number, attributes: MetricAttributes = {}): void {
  const point = seriesOf(histograms, { name, attributes: labelled(attributes) }, emptyHistogram);
  point.count += 1;
  point.sum += value;
  point.min = Math.min(point.min, value);
  point.max = Math.max(point.max, value);
  const found = durationBounds.findIndex((bound) => value <= bound);
  const index = found < 0 ? durationBounds.length : found;
  point.buckets[index] = (point.buckets[index] ?? 0) + 1;
}

/** Reads a value whenever metrics are exported, until it is stopped by what is answered. */
export function observe(name: CounterName | GaugeName, read: Read): () => void {
  const reads = callbacks.get(name) ?? new Set();
  callbacks.set(name, reads.add(read));
  return () => void reads.delete(read);
}

/** All metrics as they are now; those without a value are left out. */
export function snapshotMetrics(): { readonly startedAt: number; readonly at: number; readonly metrics: readonly Metric[] } {
  const metrics = (Object.keys(metricCatalogue) as MetricName[]).map((name): Metric => {
    const { kind, unit } = metricCatalogue[name];
    if (kind === 'histogram')
      return {
        kind,
        name,
        unit,
        points: [...(histograms.get(name)?.values() ?? [])].map((point) => ({ ...point, buckets: [...point.buckets] })),
      };
    const counted = [...(numbers.get(name)?.values() ?? [])].map((point) => ({ ...point }));
    return { kind, name, unit, points: [...counted, ...observed(name as CounterName | GaugeName)] };
  });
  return { startedAt, at: Date.now(), metrics: metrics.filter(({ points }) => points.length > 0) };
}

function observed(name: CounterName | GaugeName): NumberPoint[] {
  return [...(callbacks.get(name) ?? [])].flatMap((read) => {
    const given = readSafely(read);
    const points = typeof given === 'number' ? [{ value: given, attributes: {} }] : given;
    return points.map(({ value, attributes }) => ({ value, attributes: labelled(attributes) }));
  });
}

/** What is looked at may be closed or broken: that is no reason for the others to be missing. */
function readSafely(read: Read): ReturnType<Read> {
  try {
    return read();
  } catch {
    return [];
  }
}

function seriesOf<Point>(
  all: Map<MetricName, Map<string, Point>>,
  which: { name: MetricName; attributes: Labelled['attributes'] },
  make: (attributes: Labelled['attributes']) => Point,
): Point {
  const series = all.get(which.name) ?? new Map<string, Point>();
  all.set(which.name, series);
  const isFull = series.size >= maxSeries && !series.has(keyOf(which.attributes));
  const attributes = isFull ? { other: 'true' } : which.attributes;
  const point = series.get(keyOf(attributes)) ?? make(attributes);
  series.set(keyOf(attributes), point);
  return point;
}

function emptyHistogram(attributes: Labelled['attributes']): MutableHistogram {
  const buckets = Array.from({ length: durationBounds.length + 1 }, () => 0);
  return { attributes, count: 0, sum: 0, min: Infinity, max: 0, buckets };
}

/** Tells series apart. */
export function keyOf(attributes: Labelled['attributes']): string {
  return JSON.stringify(Object.entries(attributes).sort(([a], [b]) => a.localeCompare(b)));
}

/** A label is a code of ours: whatever else has found its way here is not told. */
function labelled(attributes: MetricAttributes): Record<string, string> {
  return Object.fromEntries(
    Object.entries(attributes).flatMap(([name, value]) => {
      if (value === undefined) return [];
      const isCode = value.length <= maxLabelChars && /^[\w.:/-]+$/.test(value) && redact(value) === value;
      return [[name, isCode ? value : 'other']];
    }),
  );
}
