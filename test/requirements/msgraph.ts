import type { Requirement } from '../requirements.ts';

export const msgraphRequirements = {
  'msgraph:people': { planned: '/me, /users and mailbox settings answer with the seeded people, by the rights of the token.' },
  'msgraph:token': { planned: 'A request without a valid token of the authority is refused 401, one without the scope 403.' },
  'msgraph:calendar-view': {
    planned: 'calendarView lists the events of a range with paging, $select, $filter and the zone asked for.',
  },
  'msgraph:create-event': { planned: 'Creating an event answers 201; the same transactionId again makes no second event.' },
  'msgraph:invitations': { planned: 'Attendees find the invitation in their own calendars.' },
  'msgraph:update-delete-event': { planned: 'An event is changed and deleted with ETags; a stale one is refused 412.' },
  'msgraph:send-mail': { planned: 'sendMail delivers into a mailbox one can look at.' },
  'msgraph:errors': { planned: "Errors have Graph's body and request ids; 429 carries Retry-After." },
  'msgraph:contract': { planned: 'Its answers satisfy the Microsoft Graph OpenAPI document.' },
  'msgraph:seed': { planned: 'The seeded calendars hold meetings from yesterday to four weeks ahead in several zones.' },
} as const satisfies Record<string, Requirement>;
