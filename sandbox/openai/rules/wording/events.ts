import type { DateTime } from 'luxon';
import { isObject } from '../../wire/strict-schema.ts';
import type { WordingContext } from '../intent.ts';
import { rangeName } from './days.ts';
import { instantIn, listIn, readEvent, type ReadEvent } from './shape.ts';

/** A calendar as short lines, grouped by day where there is more than one. */
export function wordEvents(result: unknown, { now, arguments: asked, question }: WordingContext): string | undefined {
  const list = listIn(result);
  if (!list) return undefined;
  const events = list.flatMap((item) => readEvent(item, now) ?? []);
  if (events.length < list.length) return undefined;
  const range = askedRange(asked, now);
  const when = range ? ` ${rangeName(range, now)}` : '';
  if (events.length === 0) return `Nothing on your calendar${when}.`;
  const more = isObject(result) && (result.more === true || result.truncated === true) ? '\nThere is more than this.' : '';
  if (/\bam i (?:free|available)\b/i.test(question))
    return `You are not free all of the time${when}:\n${lines(events).join('\n')}${more}`;
  return `On your calendar${when}:\n${lines(events).join('\n')}${more}`;
}

/** `• 09:30–10:00 Stand-up (Room 1)` */
export function lines(events: readonly ReadEvent[]): string[] {
  const days = Map.groupBy(events, ({ start }) => start.setLocale('en-GB').toFormat('ccc d LLL'));
  if (days.size === 1) return events.map(line);
  return [...days].flatMap(([day, ofDay]) => [`${day}:`, ...ofDay.map(line)]);
}

function line({ start, end, subject, isAllDay, location }: ReadEvent): string {
  const until = end ? `–${end.hasSame(start, 'day') ? end.toFormat('HH:mm') : end.setLocale('en-GB').toFormat('ccc HH:mm')}` : '';
  const time = isAllDay ? 'All day' : `${start.toFormat('HH:mm')}${until}`;
  return `• ${time} ${subject}${location === undefined ? '' : ` (${location})`}`;
}

function askedRange(asked: Readonly<Record<string, unknown>>, now: DateTime): { start: DateTime; end: DateTime } | undefined {
  const range = Object.values(asked).find(isObject) ?? asked;
  const instants = Object.values(range).flatMap((value) => instantIn(value, now) ?? []);
  const [start, end] = instants;
  return start && end ? { start, end } : undefined;
}
