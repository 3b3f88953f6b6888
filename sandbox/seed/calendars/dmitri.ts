import { dmitri, eva } from './addresses.ts';
import { isWorkday, pick, type Day } from './day.ts';
import { event, type SeedEvent } from './event.ts';

export function dayOfDmitri(day: Day): SeedEvent[] {
  if (!isWorkday(day)) return [];
  return [
    event(day, ['08:30', '09:00'], { organizer: dmitri, subject: pick(day, ['Warehouse walk', 'Shift plan']) }),
    event(day, ['15:30', '16:30'], {
      organizer: dmitri,
      subject: pick(day, ['Design review', 'Load test', 'Security briefing']),
      attendees: [{ email: eva, response: 'accepted' }],
      isOnlineMeeting: true,
    }),
  ].slice(0, (day.number + 2) % 3);
}
