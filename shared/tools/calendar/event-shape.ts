import { z } from 'zod';
import { onOneLine } from '../../core/text.ts';
import type { CalendarEvent } from '../../ports/calendar.ts';

/** An event as the model and receipts see it: what others wrote in it stays within its line. */
export const EventShape = z.object({
  id: z.string(),
  subject: z.string(),
  start: z.string().describe('ISO 8601 with offset'),
  end: z.string(),
  isAllDay: z.boolean(),
  location: z.string().optional(),
  organizer: z.string().optional(),
  attendees: z.array(z.string()),
});

export function toEventShape(event: CalendarEvent): z.infer<typeof EventShape> {
  const { id, subject, start, end, isAllDay, location, organizer, attendees } = event;
  return {
    id,
    subject: onOneLine(subject),
    start,
    end,
    isAllDay,
    ...(location === undefined ? {} : { location: onOneLine(location) }),
    ...(organizer === undefined ? {} : { organizer }),
    attendees: attendees.map(({ name, email }) => (onOneLine(name) === '' ? email : `${onOneLine(name)} <${email}>`)),
  };
}
