import type { Requirement } from '../requirements.ts';

export const msgraphRequirements = {
  'msgraph:people': '/me, /users and mailbox settings answer with the seeded people, by the rights of the token.',
  'msgraph:token': 'A request without a valid token of the authority is refused 401, one without the scope 403.',
  'msgraph:calendar-view': 'calendarView lists the events of a range with paging, $select, $filter and the zone asked for.',
  'msgraph:create-event': 'Creating an event answers 201; the same transactionId again makes no second event.',
  'msgraph:invitations': 'Attendees find the invitation in their own calendars, and answers, changes and cancellations travel.',
  'msgraph:update-delete-event': 'An event is changed and deleted with ETags; a stale one is refused 412.',
  'msgraph:series': 'A series is one event in a list and its dates in a view; one date can differ or be taken out.',
  'msgraph:send-mail': 'sendMail delivers into a mailbox one can look at.',
  'msgraph:errors': "Errors have Graph's body and request ids; 429 carries Retry-After.",
  'msgraph:contract': 'Its answers and the rights it asks for satisfy the Microsoft Graph OpenAPI document.',
  'msgraph:durable': 'A restart loses nothing and seeds nothing anew.',
  'msgraph:seed': 'The seeded calendars hold meetings from yesterday to four weeks ahead in several zones.',
} as const satisfies Record<string, Requirement>;
