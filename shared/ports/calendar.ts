import type { VendorWrite } from './operation.ts';

/** An event of the person's calendar between two instants. */
export interface CalendarEvent {
  readonly id: string;
  readonly subject: string;
  /** ISO 8601 with offset, in the zone asked for. */
  readonly start: string;
  readonly end: string;
  readonly isAllDay: boolean;
  readonly isCancelled: boolean;
  /** True where Outlook marks it private. */
  readonly isPrivate: boolean;
  readonly location: string | undefined;
  readonly organizer: string | undefined;
  readonly attendees: readonly { readonly name: string; readonly email: string }[];
  readonly joinUrl: string | undefined;
}

export interface NewEvent {
  readonly subject: string;
  /** Local date and time without offset (`2026-12-01T15:00:00`), in `timeZone`. */
  readonly start: string;
  readonly end: string;
  /** IANA name. */
  readonly timeZone: string;
  readonly attendees: readonly string[];
}

/** The calendar of one person, with that person's own rights. Errors: see each method. */
export interface Calendar {
  /**
   * The events that touch the range, series expanded, by start, all pages up to `limit`.
   * @throws {AppError} `sign-in-required` when the grant ran out; `rate-limited`, `timeout`, `upstream` when worth retrying.
   */
  listEvents(
    personId: string,
    query: { start: string; end: string; timeZone: string; limit: number },
    signal?: AbortSignal,
  ): Promise<{ readonly events: readonly CalendarEvent[]; readonly more: boolean }>;
  /** Books an event once per key (Graph's `transactionId`). `perform` throws as `listEvents`, and `invalid-input`. */
  createEvent(personId: string, event: NewEvent): VendorWrite<CalendarEvent>;
}
