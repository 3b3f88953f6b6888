import { eva } from './addresses.ts';
import { isWorkday, type Day } from './day.ts';
import { allDay, event, type SeedEvent } from './event.ts';

export function dayOfEva(day: Day): SeedEvent[] {
  if (!isWorkday(day)) return [];
  if (day.weekday === 1 && day.offset > 14 && day.offset <= 21) {
    return [allDay(day, { organizer: eva, subject: 'On leave', showAs: 'oof' })];
  }
  return day.number % 2 === 0 ? [event(day, ['10:00', '11:00'], { organizer: eva, subject: 'Onboarding' })] : [];
}
