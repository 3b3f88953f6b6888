import { randomUUID } from 'node:crypto';
import { invalidProperty } from '../errors.ts';
import { ianaZone, instantOf, neverTime, parseZonedTime, type ZonedTime } from '../time.ts';
import { findPerson } from '../access.ts';
import type { SeedPerson } from '../../seed/people.ts';
import type { EventInput, PlaceInput, RecurrenceInput } from './input.ts';
import type { Attendee, EventContent, Place, Recurrence } from './model.ts';

const defaults: Omit<EventContent, 'start' | 'end'> = {
  subject: '',
  body: { contentType: 'html', content: '' },
  isAllDay: false,
  locations: [],
  attendees: [],
  recurrence: null,
  importance: 'normal',
  sensitivity: 'normal',
  onlineMeeting: null,
  allowNewTimeProposals: true,
  responseRequested: true,
  hideAttendees: false,
  showAs: 'busy',
  categories: [],
  isReminderOn: true,
  reminderMinutesBeforeStart: 15,
};

/** The content of a new event. */
export function newContent(input: EventInput, people: readonly SeedPerson[]): EventContent {
  if (!input.start || !input.end) throw invalidProperty();
  const times = { start: zonedTime(input.start), end: zonedTime(input.end) };
  return checked({ ...defaults, ...times, ...changesOf(input, { ...defaults, ...times }, people) });
}

/** What a patch changes, and only that; the whole is checked with it. */
export function patchContent(input: EventInput, before: EventContent, people: readonly SeedPerson[]): Partial<EventContent> {
  const changes = changesOf(input, before, people);
  checked({ ...before, ...changes });
  return changes;
}

function changesOf(input: EventInput, before: EventContent, people: readonly SeedPerson[]): Partial<EventContent> {
  const start = input.start && zonedTime(input.start);
  const changes: { [Name in keyof EventContent]?: EventContent[Name] | undefined } = {
    ...plainChanges(input),
    start,
    end: input.end && zonedTime(input.end),
    body:
      input.body === undefined
        ? undefined
        : { contentType: input.body?.contentType ?? 'text', content: input.body?.content ?? '' },
    locations: placesOf(input),
    attendees: input.attendees?.map((attendee) => attendeeOf(attendee, before.attendees, people)),
    recurrence: input.recurrence ? recurrenceOf(input.recurrence, start ?? before.start) : input.recurrence,
  };
  return withOnlineMeeting(withoutUndefined(changes), input, before);
}

function plainChanges(input: EventInput) {
  return {
    subject: input.subject === null ? '' : input.subject,
    isAllDay: input.isAllDay,
    importance: input.importance,
    sensitivity: input.sensitivity,
    showAs: input.showAs,
    categories: input.categories,
    isReminderOn: input.isReminderOn,
    reminderMinutesBeforeStart: input.reminderMinutesBeforeStart,
    allowNewTimeProposals: input.allowNewTimeProposals ?? undefined,
    responseRequested: input.responseRequested ?? undefined,
    hideAttendees: input.hideAttendees ?? undefined,
  };
}

const withoutUndefined = (value: object) =>
  Object.fromEntries(Object.entries(value).filter(([, member]) => member !== undefined)) as Partial<EventContent>;

const zonedTime = ({ dateTime, timeZone }: { dateTime: string; timeZone?: string | null | undefined }): ZonedTime =>
  parseZonedTime({ dateTime, timeZone: timeZone ?? 'UTC' });

function placesOf({ location, locations }: EventInput): Place[] | undefined {
  if (location === undefined && locations === undefined) return undefined;
  return (location === undefined ? (locations ?? []) : [location])
    .filter((place): place is PlaceInput => place !== null && (place.displayName ?? '') !== '')
    .map(({ displayName, locationType, locationEmailAddress, locationUri }) => ({
      displayName: displayName ?? '',
      locationType: locationType ?? 'default',
      ...(locationUri ? { locationUri } : {}),
      ...(locationEmailAddress ? { locationEmailAddress } : {}),
      uniqueId: locationEmailAddress ?? displayName ?? '',
      uniqueIdType: locationEmailAddress ? 'directory' : 'private',
    }));
}

type AttendeeInput = NonNullable<EventInput['attendees']>[number];

/** An attendee keeps the answer already given, also when the list is sent anew. */
function attendeeOf(input: AttendeeInput, before: readonly Attendee[], people: readonly SeedPerson[]): Attendee {
  const address = input.emailAddress.address?.trim() ?? '';
  if (!/^[^\s@]+@[^\s@]+$/.test(address)) throw invalidProperty();
  const known = before.find(({ emailAddress }) => emailAddress.address.toLowerCase() === address.toLowerCase());
  const name = input.emailAddress.name ?? findPerson(people, address)?.name ?? address;
  return {
    type: input.type ?? known?.type ?? 'required',
    status: known?.status ?? { response: 'none', time: neverTime },
    emailAddress: { name, address },
  };
}

function recurrenceOf({ pattern, range }: RecurrenceInput, start: ZonedTime): Recurrence {
  const recurrenceTimeZone = range.recurrenceTimeZone ?? start.timeZone;
  const fits =
    range.startDate === start.dateTime.slice(0, 10) &&
    ianaZone(recurrenceTimeZone) === ianaZone(start.timeZone) &&
    patternIsWhole(pattern) &&
    (range.type !== 'numbered' || range.numberOfOccurrences > 0) &&
    (range.type !== 'endDate' || (range.endDate ?? '') >= range.startDate);
  if (!fits) throw invalidProperty();
  return { pattern, range: { ...range, endDate: range.endDate ?? '0001-01-01', recurrenceTimeZone } };
}

function patternIsWhole({ type, daysOfWeek, dayOfMonth, month }: RecurrenceInput['pattern']): boolean {
  const hasDays = daysOfWeek.length > 0;
  switch (type) {
    case 'daily':
      return true;
    case 'weekly':
    case 'relativeMonthly':
      return hasDays;
    case 'absoluteMonthly':
      return dayOfMonth > 0;
    case 'absoluteYearly':
      return dayOfMonth > 0 && month > 0;
    case 'relativeYearly':
      return hasDays && month > 0;
  }
}

/** Once online, always online, unless its block is taken out of the body. */
function withOnlineMeeting(changes: Partial<EventContent>, input: EventInput, before: EventContent): Partial<EventContent> {
  const provider = input.onlineMeetingProvider ?? 'teamsForBusiness';
  const { onlineMeeting } = before;
  if (onlineMeeting) {
    const lost = changes.body !== undefined && !changes.body.content.includes(onlineMeeting.joinUrl);
    return lost ? { ...changes, onlineMeeting: null } : changes;
  }
  if (input.isOnlineMeeting !== true || provider === 'unknown') return changes;
  // The mailboxes here allow Teams alone (allowedOnlineMeetingProviders).
  if (provider !== 'teamsForBusiness') throw invalidProperty();
  const key = randomUUID();
  const joinUrl = `https://teams.microsoft.com/l/meetup-join/19%3ameeting_${key}%40thread.v2/0`;
  const body = changes.body ?? before.body;
  const block = `<div>Microsoft Teams meeting</div><div><a href="${joinUrl}">Join the meeting now</a></div>`;
  return {
    ...changes,
    body: { contentType: 'html', content: `${asHtml(body)}${block}` },
    onlineMeeting: { joinUrl, conferenceId: String(Number.parseInt(key.slice(0, 7), 16)), tollNumber: '+1 555 010 0199' },
  };
}

const escapes: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;' };

export const asHtml = ({ contentType, content }: EventContent['body']) =>
  contentType === 'html'
    ? content
    : content.replace(/[&<>]/g, (character) => escapes[character] ?? '').replace(/\r?\n/g, '<br>\r\n');

function checked(content: EventContent): EventContent {
  const { start, end, isAllDay } = content;
  if (ianaZone(start.timeZone) !== ianaZone(end.timeZone)) throw invalidProperty();
  const midnight = (time: ZonedTime) => time.dateTime.endsWith('T00:00:00');
  if (isAllDay && (!midnight(start) || !midnight(end) || start.dateTime === end.dateTime)) throw invalidProperty();
  if (instantOf(end) < instantOf(start)) throw invalidProperty();
  return content;
}
