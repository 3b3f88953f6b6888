/** A value that `share` of all lie below, read from a histogram's buckets: between two bounds it goes in a straight line, and never beyond `max`. */
export function percentile(
  { bounds, buckets, max }: { bounds: readonly number[]; buckets: readonly number[]; max: number },
  share: number,
): number {
  const wanted = share * buckets.reduce((sum, count) => sum + count, 0);
  let below = 0;
  for (const [index, count] of buckets.entries()) {
    if (count > 0 && below + count >= wanted) {
      const from = bounds[index - 1] ?? 0;
      const to = Math.max(from, Math.min(bounds[index] ?? max, max));
      return from + (to - from) * ((wanted - below) / count);
    }
    below += count;
  }
  return 0;
}
