import { DateTime, IANAZone } from 'luxon';
import { z } from 'zod';
import type { CalendarEvent } from '../../ports/calendar.ts';

const DateTimeTimeZone = z.object({ dateTime: z.string(), timeZone: z.string() });
const Address = z.object({ emailAddress: z.object({ name: z.string().nullish(), address: z.string().nullish() }).nullish() });

/** The part of Graph's `event` that we ask for with `eventSelect`. */
export const GraphEvent = z.object({
  id: z.string(),
  subject: z.string().nullish(),
  start: DateTimeTimeZone,
  end: DateTimeTimeZone,
  isAllDay: z.boolean().nullish(),
  isCancelled: z.boolean().nullish(),
  sensitivity: z.string().nullish(),
  location: z.object({ displayName: z.string().nullish() }).nullish(),
  organizer: Address.nullish(),
  attendees: z.array(Address).nullish(),
  onlineMeeting: z.object({ joinUrl: z.string().nullish() }).nullish(),
  transactionId: z.string().nullish(),
});

export const eventSelect =
  'id,subject,start,end,isAllDay,isCancelled,sensitivity,location,organizer,attendees,onlineMeeting,transactionId';

/** Graph's event in our words, its times with the offset of `timeZone`. */
export function toCalendarEvent(event: z.infer<typeof GraphEvent>, timeZone: string): CalendarEvent {
  return {
    id: event.id,
    subject: event.subject ?? '(no subject)',
    start: toIso(event.start, timeZone),
    end: toIso(event.end, timeZone),
    isAllDay: event.isAllDay ?? false,
    isCancelled: event.isCancelled ?? false,
    isPrivate: event.sensitivity === 'private' || event.sensitivity === 'confidential',
    location: event.location?.displayName || undefined,
    organizer: event.organizer?.emailAddress?.address ?? undefined,
    attendees: (event.attendees ?? []).map(({ emailAddress }) => ({
      name: emailAddress?.name ?? '',
      email: emailAddress?.address ?? '',
    })),
    joinUrl: event.onlineMeeting?.joinUrl ?? undefined,
  };
}

/** Seven digits of a second and no offset, in the zone named beside it; an all-day event stays on its own dates. */
function toIso({ dateTime, timeZone: given }: z.infer<typeof DateTimeTimeZone>, timeZone: string): string {
  const zone = IANAZone.isValidZone(given) ? given : timeZone;
  const time = DateTime.fromISO(dateTime.replace(/(\.\d{3})\d*$/, '$1'), { zone }).setZone(timeZone);
  return time.toISO({ suppressMilliseconds: true }) ?? dateTime;
}
