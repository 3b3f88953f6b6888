import type { DateTime } from 'luxon';
import { numberPattern, readNumber } from './duration.ts';

/** A stretch of time named as a whole. */
export interface Span {
  readonly start: DateTime;
  readonly end: DateTime;
  readonly part?: { readonly from: number; readonly to: number };
}

const partsOfDay: readonly [RegExp, { from: number; to: number }][] = [
  [/\b(?:(?:this|in the)\s+)?(?<!good )morning\b/i, { from: 6, to: 12 }],
  [/\b(?:(?:this|in the)\s+)?(?<!good )afternoon\b/i, { from: 12, to: 18 }],
  [/\btonight\b|\b(?:(?:this|in the)\s+)?(?<!good )evening\b/i, { from: 18, to: 24 }],
];

type Reader = (now: DateTime, match: RegExpExecArray) => { start: DateTime; end: DateTime } | undefined;

const whole =
  (unit: 'day' | 'week' | 'month', ahead = 0): Reader =>
  (now) => {
    const start = now.startOf(unit).plus({ [`${unit}s`]: ahead });
    return { start, end: start.plus({ [`${unit}s`]: 1 }) };
  };

const spans: readonly [RegExp, Reader][] = [
  [
    new RegExp(`\\b(?:in|over|for|within)?\\s*(?:the )?(?:next|coming) (${numberPattern}) (hour|day|week)s?\\b`, 'i'),
    (now, [, amount = '', unit = '']) => {
      const count = readNumber(amount);
      const end = count === undefined ? undefined : now.plus({ [`${unit.toLowerCase()}s`]: count });
      return end && { start: now, end: /hour/i.test(unit) ? end : end.endOf('day').plus(1) };
    },
  ],
  [/\bthe rest of (?:the|this) week\b/i, (now) => ({ start: now, end: now.endOf('week').plus(1) })],
  [/\bthe rest of (?:the day|today)\b/i, (now) => ({ start: now, end: now.endOf('day').plus(1) })],
  [/\b(?:in |during )?(?:the )?next week\b/i, whole('week', 1)],
  [/\b(?:in |during )?this week\b/i, whole('week')],
  [/\blast week\b/i, whole('week', -1)],
  [/\b(?:in |during )?(?:the )?next month\b/i, whole('month', 1)],
  [/\b(?:in |during )?this month\b/i, whole('month')],
  [
    /\b(?:this |on the |at the |the )?weekend\b/i,
    (now) => {
      const start = now.startOf('week').plus({ days: 5 });
      return { start, end: start.plus({ days: 2 }) };
    },
  ],
];

const weekdayOfWeek = /\b(?:mon|tue|wed|thu|fri|sat|sun)[a-z]*,?\s+(?:of\s+)?(?:next|this|last) week\b/i;

/** Reads `next week` and `this afternoon` and takes them out of the text. */
export function readSpan(text: string, now: DateTime): { span?: Span; part?: Span['part']; rest: string } {
  let rest = text;
  let span: Span | undefined;
  if (!weekdayOfWeek.test(rest)) {
    for (const [pattern, read] of spans) {
      const match = pattern.exec(rest);
      span = match ? read(now, match) : undefined;
      if (!match || !span) continue;
      rest = rest.replace(match[0], ' ');
      break;
    }
  }
  const found = partsOfDay.find(([pattern]) => pattern.test(rest));
  if (!found) return { ...(span ? { span } : {}), rest };
  const [pattern, part] = found;
  const isToday = /\bthis (?:morning|afternoon|evening)\b|\btonight\b/i.test(rest);
  // What is left must still say the day.
  rest = rest.replace(pattern, isToday ? 'today' : ' ');
  return { ...(span ? { span } : {}), part, rest };
}

/** Writes what chrono does not read in a way it reads. */
export function normaliseTimes(text: string, now: DateTime): string {
  return text
    .replace(
      /\b(at|to|until|from|by)\s+(one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve)\b(?:\s+o['’]clock)?/gi,
      wordHour,
    )
    .replace(/\bhalf past (\d{1,2}|[a-z]+)\b/gi, (_, hour: string) => `${digits(hour)}:30`)
    .replace(/\bquarter past (\d{1,2}|[a-z]+)\b/gi, (_, hour: string) => `${digits(hour)}:15`)
    .replace(/\bquarter to (\d{1,2}|[a-z]+)\b/gi, (_, hour: string) => `${Number(digits(hour)) - 1}:45`)
    .replace(/\b(\d{1,2})\s+o['’]clock\b/gi, '$1')
    .replace(
      /\b(at|from|to|until)\s+(\d{1,2})h(\d{2})?\b/gi,
      (...[, word, hour, minute]: string[]) => `${word} ${hour}:${minute ?? '00'}`,
    )
    .replace(/\bbetween\s+(.{1,20}?)\s+and\s+(?=\d|noon|mon|tue|wed|thu|fri|sat|sun|tomorrow)/gi, 'from $1 to ')
    .replace(
      /\b(?:on\s+)?the (\d{1,2})(?:st|nd|rd|th)\b(?!\s+of\b)(?!\s+(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec))/gi,
      (whole, day: string) => dayOfMonth(Number(day), now) ?? whole,
    );
}

function wordHour(_: string, word: string, hour: string): string {
  return `${word} ${digits(hour)}`;
}

function digits(hour: string): string {
  return String(readNumber(hour) ?? ({ eleven: 11, twelve: 12 } as Record<string, number>)[hour.toLowerCase()] ?? hour);
}

function dayOfMonth(day: number, now: DateTime): string | undefined {
  for (let months = 0; months < 12; months += 1) {
    const date = now.startOf('month').plus({ months }).set({ day });
    if (date.day === day && date >= now.startOf('day')) return `on ${date.setLocale('en').toFormat('d MMMM yyyy')}`;
  }
  return undefined;
}

/** Reads the zone of `3pm New York time` and takes it out of the text. */
export function readZone(text: string): { zone?: string; rest: string } {
  const found = /\s+((?:[A-Z][a-z]+ ){1,3})time\b/.exec(text);
  const zone = found?.[1] === undefined ? undefined : zoneOfCity(found[1].trim());
  return found && zone !== undefined ? { zone, rest: text.replace(found[0], ' ') } : { rest: text };
}

function zoneOfCity(city: string): string | undefined {
  return Intl.supportedValuesOf('timeZone').find((zone) => zone.split('/').at(-1)?.replaceAll('_', ' ') === city);
}
