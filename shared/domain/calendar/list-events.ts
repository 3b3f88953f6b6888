import type { PersonCaller } from '../../core/caller.ts';
import type { CalendarEvent } from '../../ports/calendar.ts';
import type { Ports } from '../../ports/index.ts';
import { parseTimeRange, type InstantRange } from './time-range.ts';

// What a chat can show; more is said to be there.
const maxEvents = 50;

export interface ListedEvents extends InstantRange {
  readonly timeZone: string;
  readonly events: readonly CalendarEvent[];
  readonly more: boolean;
}

/**
 * The caller's events in a range of their own zone, cancelled ones left out. What Outlook marks private keeps its time
 * and loses everything else, so that it reaches neither the model nor a chat's preview.
 */
export async function listEvents(
  ports: Pick<Ports, 'calendar'>,
  request: { caller: PersonCaller; range: { start: string; end: string } },
  signal: AbortSignal,
): Promise<ListedEvents> {
  const { personId, timeZone } = request.caller;
  const range = parseTimeRange(request.range, timeZone);
  const { events, more } = await ports.calendar.listEvents(personId, { ...range, timeZone, limit: maxEvents }, signal);
  return { ...range, timeZone, events: events.filter(({ isCancelled }) => !isCancelled).map(withoutPrivateDetail), more };
}

function withoutPrivateDetail(event: CalendarEvent): CalendarEvent {
  if (!event.isPrivate) return event;
  return { ...event, subject: 'Private event', location: undefined, organizer: undefined, attendees: [], joinUrl: undefined };
}
