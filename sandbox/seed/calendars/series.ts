import type { Day } from './day.ts';
import type { SeedEvent } from './event.ts';

/** What is on once a week: the event of its first day. */
export type Series = (day: Day) => SeedEvent;

/** One event that comes again each week, on that weekday. */
export function seriesOf(days: readonly Day[], { weekday, event: create }: { weekday: number; event: Series }): SeedEvent[] {
  const first = days.find((day) => day.weekday === weekday);
  const last = days.at(-1);
  return first && last ? [{ ...create(first), weeklyUntil: last.date }] : [];
}
