import { en, type ParsedComponents, type ParsedResult } from 'chrono-node';
import { DateTime } from 'luxon';
import { omit } from '../../omit.ts';
import { readDuration } from './duration.ts';
import { emailPattern } from './email.ts';
import { normaliseTimes, readSpan, readZone, type Span } from './span.ts';

export interface TimeOfDay {
  readonly hour: number;
  readonly minute: number;
}

/** What a text says of time; a day and a time may come from different messages. All in the person's zone. */
export interface When {
  readonly day?: DateTime;
  readonly time?: TimeOfDay;
  readonly untilDay?: DateTime;
  readonly untilTime?: TimeOfDay;
  /** A moment that is complete of itself: `in two hours`, `15:00 UTC`. */
  readonly exact?: DateTime;
  /** `this week`, `the next three days`. */
  readonly span?: Span;
  readonly part?: Span['part'];
  readonly durationMinutes?: number;
  /** The zone of `3pm New York time`, where it is another than the person's. */
  readonly zone?: string;
  /** `after 3pm`, `before noon` */
  readonly bound?: 'after' | 'before';
}

export interface WhenRead {
  readonly when: When;
  /** The text without what was read as time. */
  readonly rest: string;
}

export function readWhen(text: string, now: DateTime): WhenRead {
  const duration = readDuration(maskLiterals(text));
  const normalised = normaliseTimes(duration.rest, now);
  const place = readZone(normalised);
  const span = readSpan(place.rest, now);
  const language = now.zoneName?.startsWith('America/') ? en.casual : en.GB;
  const found = language.parse(span.rest, { instant: now.toJSDate(), timezone: now.offset }, { forwardDate: true });
  const results = found.filter(({ start }) => isDay(start) || start.isCertain('hour'));
  const read = results.reduce<When>(
    (when, result) => joinDays(when, { ...boundOf(span.rest, result), ...readResult(result, now) }),
    {},
  );
  const when: When = {
    ...(span.span ? { span: span.span } : {}),
    ...(span.part ? { part: span.part } : {}),
    ...(place.zone === undefined ? {} : { zone: place.zone }),
    ...(duration.minutes === undefined ? {} : { durationMinutes: duration.minutes }),
    ...read,
  };
  return { when: inPart(when), rest: unmask(cut(span.rest, results), text) };
}

/** What a later message says goes before what an earlier one said. */
export function mergeWhen(earlier: When, later: When): When {
  const kept = omit(earlier, 'exact', 'span');
  const saysDay = later.day ?? later.exact ?? later.span;
  return saysDay || later.time ? { ...(saysDay ? kept : earlier), ...later } : { ...earlier, ...later };
}

function readResult({ start, end, text }: ParsedResult, now: DateTime): When {
  if (start.isCertain('timezoneOffset')) {
    const exact = DateTime.fromJSDate(start.date()).setZone(now.zone);
    return { exact };
  }
  return {
    ...(isDay(start) ? { day: dayOf(start, now) } : {}),
    ...(start.isCertain('hour') ? { time: timeOf(start, text) } : {}),
    ...(end && isDay(end) && namesBothDays(text, end) ? { untilDay: dayOf(end, now) } : {}),
    ...(end?.isCertain('hour') ? { untilTime: timeOf(end, text) } : {}),
  };
}

/** `after 3pm`, `before noon`: the word stands before what chrono reads, or within it. */
function boundOf(text: string, { index, start, text: found }: ParsedResult): When {
  if (!start.isCertain('hour')) return {};
  const said = /\b(after|before)\s+$/i.exec(text.slice(0, index)) ?? /(?<!\bday )\b(after|before)\b/i.exec(found);
  const word = said?.[1]?.toLowerCase();
  return word === 'after' || word === 'before' ? { bound: word } : {};
}

/** `today and tomorrow` is from the one to the other. */
function joinDays(earlier: When, later: When): When {
  if (!earlier.day || !later.day || later.time || later.untilDay) return { ...earlier, ...later };
  const [first, last] = earlier.day < later.day ? [earlier.day, later.day] : [later.day, earlier.day];
  return earlier.time ? { ...earlier, ...later } : { ...earlier, ...later, day: first, untilDay: last };
}

function isDay(components: ParsedComponents): boolean {
  return components.isCertain('day') || components.isCertain('weekday');
}

const dayWord =
  /\b(?:mon|tue|wed|thu|fri|sat|sun|jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec|today|tomorrow)|\d{1,2}[/.]\d{1,2}|\d{4}-\d\d/gi;

/** `from 11 to 1 on Monday` is one day, though chrono lets it end on Tuesday. */
function namesBothDays(text: string, end: ParsedComponents): boolean {
  return !end.isCertain('hour') || (text.match(dayWord) ?? []).length > 1;
}

function dayOf(components: ParsedComponents, now: DateTime): DateTime {
  const get = (name: 'year' | 'month' | 'day') => components.get(name) ?? now[name];
  return DateTime.fromObject({ year: get('year'), month: get('month'), day: get('day') }, { zone: now.zone });
}

/** `at 3` of a working day is the afternoon; `at 03:00` and `at 3am` are what they say. */
function timeOf(components: ParsedComponents, text: string): TimeOfDay {
  const hour = components.get('hour') ?? 0;
  const said = components.isCertain('meridiem') || /\b0\d/.test(text);
  return { hour: !said && hour >= 1 && hour < 7 ? hour + 12 : hour, minute: components.get('minute') ?? 0 };
}

/** `at 8 in the evening`. */
function inPart(when: When): When {
  const { part, time } = when;
  return part && time && part.from >= 12 && time.hour < 12 ? { ...when, time: { ...time, hour: time.hour + 12 } } : when;
}

function cut(text: string, results: readonly ParsedResult[]): string {
  return [...results]
    .reverse()
    .reduce(
      (rest, { index, text: found }) =>
        `${rest.slice(0, index).replace(/\b(?:on|at|for|by|from|starting)\s*$/i, '')} ${rest.slice(index + found.length)}`,
      text,
    );
}

const literals = new RegExp(`"[^"]*"|“[^”]*”|${emailPattern.source}`, 'g');

/** Quotations and addresses hold no dates: each becomes one sign of the private area, put back afterwards. */
function maskLiterals(text: string): string {
  let count = 0;
  return text.replace(literals, () => String.fromCodePoint(0xe000 + count++));
}

function unmask(masked: string, original: string): string {
  const found = [...original.matchAll(literals)].map(([literal]) => literal);
  return masked
    .replace(/[\uE000-\uE0FF]/g, (sign) => found[(sign.codePointAt(0) ?? 0) - 0xe000] ?? '')
    .replace(/\s+/g, ' ')
    .trim();
}
