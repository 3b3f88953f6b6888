import { DateTime } from 'luxon';
import { isObject } from '../../wire/strict-schema.ts';

/** The one list in a result, whatever it is called. */
export function listIn(value: unknown): unknown[] | undefined {
  if (Array.isArray(value)) return value as unknown[];
  if (!isObject(value)) return undefined;
  return Object.values(value).find((each) => Array.isArray(each));
}

export interface ReadEvent {
  readonly subject: string;
  readonly start: DateTime;
  readonly end: DateTime | undefined;
  readonly isAllDay: boolean;
  readonly location: string | undefined;
}

/** An event by what such objects have in common; undefined where it has no start. */
export function readEvent(item: unknown, now: DateTime): ReadEvent | undefined {
  if (!isObject(item)) return undefined;
  const start = instantIn(item.start ?? item.startsAt ?? item.startTime, now);
  if (!start) return undefined;
  const subject = [item.subject, item.title, item.name, item.summary].find((each) => typeof each === 'string' && each !== '');
  const place = isObject(item.location) ? item.location.displayName : item.location;
  return {
    subject: typeof subject === 'string' ? subject : '(no subject)',
    start,
    end: instantIn(item.end ?? item.endsAt ?? item.endTime, now),
    isAllDay: item.isAllDay === true || item.allDay === true,
    location: typeof place === 'string' && place !== '' ? place : undefined,
  };
}

/** An instant written as text, or as `{dateTime, timeZone}`; without an offset it is the person's local time. */
export function instantIn(value: unknown, now: DateTime): DateTime | undefined {
  const text = isObject(value) ? value.dateTime : value;
  if (typeof text !== 'string') return undefined;
  const zone = isObject(value) && typeof value.timeZone === 'string' ? value.timeZone : now.zoneName;
  const read = DateTime.fromISO(text, { zone: zone ?? 'utc' });
  return read.isValid ? read.setZone(now.zone) : undefined;
}
