/** Where a step's bar stands, as parts of the lane: 0 to 1. */
export interface Bar {
  readonly from: number;
  readonly length: number;
}

interface Interval {
  readonly startedAt: number;
  readonly durationMs: number;
}

// A bell set for later may come after half a minute in which nothing happens: beside that, all else would be a dot.
const longestPauseMs = 1_000;

/** Draws intervals to one scale of time from which longer pauses are cut out. */
export function createLanes(intervals: readonly Interval[]) {
  const pauses: { readonly from: number; readonly lengthMs: number }[] = [];
  let end = Infinity;
  for (const { startedAt, durationMs } of intervals.toSorted((a, b) => a.startedAt - b.startedAt)) {
    if (startedAt - end > longestPauseMs) pauses.push({ from: end, lengthMs: startedAt - end });
    end = Math.max(end === Infinity ? 0 : end, startedAt + durationMs);
  }
  const start = Math.min(...intervals.map(({ startedAt }) => startedAt));
  const place = (at: number) =>
    pauses.reduce((sum, { from, lengthMs }) => sum - Math.min(Math.max(0, at - from), lengthMs), at - start);
  const total = place(end);
  const part = (milliseconds: number) => (total > 0 ? Math.round((milliseconds / total) * 10_000) / 10_000 : 0);
  return {
    bar({ startedAt, durationMs }: Interval): Bar {
      const from = place(startedAt);
      return { from: part(from), length: part(place(startedAt + durationMs) - from) };
    },
    /** The pause that ended when this began; 0 where there was none. */
    pauseBefore: ({ startedAt }: Interval): number =>
      pauses.find(({ from, lengthMs }) => from + lengthMs === startedAt)?.lengthMs ?? 0,
  };
}

/** Milliseconds to a tenth. */
export const rounded = (milliseconds: number): number => Math.round(milliseconds * 10) / 10;
