import { GraphError } from '@microsoft/microsoft-graph-client';
import { expect } from 'vitest';
import { verifies } from '../../verifies.ts';
import { errorOf, emailOf, invited, listOf, meeting, startMsgraph } from './start.ts';

const idOf = ({ body }: { body: Record<string, unknown> }) => String(body['id']);

verifies('msgraph:create-event', 'an event is answered 201, whole, in the zone asked for', async () => {
  const { client, call } = await startMsgraph();
  const body = { contentType: 'HTML', content: 'Does <b>noon</b> work?' };

  const created = (await client('ana')
    .api('/me/events')
    .header('Prefer', 'outlook.timezone="Eastern Standard Time"')
    .post(meeting({ body, attendees: invited('ben'), location: { displayName: 'Atrium' } }))) as Record<string, unknown>;
  const read = await call('ana', `GET /me/events/${String(created['id'])}`, {
    headers: { prefer: 'outlook.body-content-type="text"' },
  });

  expect(created).toMatchObject({
    subject: 'Sync',
    type: 'singleInstance',
    isOrganizer: true,
    responseStatus: { response: 'organizer' },
    start: { dateTime: '2027-01-12T04:00:00.0000000', timeZone: 'Eastern Standard Time' },
    originalStartTimeZone: 'Europe/Lisbon',
    bodyPreview: 'Does noon work?',
    body: { contentType: 'html' },
    location: { displayName: 'Atrium' },
    attendees: [
      { type: 'required', status: { response: 'none' }, emailAddress: { name: 'Ben Okafor', address: emailOf('ben') } },
    ],
    organizer: { emailAddress: { name: 'Ana Ribeiro', address: emailOf('ana') } },
  });
  expect(created['@odata.etag']).toMatch(/^W\/".+"$/);
  expect(read.body).toMatchObject({ id: created['id'], body: { contentType: 'text', content: 'Does noon work?' } });
});

verifies('msgraph:create-event', 'a repeat of a transactionId is refused and makes no second event', async () => {
  const { call, msgraph } = await startMsgraph();
  const first = await call('ana', 'POST /me/events', { body: meeting({ transactionId: 't-1' }) });

  const repeat = await call('ana', 'POST /me/calendar/events', { body: meeting({ transactionId: 't-1', subject: 'Other' }) });
  const others = await call('ben', 'POST /me/events', { body: meeting({ transactionId: 't-1' }) });

  expect([repeat.status, errorOf(repeat).code]).toEqual([400, 'ErrorDuplicateTransactionId']);
  expect(errorOf(repeat)).toMatchObject({ '@event.existingEventId': first.body['id'] });
  expect(msgraph.events(emailOf('ana'))).toHaveLength(1);
  expect([first.body['transactionId'], others.status]).toEqual(['t-1', 201]);
});

verifies('msgraph:create-event', 'the other answer seen in the wild to a repeat can be asked for', async () => {
  const { call } = await startMsgraph({ duplicateTransaction: { status: 409, tellsExistingEvent: false } });
  await call('ana', 'POST /me/events', { body: meeting({ transactionId: 't-1' }) });

  const repeat = await call('ana', 'POST /me/events', { body: meeting({ transactionId: 't-1' }) });

  expect([repeat.status, errorOf(repeat).code]).toEqual([409, 'ErrorDuplicateTransactionId']);
  expect(errorOf(repeat)).not.toHaveProperty('@event.existingEventId');
});

verifies('msgraph:create-event', 'without a transactionId nothing is folded', async () => {
  const { call, msgraph } = await startMsgraph();

  await call('ana', 'POST /me/events', { body: meeting() });
  await call('ana', 'POST /me/events', { body: meeting() });

  expect(msgraph.events(emailOf('ana'))).toHaveLength(2);
});

verifies('msgraph:create-event', 'bad bodies are refused as Graph does, and change nothing', async () => {
  const { call, msgraph } = await startMsgraph();
  const late = { dateTime: '2027-01-12T11:00:00', timeZone: 'Europe/Lisbon' };
  const codeOf = async (body: unknown) => {
    const answer = await call('ana', 'POST /me/events', { body });
    return [answer.status, errorOf(answer).code];
  };

  const codes = [
    await codeOf(meeting({ start: late })),
    await codeOf({ subject: 'no times' }),
    await codeOf(meeting({ end: { ...late, timeZone: 'Europe/Berlin' } })),
    await codeOf(meeting({ end: { ...late, timeZone: 'Nowhere' } })),
    await codeOf(meeting({ isAllDay: true })),
    await codeOf(meeting({ attendees: [{ emailAddress: { address: 'Ben' } }] })),
    await codeOf(meeting({ title: 'no such property' })),
    await codeOf(meeting({ attendees: [{ emailAddress: { email: 'ben@alderfinch.example' } }] })),
    await codeOf(meeting({ importance: 'urgent' })),
    await codeOf('{"subject":'),
    await codeOf(meeting({ attachments: [] })),
  ];

  const invalid = [400, 'ErrorPropertyValidationFailure'];
  const unread = [400, 'RequestBodyRead'];
  expect(codes.slice(0, 3)).toEqual([invalid, invalid, invalid]);
  expect(codes.slice(3, 6)).toEqual([[400, 'TimeZoneNotSupportedException'], invalid, invalid]);
  expect(codes.slice(6)).toEqual([unread, unread, unread, [400, 'BadRequest'], [501, 'NotImplemented']]);
  expect(msgraph.events(emailOf('ana'))).toEqual([]);
});

verifies('msgraph:create-event', 'a Teams meeting has its link, and keeps it until its block leaves the body', async () => {
  const { call } = await startMsgraph();

  const created = await call('ana', 'POST /me/events', { body: meeting({ isOnlineMeeting: true }) });
  const path = `/me/events/${idOf(created)}`;
  const stillOn = await call('ana', `PATCH ${path}`, { body: { isOnlineMeeting: false, subject: 'Still on' } });
  const lost = await call('ana', `PATCH ${path}`, { body: { body: { contentType: 'text', content: 'new text' } } });

  expect(created.body).toMatchObject({ isOnlineMeeting: true, onlineMeetingProvider: 'teamsForBusiness' });
  expect(created.body['onlineMeeting']).toHaveProperty('joinUrl', expect.stringMatching(/^https:\/\/teams\.microsoft\.com\//));
  expect([stillOn.body['isOnlineMeeting'], lost.body['isOnlineMeeting']]).toEqual([true, false]);
});

verifies('msgraph:update-delete-event', 'a change makes a new ETag; an old one is refused 412 and changes nothing', async () => {
  const { call, client, msgraph } = await startMsgraph();
  const created = await call('ana', 'POST /me/events', { body: meeting() });
  const path = `/me/events/${idOf(created)}`;
  const stale = String(created.body['@odata.etag']);

  const changed = await call('ana', `PATCH ${path}`, { body: { subject: 'Moved' }, headers: { 'if-match': stale } });
  const refused: unknown = await client('ana')
    .api(path)
    .header('If-Match', stale)
    .patch({ subject: 'Lost update' })
    .catch((error: unknown) => error);
  const keptAlive = await call('ana', `DELETE ${path}`, { headers: { 'if-match': stale } });

  expect(changed.body).toMatchObject({ subject: 'Moved' });
  expect(changed.body['@odata.etag']).not.toBe(stale);
  expect(refused).toBeInstanceOf(GraphError);
  expect(refused).toMatchObject({ statusCode: 412, code: 'ErrorIrresolvableConflict' });
  expect(keptAlive.status).toBe(412);
  expect(msgraph.events(emailOf('ana'))).toMatchObject([{ subject: 'Moved' }]);
});

verifies('msgraph:update-delete-event', 'a deleted event is gone; unknown and malformed ids are told apart', async () => {
  const { call } = await startMsgraph();
  const path = `/me/events/${idOf(await call('ana', 'POST /me/events', { body: meeting() }))}`;

  const deleted = await call('ana', `DELETE ${path}`);
  const gone = await call('ana', `GET ${path}`);
  const malformed = await call('ana', 'GET /me/events/42');

  expect([deleted.status, deleted.headers.get('content-type')]).toEqual([204, null]);
  expect([gone.status, errorOf(gone).code]).toEqual([404, 'ErrorItemNotFound']);
  expect([malformed.status, errorOf(malformed).code]).toEqual([400, 'ErrorInvalidIdMalformed']);
});

verifies('msgraph:update-delete-event', 'immutable ids are given when preferred and lead to the same event', async () => {
  const { call } = await startMsgraph();
  const created = await call('ana', 'POST /me/events', { body: meeting() });

  const immutable = await call('ana', `GET /me/events/${idOf(created)}`, { headers: { prefer: 'IdType="ImmutableId"' } });
  const back = await call('ana', `GET /me/events/${idOf(immutable)}`);

  expect(idOf(immutable)).not.toBe(idOf(created));
  expect(immutable.headers.get('preference-applied')).toBe('IdType="ImmutableId"');
  expect(idOf(back)).toBe(idOf(created));
});

verifies('msgraph:create-event', 'the default calendar is told with its id, and events go by it too', async () => {
  const { call } = await startMsgraph();

  const calendars = await call('ana', 'GET /me/calendars');
  const id = String(listOf(calendars)[0]?.['id']);
  const created = await call('ana', `POST /me/calendars/${id}/events`, { body: meeting() });
  const listed = await call('ana', `GET /me/calendars/${id}/events?$select=subject`);
  const unknown = await call('ana', `GET /me/calendars/${id.slice(0, -4)}AAA=/events`);

  expect(listOf(calendars)).toMatchObject([{ name: 'Calendar', isDefaultCalendar: true, owner: { address: emailOf('ana') } }]);
  expect([created.status, listOf(listed).length, unknown.status]).toEqual([201, 1, 404]);
});
