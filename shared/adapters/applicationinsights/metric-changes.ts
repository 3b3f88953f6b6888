import { durationBounds, keyOf, percentile, type HistogramPoint, type Metric } from '../../telemetry/index.ts';

/** One value as Application Insights keeps it. */
export interface MetricValue {
  readonly name: string;
  readonly value: number;
  readonly properties: Readonly<Record<string, string>>;
}

type Snapshot = readonly Metric[];

/**
 * What came since the snapshot before: counters by how much they grew, gauges as they stand, and of a histogram, which
 * Application Insights keeps no buckets of, the count and three percentiles.
 */
export function metricChanges(before: Snapshot, now: Snapshot): MetricValue[] {
  return now.flatMap((metric) => {
    if (metric.kind === 'gauge')
      return metric.points.map(({ attributes, value }) => ({ name: metric.name, value, properties: attributes }));
    const earlier = before.find(({ name }) => name === metric.name);
    return metric.kind === 'counter'
      ? counterChanges(earlier?.kind === 'counter' ? earlier : undefined, metric)
      : histogramChanges(earlier?.kind === 'histogram' ? earlier : undefined, metric);
  });
}

type Numbers = Extract<Metric, { kind: 'counter' }>;
type Histograms = Extract<Metric, { kind: 'histogram' }>;

function counterChanges(before: Numbers | undefined, { name, points }: Numbers): MetricValue[] {
  return points.flatMap(({ attributes, value }) => {
    const grown = value - (samePoint(before?.points, attributes)?.value ?? 0);
    return grown > 0 ? [{ name, value: grown, properties: attributes }] : [];
  });
}

function histogramChanges(before: Histograms | undefined, { name, points }: Histograms): MetricValue[] {
  return points.flatMap((point) => {
    const { count, buckets } = since(samePoint(before?.points, point.attributes), point);
    if (count === 0) return [];
    const of = (share: number) => percentile({ bounds: durationBounds, buckets, max: point.max }, share);
    const values = { count, p50: of(0.5), p95: of(0.95), p99: of(0.99) };
    return Object.entries(values).map(([what, value]) => ({ name: `${name}.${what}`, value, properties: point.attributes }));
  });
}

function since(before: HistogramPoint | undefined, { count, buckets }: HistogramPoint) {
  return {
    count: count - (before?.count ?? 0),
    buckets: buckets.map((inBucket, index) => inBucket - (before?.buckets[index] ?? 0)),
  };
}

function samePoint<Point extends { attributes: Readonly<Record<string, string>> }>(
  points: readonly Point[] | undefined,
  attributes: Point['attributes'],
): Point | undefined {
  return points?.find((point) => keyOf(point.attributes) === keyOf(attributes));
}
