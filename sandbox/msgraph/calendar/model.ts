import type { Mailbox } from '../mail/model.ts';
import type { ZonedTime } from '../time.ts';

export interface ResponseStatus {
  readonly response: 'none' | 'organizer' | 'tentativelyAccepted' | 'accepted' | 'declined' | 'notResponded';
  readonly time: string;
}

export interface Attendee {
  readonly type: 'required' | 'optional' | 'resource';
  readonly status: ResponseStatus;
  readonly emailAddress: Mailbox;
  readonly proposedNewTime?: { readonly start: ZonedTime; readonly end: ZonedTime };
}

export interface Recurrence {
  readonly pattern: {
    readonly type: 'daily' | 'weekly' | 'absoluteMonthly' | 'relativeMonthly' | 'absoluteYearly' | 'relativeYearly';
    readonly interval: number;
    readonly month: number;
    readonly dayOfMonth: number;
    readonly daysOfWeek: readonly string[];
    readonly firstDayOfWeek: string;
    readonly index: 'first' | 'second' | 'third' | 'fourth' | 'last';
  };
  readonly range: {
    readonly type: 'endDate' | 'noEnd' | 'numbered';
    readonly startDate: string;
    readonly endDate: string;
    readonly recurrenceTimeZone: string;
    readonly numberOfOccurrences: number;
  };
}

export interface Place {
  readonly displayName: string;
  readonly locationType: string;
  readonly locationEmailAddress?: string;
  readonly locationUri?: string;
  readonly uniqueId?: string;
  readonly uniqueIdType?: string;
}

/** What the organizer decides, the same in every copy of a meeting. */
export interface MeetingContent {
  readonly subject: string;
  readonly body: { readonly contentType: 'html' | 'text'; readonly content: string };
  readonly start: ZonedTime;
  readonly end: ZonedTime;
  readonly isAllDay: boolean;
  readonly locations: readonly Place[];
  readonly attendees: readonly Attendee[];
  readonly recurrence: Recurrence | null;
  readonly importance: string;
  readonly sensitivity: 'normal' | 'personal' | 'private' | 'confidential';
  readonly onlineMeeting: { readonly joinUrl: string; readonly conferenceId: string; readonly tollNumber: string } | null;
  readonly allowNewTimeProposals: boolean;
  readonly responseRequested: boolean;
  readonly hideAttendees: boolean;
}

/** What belongs to one copy alone. */
export interface OwnContent {
  readonly showAs: string;
  readonly categories: readonly string[];
  readonly isReminderOn: boolean;
  readonly reminderMinutesBeforeStart: number;
}

export type EventContent = MeetingContent & OwnContent;
export type Overlay = Partial<EventContent & Pick<StoredEvent, 'responseStatus' | 'isCancelled'>>;

/** One copy of an event in one mailbox; a series is one of these, with what differs on some of its dates. */
export interface StoredEvent extends EventContent {
  /** The middle of every id that names it; see ids.ts. */
  readonly core: string;
  /** The oid of the mailbox it lies in. */
  readonly mailbox: string;
  readonly iCalUId: string;
  readonly version: number;
  readonly createdAt: number;
  readonly modifiedAt: number;
  readonly transactionId: string | null;
  readonly organizer: Mailbox;
  readonly isCancelled: boolean;
  readonly responseStatus: ResponseStatus;
  /** A series: what differs on a date (`yyyy-MM-dd`, of its plan). */
  readonly exceptions: Readonly<Record<string, Overlay>>;
  /** A series: the dates taken out. */
  readonly removedDates: readonly string[];
}

/** An event as a calendar shows it: a single one, a series, or one date of a series with its differences laid over. */
export interface EventItem extends StoredEvent {
  readonly type: 'singleInstance' | 'seriesMaster' | 'occurrence' | 'exception';
  /** The date of the plan, on occurrences and exceptions. */
  readonly date: string | undefined;
  /** When the plan had it start. */
  readonly plannedStart: number | undefined;
}
