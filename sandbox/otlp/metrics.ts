import { z } from 'zod';
import { Attributes, Nanoseconds, textsOf } from './values.ts';

const Count = z.string().regex(/^\d+$/).transform(Number);
const Point = z.object({ attributes: Attributes, startTimeUnixNano: Nanoseconds.optional(), timeUnixNano: Nanoseconds });
const NumberPoint = Point.extend({ asDouble: z.number().optional(), asInt: Count.optional() }).transform(
  ({ attributes, asDouble, asInt }) => ({ attributes, value: asDouble ?? asInt ?? 0 }),
);
const HistogramPoint = Point.extend({
  count: Count,
  sum: z.number(),
  min: z.number().optional(),
  max: z.number().optional(),
  bucketCounts: z.array(Count),
  explicitBounds: z.array(z.number()),
}).check(({ value: { count, bucketCounts, explicitBounds }, issues, value }) => {
  const told = [
    ...(bucketCounts.length === explicitBounds.length + 1 ? [] : ['there is one bucket more than bounds']),
    ...(explicitBounds.every((bound, index) => index === 0 || bound > (explicitBounds[index - 1] ?? 0)) ? [] : ['bounds rise']),
    ...(bucketCounts.reduce((sum, one) => sum + one, 0) === count ? [] : ['the buckets hold as many as are counted']),
  ];
  for (const message of told) issues.push({ code: 'custom', message, input: value });
});

// AGGREGATION_TEMPORALITY_CUMULATIVE: what is kept of each series is its last point.
const Cumulative = z.literal(2);
const OtlpMetric = z.object({
  name: z.string().regex(/^[A-Za-z][\w./-]{0,254}$/),
  unit: z.string().max(63).default(''),
  gauge: z.object({ dataPoints: z.array(NumberPoint) }).optional(),
  sum: z.object({ aggregationTemporality: Cumulative, isMonotonic: z.boolean(), dataPoints: z.array(NumberPoint) }).optional(),
  histogram: z.object({ aggregationTemporality: Cumulative, dataPoints: z.array(HistogramPoint) }).optional(),
});

/** The part of `ExportMetricsServiceRequest` that is read; exponential histograms, summaries and deltas are not played. */
export const ExportMetricsServiceRequest = z.object({
  resourceMetrics: z.array(
    z.object({
      resource: z.object({ attributes: Attributes }),
      scopeMetrics: z.array(z.object({ metrics: z.array(OtlpMetric) })),
    }),
  ),
});

/** The last state of one series of one process. */
export interface CollectedMetric {
  readonly name: string;
  readonly unit: string;
  /** `service.instance.id` of who exported it. */
  readonly instance: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly kind: 'gauge' | 'sum' | 'histogram';
  /** The value; of a histogram, the sum. */
  readonly value: number;
  readonly histogram?: { readonly count: number; readonly p50: number; readonly p95: number; readonly p99: number };
}

export function readMetrics({ resourceMetrics }: z.infer<typeof ExportMetricsServiceRequest>): CollectedMetric[] {
  return resourceMetrics.flatMap(({ resource, scopeMetrics }) => {
    const instance = textsOf(resource.attributes)['service.instance.id'] ?? '';
    return scopeMetrics.flatMap(({ metrics }) => metrics.flatMap((metric) => readMetric(metric, instance)));
  });
}

function readMetric({ name, unit, gauge, sum, histogram }: z.infer<typeof OtlpMetric>, instance: string): CollectedMetric[] {
  const common = (attributes: z.infer<typeof Attributes>) => ({ name, unit, instance, attributes: textsOf(attributes) });
  const numbers = (kind: 'gauge' | 'sum', points: readonly z.infer<typeof NumberPoint>[] = []) =>
    points.map(({ attributes, value }): CollectedMetric => ({ ...common(attributes), kind, value }));
  const histograms = (histogram?.dataPoints ?? []).map((point): CollectedMetric => ({
    ...common(point.attributes),
    kind: 'histogram',
    value: point.sum,
    histogram: { count: point.count, p50: lies(point, 0.5), p95: lies(point, 0.95), p99: lies(point, 0.99) },
  }));
  return [...numbers('gauge', gauge?.dataPoints), ...numbers('sum', sum?.dataPoints), ...histograms];
}

/** Where that share of the values lies below: within its bucket as if they were spread evenly. */
function lies({ count, bucketCounts, explicitBounds, max = Infinity }: z.infer<typeof HistogramPoint>, share: number): number {
  let before = 0;
  for (const [index, inBucket] of bucketCounts.entries()) {
    if (inBucket > 0 && before + inBucket >= share * count) {
      const low = explicitBounds[index - 1] ?? 0;
      const upper = Math.min(explicitBounds[index] ?? Infinity, max);
      const high = Number.isFinite(upper) ? Math.max(low, upper) : low;
      return low + ((share * count - before) / inBucket) * (high - low);
    }
    before += inBucket;
  }
  return 0;
}
