import { chloe, eva } from './addresses.ts';
import { isWorkday, pick, type Day } from './day.ts';
import { event, type SeedEvent } from './event.ts';

export function dayOfChloe(day: Day): SeedEvent[] {
  if (!isWorkday(day)) return [];
  return [
    event(day, ['10:00', '10:30'], {
      organizer: chloe,
      subject: pick(day, ['Pipeline review', 'Forecast', 'Pricing questions']),
    }),
    event(day, ['13:00', '14:00'], {
      organizer: chloe,
      subject: pick(day, ['Customer demo', 'Partner call']),
      attendees: day.number % 2 === 0 ? [{ email: eva, response: 'none' }] : [],
      location: 'New York, room 4',
    }),
  ].slice(0, (day.number + 1) % 3);
}
