import type { DateTime } from 'luxon';
import type { TimeOfDay, When } from './when.ts';

export interface Range {
  readonly start: DateTime;
  readonly end: DateTime;
}

/** The stretch of time that a text asks about; undefined when it names none. */
export function rangeOf(when: When, now: DateTime): Range | undefined {
  const { exact, span } = when;
  if (exact) return { start: exact, end: endAfter(exact, when) ?? exact.endOf('day').plus(1) };
  if (span && when.day === undefined) return span;
  if (when.day === undefined && when.time === undefined && when.part === undefined) return undefined;
  const day = when.day ?? now.startOf('day');
  if (when.time && when.untilTime) {
    const start = at(day, when.time, when.zone);
    return { start, end: endAfter(start, when) ?? start.plus({ hours: 1 }) };
  }
  if (when.part) return { start: day.plus({ hours: when.part.from }), end: day.plus({ hours: when.part.to }) };
  if (when.time) return aroundTime(at(day, when.time, when.zone), when);
  return { start: day, end: (when.untilDay ?? day).plus({ days: 1 }) };
}

function aroundTime(time: DateTime, when: When): Range {
  if (when.bound === 'before') return { start: time.startOf('day'), end: time };
  if (when.bound === 'after') return { start: time, end: time.endOf('day').plus(1) };
  return { start: time, end: time.plus({ minutes: when.durationMinutes ?? 60 }) };
}

export type Start = { readonly at: DateTime } | { readonly missing: 'day' | 'time' | 'when' };

/** The moment at which something is to begin, or what is still to be asked. A time alone is the next such time. */
export function startOf(when: When, now: DateTime): Start {
  if (when.exact) return { at: when.exact };
  if (when.day && when.time) return { at: at(when.day, when.time, when.zone) };
  if (when.time && when.span) return { missing: 'day' };
  if (when.time) {
    const today = at(now, when.time, when.zone);
    return { at: today > now ? today : at(now.plus({ days: 1 }), when.time, when.zone) };
  }
  if (when.span && !when.day) return { missing: 'day' };
  return { missing: when.day || when.part ? 'time' : 'when' };
}

/** When something that begins at `start` ends, where the text says so. */
export function endAfter(start: DateTime, when: When): DateTime | undefined {
  if (when.untilTime) {
    const end = at(when.untilDay ?? start, when.untilTime, when.zone);
    // `from 11 to 1`
    return end > start ? end : end.plus({ hours: 12 });
  }
  return when.durationMinutes === undefined ? undefined : start.plus({ minutes: when.durationMinutes });
}

function at(day: DateTime, { hour, minute }: TimeOfDay, zone = day.zoneName): DateTime {
  return day
    .startOf('day')
    .setZone(zone ?? 'utc', { keepLocalTime: true })
    .set({ hour, minute })
    .setZone(day.zone);
}
