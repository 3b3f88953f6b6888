import type { Preferences } from '../prefer.ts';
import { instantOf, isoSeconds, timestamp, wireTime, type ZonedTime } from '../time.ts';
import { asHtml } from './content.ts';
import { changeKeyOf, etagOf, eventId } from './ids.ts';
import type { Attendee, EventItem, Place } from './model.ts';

/** How one reader sees events. */
export interface Reader {
  readonly prefer: Preferences;
  readonly hidesPrivate: boolean;
  readonly seesBodies: boolean;
  readonly ownerAddress: string;
}

/** An event on the wire, with every property. */
export function renderEvent(stored: EventItem, reader: Reader): Record<string, unknown> {
  const item = reader.hidesPrivate && isPrivate(stored) ? withoutDetails(stored) : stored;
  const { prefer } = reader;
  const id = eventId(item, prefer.immutableIds);
  const isOrganizer = item.organizer.address === reader.ownerAddress;
  return {
    '@odata.etag': etagOf(item),
    id,
    createdDateTime: timestamp(item.createdAt),
    lastModifiedDateTime: timestamp(item.modifiedAt),
    changeKey: changeKeyOf(item),
    categories: item.categories,
    transactionId: item.transactionId,
    originalStartTimeZone: item.start.timeZone,
    originalEndTimeZone: item.end.timeZone,
    iCalUId: item.date === undefined ? item.iCalUId : `${item.iCalUId}${item.date.replaceAll('-', '')}`,
    reminderMinutesBeforeStart: item.reminderMinutesBeforeStart,
    isReminderOn: item.isReminderOn,
    hasAttachments: false,
    hideAttendees: item.hideAttendees,
    subject: item.subject,
    ...(reader.seesBodies ? { bodyPreview: previewOf(item.body) } : {}),
    importance: item.importance,
    sensitivity: item.sensitivity,
    isAllDay: item.isAllDay,
    isCancelled: item.isCancelled,
    isDraft: false,
    isOrganizer,
    responseRequested: item.responseRequested,
    seriesMasterId: item.date === undefined ? null : eventId({ core: item.core, date: undefined }, prefer.immutableIds),
    showAs: item.showAs,
    type: item.type,
    webLink: `https://outlook.office365.com/owa/?itemid=${encodeURIComponent(id)}&exvsurl=1&path=/calendar/item`,
    ...renderOnline(item),
    allowNewTimeProposals: item.allowNewTimeProposals,
    ...(item.plannedStart === undefined ? {} : { originalStart: isoSeconds(item.plannedStart) }),
    responseStatus: item.responseStatus,
    ...(reader.seesBodies ? { body: renderBody(item.body, prefer.bodyType) } : {}),
    start: renderTime(item.start, item, prefer),
    end: renderTime(item.end, item, prefer),
    ...renderPlaces(item.locations),
    recurrence: item.recurrence,
    attendees: attendeesFor(item, reader).map((attendee) => renderAttendee(attendee, prefer)),
    organizer: { emailAddress: item.organizer },
  };
}

function renderOnline({ onlineMeeting }: EventItem) {
  return {
    onlineMeetingUrl: null,
    isOnlineMeeting: onlineMeeting !== null,
    onlineMeetingProvider: onlineMeeting === null ? 'unknown' : 'teamsForBusiness',
    onlineMeeting,
  };
}

const isPrivate = ({ sensitivity }: EventItem) => sensitivity === 'private' || sensitivity === 'confidential';

function withoutDetails(item: EventItem): EventItem {
  return {
    ...item,
    subject: 'Private Appointment',
    body: { contentType: 'html', content: '' },
    locations: [],
    attendees: [],
    categories: [],
    onlineMeeting: null,
    transactionId: null,
  };
}

/** All-day events float: their days are the same in every zone asked for. */
function renderTime(time: ZonedTime, { isAllDay }: EventItem, { timeZone }: Preferences) {
  return isAllDay ? { dateTime: `${time.dateTime}.0000000`, timeZone } : wireTime(instantOf(time), timeZone);
}

function attendeesFor({ attendees, hideAttendees, organizer }: EventItem, { ownerAddress }: Reader): readonly Attendee[] {
  if (!hideAttendees || organizer.address === ownerAddress) return attendees;
  return attendees.filter(({ emailAddress }) => emailAddress.address.toLowerCase() === ownerAddress);
}

function renderAttendee({ proposedNewTime, ...attendee }: Attendee, { timeZone }: Preferences) {
  if (!proposedNewTime) return attendee;
  const { start, end } = proposedNewTime;
  return {
    ...attendee,
    proposedNewTime: { start: wireTime(instantOf(start), timeZone), end: wireTime(instantOf(end), timeZone) },
  };
}

function renderPlaces(places: readonly Place[]) {
  const [first] = places;
  return {
    location: first ?? { displayName: '', locationType: 'default', uniqueIdType: 'unknown', address: {}, coordinates: {} },
    locations: places,
  };
}

function renderBody(body: EventItem['body'], wanted: 'html' | 'text') {
  if (wanted === 'text') return { contentType: 'text', content: asText(body) };
  const html = asHtml(body);
  return { contentType: 'html', content: /<html/i.test(html) ? html : `<html><head></head><body>${html}</body></html>` };
}

const entities: Readonly<Record<string, string>> = {
  '&amp;': '&',
  '&lt;': '<',
  '&gt;': '>',
  '&nbsp;': ' ',
  '&quot;': '"',
  '&#39;': "'",
};

export function asText({ contentType, content }: EventItem['body']): string {
  if (contentType === 'text') return content;
  return content
    .replace(/<(style|script|head)\b[\s\S]*?<\/\1>/gi, '')
    .replace(/<br\s*\/?>|<\/(?:p|div|li|tr)>/gi, '\r\n')
    .replace(/<[^>]*>/g, '')
    .replace(/&(?:amp|lt|gt|nbsp|quot|#39);/g, (entity) => entities[entity] ?? entity)
    .trim();
}

export const previewOf = (body: EventItem['body']) => asText(body).replace(/\s+/g, ' ').slice(0, 255);
