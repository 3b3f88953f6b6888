import { z } from 'zod';
import { notPlayed } from '../errors.ts';
import { enumOf, readBody, typeOf } from '../odata/body.ts';

const DayOfWeek = enumOf(['sunday', 'monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday']);
const LocalDate = z.string().regex(/^\d{4}-\d{2}-\d{2}$/);

export const ZonedTimeInput = typeOf({ dateTime: z.string(), timeZone: z.string().nullish() });
export const RecipientInput = typeOf({ emailAddress: typeOf({ address: z.string().nullish(), name: z.string().nullish() }) });
export const BodyInput = typeOf({ contentType: enumOf(['html', 'text']).optional(), content: z.string().nullish() });
export const ImportanceInput = enumOf(['low', 'normal', 'high']);

const PlaceInput = typeOf({
  displayName: z.string().nullish(),
  locationEmailAddress: z.string().nullish(),
  locationUri: z.string().nullish(),
  locationType: enumOf([
    'default',
    'conferenceRoom',
    'homeAddress',
    'businessAddress',
    'geoCoordinates',
    'streetAddress',
    'hotel',
    'restaurant',
    'localBusiness',
    'postalAddress',
  ]).optional(),
  uniqueId: z.string().nullish(),
  uniqueIdType: z.string().nullish(),
});

const AttendeeInput = RecipientInput.extend({
  type: enumOf(['required', 'optional', 'resource']).optional(),
  // Graph takes a status and does not keep it: only the attendee's own answer sets it.
  status: z.unknown().optional(),
  proposedNewTime: z.unknown().optional(),
});

const RecurrenceInput = typeOf({
  pattern: typeOf({
    type: enumOf(['daily', 'weekly', 'absoluteMonthly', 'relativeMonthly', 'absoluteYearly', 'relativeYearly']),
    interval: z.int().min(1),
    month: z.int().min(0).max(12).default(0),
    dayOfMonth: z.int().min(0).max(31).default(0),
    daysOfWeek: z.array(DayOfWeek).default([]),
    firstDayOfWeek: DayOfWeek.default('sunday'),
    index: enumOf(['first', 'second', 'third', 'fourth', 'last']).default('first'),
  }),
  range: typeOf({
    type: enumOf(['endDate', 'noEnd', 'numbered']),
    startDate: LocalDate,
    endDate: LocalDate.nullish(),
    recurrenceTimeZone: z.string().nullish(),
    numberOfOccurrences: z.int().min(0).default(0),
  }),
});

const readOnly = [
  'id',
  'createdDateTime',
  'lastModifiedDateTime',
  'changeKey',
  'iCalUId',
  'bodyPreview',
  'hasAttachments',
  'isCancelled',
  'isDraft',
  'isOrganizer',
  'organizer',
  'originalStart',
  'originalStartTimeZone',
  'originalEndTimeZone',
  'onlineMeeting',
  'onlineMeetingUrl',
  'responseStatus',
  'seriesMasterId',
  'type',
  'webLink',
  'cancelledOccurrences',
  '@odata.etag',
  '@odata.context',
] as const;
const missing = [
  'attachments',
  'calendar',
  'exceptionOccurrences',
  'extensions',
  'instances',
  'multiValueExtendedProperties',
  'singleValueExtendedProperties',
] as const;
const ignored = Object.fromEntries([...readOnly, ...missing].map((name) => [name, z.unknown().optional()]));

const writable = {
  subject: z.string().max(255).nullish(),
  body: BodyInput.nullish(),
  start: ZonedTimeInput.optional(),
  end: ZonedTimeInput.optional(),
  isAllDay: z.boolean().optional(),
  location: PlaceInput.nullish(),
  locations: z.array(PlaceInput).optional(),
  attendees: z.array(AttendeeInput).optional(),
  recurrence: RecurrenceInput.nullish(),
  importance: ImportanceInput.optional(),
  sensitivity: enumOf(['normal', 'personal', 'private', 'confidential']).optional(),
  showAs: enumOf(['unknown', 'free', 'tentative', 'busy', 'oof', 'workingElsewhere']).optional(),
  categories: z.array(z.string()).optional(),
  isReminderOn: z.boolean().optional(),
  reminderMinutesBeforeStart: z.int().min(0).max(20_160).optional(),
  isOnlineMeeting: z.boolean().nullish(),
  onlineMeetingProvider: enumOf(['unknown', 'skypeForBusiness', 'skypeForConsumer', 'teamsForBusiness']).optional(),
  allowNewTimeProposals: z.boolean().nullish(),
  responseRequested: z.boolean().nullish(),
  hideAttendees: z.boolean().nullish(),
  transactionId: z.string().min(1).nullish(),
};

const EventInput = typeOf({ ...ignored, ...writable });
const types = {
  '': 'event',
  body: 'itemBody',
  start: 'dateTimeTimeZone',
  end: 'dateTimeTimeZone',
  location: 'location',
  locations: 'location',
  attendees: 'attendee',
  'attendees/emailAddress': 'emailAddress',
  recurrence: 'patternedRecurrence',
  'recurrence/pattern': 'recurrencePattern',
  'recurrence/range': 'recurrenceRange',
};

export type EventInput = { [Name in keyof typeof writable]?: z.output<(typeof writable)[Name]> };
export type RecurrenceInput = z.output<typeof RecurrenceInput>;
export type PlaceInput = z.output<typeof PlaceInput>;

/** The properties of an event, for $select. */
export const eventProperties: ReadonlySet<string> = new Set([...readOnly, ...Object.keys(writable)]);

/** Reads the body of a create or a patch; read-only properties in it are passed over, as Outlook does. */
export function readEventInput(body: unknown): EventInput {
  const input = readBody(EventInput, body, types);
  const unplayed = missing.find((name) => name in input);
  if (unplayed !== undefined) throw notPlayed(`the property '${unplayed}' of an event`);
  return input;
}
