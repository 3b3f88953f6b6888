import { DateTime, Interval } from 'luxon';
import { AppError } from '../../core/errors.ts';

// A year of a calendar is more than a chat can show.
const longestDays = 62;

/** Two instants, as ISO 8601 with the offset of the zone. */
export interface InstantRange {
  readonly start: string;
  readonly end: string;
}

/**
 * The instants that a range means in a zone. A date alone is its whole day: as an end, through the day's last moment.
 * @throws {AppError} `invalid-input` for what is no date, an end that is not after the start, or more than 62 days.
 */
export function parseTimeRange(range: { start: string; end: string }, timeZone: string): InstantRange {
  const start = parseLocal(range.start, timeZone);
  const isWholeDay = /^\d{4}-\d{2}-\d{2}$/.test(range.end);
  const end = isWholeDay ? parseLocal(range.end, timeZone).plus({ days: 1 }) : parseLocal(range.end, timeZone);
  if (end <= start) throw new AppError('invalid-input', 'The end of the range must be after its start');
  if (Interval.fromDateTimes(start, end).length('days') > longestDays) {
    throw new AppError('invalid-input', `A range may span at most ${longestDays} days`);
  }
  return { start: toIso(start), end: toIso(end) };
}

/**
 * Reads an ISO 8601 date or date and time; without an offset it is local to `timeZone`.
 * @throws {AppError} `invalid-input`.
 */
export function parseLocal(text: string, timeZone: string): DateTime<true> {
  const parsed = DateTime.fromISO(text, { zone: timeZone, setZone: false });
  if (parsed.isValid) return parsed;
  throw new AppError('invalid-input', 'A time must be ISO 8601, like 2026-12-01T15:00');
}

function toIso(time: DateTime<true>): string {
  return time.toISO({ suppressMilliseconds: true });
}
