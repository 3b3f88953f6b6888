import { DateTime } from 'luxon';
import { ianaZone, instantOf, localFormat } from '../time.ts';
import type { EventItem, Recurrence, StoredEvent } from './model.ts';

const weekdays = ['monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday', 'sunday'];
const weekdayOf = (day: DateTime) => weekdays[day.weekday - 1] ?? '';
// A series without an end is looked at for ten years.
const longestDays = 3_660;

/** The dates of a series from its start to `last`, both as `yyyy-MM-dd`. */
export function datesOf({ pattern, range }: Recurrence, last: string): string[] {
  const start = DateTime.fromISO(range.startDate, { zone: 'utc' });
  const end = range.type === 'endDate' && range.endDate < last ? range.endDate : last;
  const dates: string[] = [];
  for (let offset = 0; offset < longestDays; offset += 1) {
    const day = start.plus({ days: offset });
    const date = day.toFormat('yyyy-MM-dd');
    if (date > end || (range.type === 'numbered' && dates.length >= range.numberOfOccurrences)) break;
    if (occursOn(pattern, start, day)) dates.push(date);
  }
  return dates;
}

function occursOn(pattern: Recurrence['pattern'], start: DateTime, day: DateTime): boolean {
  const months = (day.year - start.year) * 12 + day.month - start.month;
  switch (pattern.type) {
    case 'daily':
      return Math.round(day.diff(start, 'days').days) % pattern.interval === 0;
    case 'weekly':
      return (
        pattern.daysOfWeek.includes(weekdayOf(day)) && weeksBetween(pattern.firstDayOfWeek, start, day) % pattern.interval === 0
      );
    case 'absoluteMonthly':
      return months % pattern.interval === 0 && isDayOfMonth(day, pattern.dayOfMonth);
    case 'relativeMonthly':
      return months % pattern.interval === 0 && isNthOfMonth(pattern, day);
    case 'absoluteYearly':
      return (
        day.month === pattern.month && (day.year - start.year) % pattern.interval === 0 && isDayOfMonth(day, pattern.dayOfMonth)
      );
    case 'relativeYearly':
      return day.month === pattern.month && (day.year - start.year) % pattern.interval === 0 && isNthOfMonth(pattern, day);
  }
}

function weeksBetween(firstDayOfWeek: string, start: DateTime, day: DateTime): number {
  const first = weekdays.indexOf(firstDayOfWeek) + 1;
  const weekStart = (date: DateTime) => date.minus({ days: (date.weekday - first + 7) % 7 });
  return Math.round(weekStart(day).diff(weekStart(start), 'weeks').weeks);
}

/** The 31st of a shorter month is its last day, as in Outlook. */
const isDayOfMonth = (day: DateTime, dayOfMonth: number) => day.day === Math.min(dayOfMonth, day.daysInMonth ?? dayOfMonth);

function isNthOfMonth({ daysOfWeek, index }: Recurrence['pattern'], day: DateTime): boolean {
  if (!daysOfWeek.includes(weekdayOf(day))) return false;
  const fitting = Array.from({ length: day.daysInMonth ?? 31 }, (_, offset) => day.set({ day: offset + 1 })).filter((candidate) =>
    daysOfWeek.includes(weekdayOf(candidate)),
  );
  const wanted = index === 'last' ? fitting.at(-1) : fitting[['first', 'second', 'third', 'fourth'].indexOf(index)];
  return wanted?.day === day.day;
}

/** One date of a series with its differences laid over; undefined where the plan has none or it was taken out. */
export function occurrenceOf(series: StoredEvent, date: string): EventItem | undefined {
  const { recurrence } = series;
  if (!recurrence || series.removedDates.includes(date)) return undefined;
  return datesOf(recurrence, date).includes(date) ? toItem(series, date) : undefined;
}

function toItem(series: StoredEvent, date: string): EventItem {
  const zone = ianaZone(series.start.timeZone);
  const local = ({ dateTime }: { dateTime: string }) => DateTime.fromISO(dateTime, { zone: 'utc' });
  const start = `${date}T${series.start.dateTime.slice(11)}`;
  const length = local(series.end).diff(local(series.start));
  const plan = {
    start: { ...series.start, dateTime: start },
    end: { ...series.end, dateTime: local({ dateTime: start }).plus(length).toFormat(localFormat) },
  };
  const overlay = series.exceptions[date];
  return {
    ...series,
    ...plan,
    ...overlay,
    recurrence: null,
    type: overlay ? 'exception' : 'occurrence',
    date,
    plannedStart: DateTime.fromISO(start, { zone }).toMillis(),
  };
}

export interface Window {
  /** Milliseconds since 1970; an event that touches the window from outside is not in it. */
  readonly from: number;
  readonly to: number;
}

/** The occurrences of a series in a window, exceptions where they were moved to. */
export function occurrencesIn(series: StoredEvent, window: Window, zone: string): EventItem[] {
  if (!series.recurrence) return [];
  const last = DateTime.fromMillis(window.to, { zone: 'utc' }).plus({ days: 1 }).toFormat('yyyy-MM-dd');
  const moved = Object.keys(series.exceptions);
  const lastDate = [last, ...moved].sort().at(-1) ?? last;
  return datesOf(series.recurrence, lastDate)
    .filter((date) => !series.removedDates.includes(date))
    .map((date) => toItem(series, date))
    .filter((item) => overlaps(item, window, zone));
}

/** All-day events float: they are days of the mailbox's own zone, wherever they were made. */
export const beginOf = (item: StoredEvent, zone: string) =>
  instantOf(item.isAllDay ? { ...item.start, timeZone: zone } : item.start);
export const endOf = (item: StoredEvent, zone: string) => instantOf(item.isAllDay ? { ...item.end, timeZone: zone } : item.end);

export function overlaps(item: StoredEvent, { from, to }: Window, zone: string): boolean {
  const [begin, end] = [beginOf(item, zone), endOf(item, zone)];
  return begin === end ? begin >= from && begin < to : begin < to && end > from;
}
