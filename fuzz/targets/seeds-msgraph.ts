import type { Seed } from './seeds.ts';

const prefer = { prefer: 'outlook.timezone="Europe/Lisbon", outlook.body-content-type="text", odata.maxpagesize=10' };
const at = (dateTime: string) => ({ dateTime, timeZone: 'Europe/Lisbon' });
const single = {
  subject: 'Review',
  body: { contentType: 'text', content: 'Agenda' },
  start: at('2026-12-01T10:00:00'),
  end: at('2026-12-01T11:00:00'),
  location: { displayName: 'Room' },
  attendees: [{ type: 'required', emailAddress: { address: 'ben@alderfinch.example', name: 'Ben' } }],
  isOnlineMeeting: true,
  onlineMeetingProvider: 'teamsForBusiness',
  transactionId: 'a-transaction',
  isAllDay: false,
  showAs: 'busy',
};
const event = {
  ...single,
  recurrence: {
    pattern: { type: 'weekly', interval: 1, daysOfWeek: ['tuesday'], firstDayOfWeek: 'monday' },
    range: { type: 'numbered', startDate: '2026-12-01', numberOfOccurrences: 4, recurrenceTimeZone: 'Europe/Lisbon' },
  },
};

export const msgraphSeeds: readonly Seed[] = [
  { method: 'GET', path: '/v1.0/me', query: [['$select', 'id,displayName,mail']] },
  { method: 'POST', path: '/v1.0/me/events', json: event, headers: prefer },
  { method: 'POST', path: '/v1.0/me/events', json: single, headers: prefer },
  {
    method: 'GET',
    path: '/v1.0/me/calendarView',
    headers: prefer,
    query: [
      ['startDateTime', '2026-11-20T00:00:00Z'],
      ['endDateTime', '2026-12-20T00:00:00Z'],
      ['$top', '5'],
      ['$skip', '1'],
      ['$select', 'subject,start'],
      ['$orderby', 'start/dateTime desc,subject'],
      ['$count', 'true'],
    ],
  },
  {
    method: 'GET',
    path: '/v1.0/me/events',
    headers: prefer,
    query: [
      [
        '$filter',
        "start/dateTime ge '2026-11-01T00:00:00' and (contains(subject,'a') or not startswith(subject,'b')) and isAllDay eq false",
      ],
      ['$top', '3'],
    ],
  },
  {
    method: 'GET',
    path: '/v1.0/users',
    headers: { consistencylevel: 'eventual' },
    query: [
      ['$filter', "startswith(displayName,'A') or mail eq 'ana@alderfinch.example'"],
      ['$search', '"displayName:Ana"'],
      ['$count', 'true'],
      ['$orderby', 'displayName'],
    ],
  },
  {
    method: 'GET',
    path: '/v1.0/users/ben@alderfinch.example/calendarView',
    query: [
      ['startDateTime', '2026-11-20'],
      ['endDateTime', '2026-11-22'],
    ],
  },
  { method: 'GET', path: '/v1.0/me/mailboxSettings' },
  { method: 'GET', path: '/v1.0/me/calendars', query: [['$top', '2']] },
  { method: 'GET', path: '/v1.0/me/calendar/events/AAMkAD', headers: prefer },
  {
    method: 'PATCH',
    path: '/v1.0/me/events/AAMkAD',
    json: { subject: 'Other', start: at('2026-12-01T10:00:00'), end: at('2026-12-01T12:00:00') },
  },
  { method: 'DELETE', path: '/v1.0/me/events/AAMkAD' },
  { method: 'POST', path: '/v1.0/me/events/AAMkAD/accept', json: { comment: 'Yes', sendResponse: true } },
  { method: 'POST', path: '/v1.0/me/events/AAMkAD/cancel', json: { comment: 'Off' } },
  {
    method: 'GET',
    path: '/v1.0/me/events/AAMkAD/instances',
    query: [
      ['startDateTime', '2026-11-20'],
      ['endDateTime', '2027-11-22'],
    ],
  },
  {
    method: 'POST',
    path: '/v1.0/me/sendMail',
    json: {
      message: {
        subject: 'Hi',
        body: { contentType: 'HTML', content: '<p>Hi</p>' },
        toRecipients: [{ emailAddress: { address: 'ben@alderfinch.example' } }],
      },
      saveToSentItems: true,
    },
  },
];
