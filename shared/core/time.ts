import { DateTime } from 'luxon';

/** An instant as a person in this zone would name it: ISO 8601 with offset, and the weekday in English. */
export function tellInstant(milliseconds: number, timeZone: string): { iso: string; weekday: string } {
  const time = DateTime.fromMillis(milliseconds, { zone: timeZone });
  return { iso: time.toISO({ suppressMilliseconds: true }) ?? '', weekday: time.toFormat('cccc', { locale: 'en' }) };
}
