import { ana, ben } from './addresses.ts';
import { isFirst, isWorkday, pick, type Day } from './day.ts';
import { event, type SeedEvent } from './event.ts';
import type { Series } from './series.ts';

export function dayOfBen(day: Day): SeedEvent[] {
  if (!isWorkday(day)) return [];
  const own = [
    event(day, ['09:00', '09:30'], {
      organizer: ben,
      subject: pick(day, ['Helpdesk hand-over', 'Ticket triage', 'Stock count']),
    }),
    isFirst(day, 2)
      ? event(day, ['15:00', '16:00'], { organizer: ben, subject: 'Interview with a candidate', sensitivity: 'private' })
      : event(day, ['15:00', '16:00'], { organizer: ben, subject: pick(day, ['Network maintenance', 'Laptop rollout']) }),
  ];
  return isFirst(day, 2) ? own : own.slice(0, day.number % 3);
}

export const oneToOne: Series = (day) =>
  event(day, ['11:30', '12:00'], { organizer: ben, subject: 'Ana and Ben', attendees: [{ email: ana, response: 'accepted' }] });
