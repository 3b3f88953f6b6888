import type { DateTime } from 'luxon';
import type { PersonCaller } from '../../core/caller.ts';
import { AppError } from '../../core/errors.ts';
import type { CalendarEvent } from '../../ports/calendar.ts';
import type { Ports } from '../../ports/index.ts';
import type { Operation } from '../../ports/operation.ts';
import { parseLocal } from './time-range.ts';

export interface CreateEventRequest {
  readonly subject: string;
  /** ISO 8601; local to the caller's zone without an offset. */
  readonly start: string;
  readonly end: string;
  readonly attendees: readonly string[];
}

// A meeting that ended yesterday is a misunderstood date; one that begins "now" was asked for a moment ago.
const pastToleranceMs = 5 * 60_000;
const longestHours = 24;

/**
 * Books an event in the caller's calendar and invites the attendees, once.
 * @throws {AppError} `invalid-input`, saying what to do, for a time in the past, an end before the start, more than a
 *   day, or a colleague the directory does not know; else as `Calendar.createEvent`.
 */
export async function createEvent(
  ports: Pick<Ports, 'calendar' | 'directory'>,
  request: CreateEventRequest & { caller: PersonCaller; now: number },
  { operation, signal }: { operation: Operation; signal: AbortSignal },
): Promise<CalendarEvent> {
  const { personId, timeZone, email } = request.caller;
  const [start, end] = parseTimes(request, timeZone);
  const attendees = [...new Set(request.attendees.map((address) => address.toLowerCase()))].filter(
    (address) => address !== email.toLowerCase(),
  );
  await checkColleagues(ports, { personId, email, attendees }, signal);
  return operation.run(
    'create-event',
    ports.calendar.createEvent(personId, { subject: request.subject, start: local(start), end: local(end), timeZone, attendees }),
  );
}

function parseTimes(request: CreateEventRequest & { now: number }, timeZone: string): [DateTime<true>, DateTime<true>] {
  const [start, end] = [parseLocal(request.start, timeZone), parseLocal(request.end, timeZone)];
  if (end <= start) throw new AppError('invalid-input', 'The event must end after it starts: ask the person when it ends');
  if (end.diff(start).as('hours') > longestHours) throw new AppError('invalid-input', 'An event may last at most 24 hours');
  if (start.toMillis() < request.now - pastToleranceMs) {
    throw new AppError('invalid-input', 'The event would start in the past: ask the person for a time to come');
  }
  return [start.setZone(timeZone) as DateTime<true>, end.setZone(timeZone) as DateTime<true>];
}

/** An address of our own organisation that the directory does not know is a slip, not a guest. */
async function checkColleagues(
  ports: Pick<Ports, 'directory'>,
  who: { personId: string; email: string; attendees: readonly string[] },
  signal: AbortSignal,
): Promise<void> {
  const domain = who.email.slice(who.email.indexOf('@')).toLowerCase();
  const colleagues = who.attendees.filter((address) => address.endsWith(domain));
  const found = await Promise.all(colleagues.map((address) => ports.directory.findByEmail(who.personId, address, signal)));
  const unknown = colleagues.filter((_, index) => found[index] === undefined);
  if (unknown.length === 0) return;
  throw new AppError(
    'invalid-input',
    `Nobody in the directory has the address ${unknown.join(', ')}: ask the person for the right one`,
  );
}

function local(time: DateTime<true>): string {
  return time.toFormat("yyyy-MM-dd'T'HH:mm:ss");
}
