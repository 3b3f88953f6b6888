import { z } from 'zod';
import { rights } from '../access.ts';
import { invalidBody, invalidRequest } from '../errors.ts';
import { readBody, typeOf } from '../odata/body.ts';
import { accessOf, mailboxRoutes, type Answer, type Call, type Route } from '../routes.ts';
import { parseZonedTime, timestamp } from '../time.ts';
import { removeItem } from './book.ts';
import { isOrganizer, itemOf } from './events.ts';
import { ZonedTimeInput } from './input.ts';
import { answer, carryCancellation } from './invitations.ts';
import type { Attendee, ResponseStatus } from './model.ts';

const CancelInput = typeOf({ comment: z.string().nullish() });
const AnswerInput = typeOf({
  comment: z.string().nullish(),
  sendResponse: z.boolean().nullish(),
  proposedNewTime: typeOf({ start: ZonedTimeInput, end: ZonedTimeInput }).nullish(),
});

/** The parameters of an action: their names are matched without case (`Comment`). */
function parametersOf<T>(call: Call, schema: z.ZodType<T>): T {
  const body = call.body() as Record<string, unknown>;
  const lowered = Object.fromEntries(
    Object.entries(body).map(([name, value]) => [`${name.slice(0, 1).toLowerCase()}${name.slice(1)}`, value]),
  );
  return readBody(schema, lowered, { '': 'event' });
}

function cancel(call: Call): Answer {
  const access = accessOf(call);
  const item = itemOf(call, access);
  const { comment } = parametersOf(call, CancelInput);
  if (!isOrganizer(item, access)) {
    throw invalidRequest("Your request can't be completed. You need to be an organizer to cancel a meeting.");
  }
  carryCancellation(call.world, item, comment ?? '');
  removeItem(call.world, item);
  return { status: 202 };
}

const respond =
  (response: 'accepted' | 'declined' | 'tentativelyAccepted') =>
  (call: Call): Answer => {
    const access = accessOf(call);
    const item = itemOf(call, access);
    const { sendResponse, proposedNewTime: proposal } = parametersOf(call, AnswerInput);
    if (isOrganizer(item, access)) {
      throw invalidRequest(
        "Your request can't be completed. You can't respond to this meeting because you're the meeting organizer.",
      );
    }
    const sends = sendResponse ?? true;
    if (sends && !item.responseRequested) {
      throw invalidRequest("Your request can't be completed. The meeting organizer hasn't requested a response.");
    }
    if (proposal && response === 'accepted') throw invalidBody("The parameter 'ProposedNewTime' does not exist in this action.");
    if (proposal && (!sends || !item.allowNewTimeProposals)) {
      throw invalidRequest("Your request can't be completed. New time proposals are not allowed for this meeting.");
    }
    const status: ResponseStatus = { response, time: timestamp(call.world.context.clock.now()) };
    answer(call.world, item, { status, sends, ...(proposal ? { proposedNewTime: proposedTimes(proposal) } : {}) });
    // Outlook takes a declined meeting out of the calendar.
    if (response === 'declined') removeItem(call.world, item);
    return { status: 202 };
  };

type Times = NonNullable<z.output<typeof AnswerInput>['proposedNewTime']>;

function proposedTimes({ start, end }: Times): Attendee['proposedNewTime'] {
  const zoned = ({ dateTime, timeZone }: Times['start']) => parseZonedTime({ dateTime, timeZone: timeZone ?? 'UTC' });
  return { start: zoned(start), end: zoned(end) };
}

const on = (action: string) =>
  ['/events', '/calendar/events', '/calendars/{calendar-id}/events'].map((path) => `${path}/{event-id}/${action}`);

export const actionRoutes: readonly Route[] = [
  ...mailboxRoutes('POST', on('cancel'), { rights: rights.writeCalendar, handle: cancel }),
  ...mailboxRoutes('POST', on('accept'), { rights: rights.writeCalendar, handle: respond('accepted') }),
  ...mailboxRoutes('POST', on('decline'), { rights: rights.writeCalendar, handle: respond('declined') }),
  ...mailboxRoutes('POST', on('tentativelyAccept'), { rights: rights.writeCalendar, handle: respond('tentativelyAccepted') }),
];
