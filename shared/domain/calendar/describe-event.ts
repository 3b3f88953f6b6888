import { DateTime } from 'luxon';

/** `Sun 22 Nov 2026, 15:00–15:30 (Europe/Lisbon)`: when an event is, in words that cannot be mistaken. */
export function describeWhen(event: { start: string; end: string; isAllDay: boolean }, timeZone: string): string {
  const [start, end] = [DateTime.fromISO(event.start, { zone: timeZone }), DateTime.fromISO(event.end, { zone: timeZone })];
  const day = (time: DateTime) => time.toFormat('ccc d LLL yyyy', { locale: 'en-GB' });
  if (event.isAllDay) return `${day(start)}, all day`;
  const until = start.hasSame(end, 'day') ? end.toFormat('HH:mm') : `${day(end)}, ${end.toFormat('HH:mm')}`;
  return `${day(start)}, ${start.toFormat('HH:mm')}–${until} (${timeZone})`;
}
