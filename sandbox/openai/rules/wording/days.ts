import type { DateTime } from 'luxon';

/** `today`, `tomorrow`, `on Friday 27 November`. */
export function dayName(day: DateTime, now: DateTime): string {
  const days = Math.round(day.startOf('day').diff(now.startOf('day'), 'days').days);
  if (days === 0) return 'today';
  if (days === 1) return 'tomorrow';
  if (days === -1) return 'yesterday';
  return `on ${day.setLocale('en-GB').toFormat(day.year === now.year ? 'cccc d LLLL' : 'cccc d LLLL yyyy')}`;
}

/** `tomorrow`, `next week`, `from Monday 23 to Wednesday 25 November`: the stretch that was asked about. */
export function rangeName({ start, end }: { start: DateTime; end: DateTime }, now: DateTime): string {
  const last = end.minus(1);
  if (start.hasSame(last, 'day')) {
    const wholeDay = start.equals(start.startOf('day')) && last.equals(last.endOf('day'));
    const rest = start.equals(now.startOf('minute')) || start.equals(now) || wholeDay;
    const until = last.equals(last.endOf('day')) ? '' : ` and ${end.toFormat('HH:mm')}`;
    if (rest) return dayName(start, now);
    return until === ''
      ? `${dayName(start, now)} after ${start.toFormat('HH:mm')}`
      : `${dayName(start, now)} between ${start.toFormat('HH:mm')}${until}`;
  }
  if (start.equals(start.startOf('week')) && end.equals(start.plus({ weeks: 1 }))) {
    const weeks = Math.round(start.diff(now.startOf('week'), 'weeks').weeks);
    if (weeks === 0) return 'this week';
    if (weeks === 1) return 'next week';
  }
  const format = 'cccc d LLLL';
  return `from ${start.setLocale('en-GB').toFormat(format)} to ${last.setLocale('en-GB').toFormat(format)}`;
}
