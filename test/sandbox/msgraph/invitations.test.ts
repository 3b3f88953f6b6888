import { expect } from 'vitest';
import { verifies } from '../../verifies.ts';
import { emailOf, errorOf, invited, listOf, meeting, seedOf, startMsgraph } from './start.ts';

async function startWithMeeting(rest: Record<string, unknown> = {}) {
  const started = await startMsgraph();
  const created = await started.call('ana', 'POST /me/events', {
    body: meeting({ attendees: invited('ben', 'chloe'), ...rest }),
  });
  const seenBy = (given: 'ana' | 'ben' | 'chloe' | 'dmitri') => started.msgraph.events(emailOf(given));
  const copyOf = (given: 'ben' | 'chloe' | 'dmitri') => `/me/events/${String(seenBy(given)[0]?.['id'])}`;
  return { ...started, created, original: `/me/events/${String(created.body['id'])}`, seenBy, copyOf };
}

const answersIn = (event: Record<string, unknown> | undefined) =>
  (event?.['attendees'] as { status: { response: string } }[]).map(({ status }) => status.response);

verifies('msgraph:invitations', 'each attendee has a copy of their own, with the same iCalUId, and a mail', async () => {
  const { created, seenBy, msgraph } = await startWithMeeting();

  const [copy] = seenBy('ben');

  expect(copy).toMatchObject({
    subject: 'Sync',
    isOrganizer: false,
    responseStatus: { response: 'notResponded' },
    showAs: 'tentative',
  });
  expect(copy).toMatchObject({ iCalUId: created.body['iCalUId'], organizer: { emailAddress: { address: emailOf('ana') } } });
  expect(copy?.['id']).not.toBe(created.body['id']);
  expect(msgraph.mailbox(emailOf('chloe'))).toMatchObject([{ subject: 'Sync', from: emailOf('ana'), to: [emailOf('chloe')] }]);
  expect(seenBy('ana')).toHaveLength(1);
});

verifies(
  'msgraph:invitations',
  'a copy has nothing of the organizer’s own, and its id opens it in its own mailbox alone',
  async () => {
    const { call, copyOf, original, seenBy } = await startWithMeeting({ transactionId: 't-1', categories: ['Red category'] });

    const own = await call('ben', 'POST /me/events', { body: meeting({ transactionId: 't-1' }) });
    const foreign = [await call('ben', `GET ${original}`), await call('ana', `GET ${copyOf('ben')}`)];

    expect(seenBy('ben')[0]).toMatchObject({ transactionId: null, categories: [] });
    expect(own.status).toBe(201);
    expect(foreign.map((answer) => [answer.status, errorOf(answer).code])).toEqual(Array(2).fill([404, 'ErrorItemNotFound']));
  },
);

verifies('msgraph:invitations', 'an answer reaches the organizer; declining takes the copy away', async () => {
  const { call, seenBy, copyOf } = await startWithMeeting();

  const accepted = await call('ben', `POST ${copyOf('ben')}/accept`, { body: { comment: 'fine', sendResponse: true } });
  const proposal = { start: meeting().end, end: { ...meeting().end, dateTime: '2027-01-12T10:00:00' } };
  const declined = await call('chloe', `POST ${copyOf('chloe')}/decline`, { body: { proposedNewTime: proposal } });

  expect([accepted.status, accepted.headers.get('content-type'), declined.status]).toEqual([202, null, 202]);
  expect(seenBy('ben')).toMatchObject([{ responseStatus: { response: 'accepted' }, showAs: 'busy' }]);
  expect(seenBy('chloe')).toEqual([]);
  expect(answersIn(seenBy('ana')[0])).toEqual(['accepted', 'declined']);
  expect(seenBy('ana')).toMatchObject([
    { attendees: [{}, { proposedNewTime: { start: { dateTime: '2027-01-12T09:30:00.0000000' } } }] },
  ]);
});

verifies('msgraph:invitations', 'an answer that is not sent stays in the attendee’s own calendar', async () => {
  const { call, seenBy, copyOf } = await startWithMeeting();

  await call('ben', `POST ${copyOf('ben')}/tentativelyAccept`, { body: { sendResponse: false } });

  expect(seenBy('ben')).toMatchObject([{ responseStatus: { response: 'tentativelyAccepted' } }]);
  expect(answersIn(seenBy('ana')[0])).toEqual(['none', 'none']);
});

verifies('msgraph:invitations', 'the organizer’s change reaches the copies, and a new time asks for new answers', async () => {
  const { call, seenBy, original, copyOf } = await startWithMeeting();
  await call('ben', `POST ${copyOf('ben')}/accept`, { body: {} });

  await call('ana', `PATCH ${original}`, { body: { subject: 'Renamed' } });
  const afterRename = seenBy('ben')[0];
  const end = { dateTime: '2027-01-12T10:30:00', timeZone: 'Europe/Lisbon' };
  await call('ana', `PATCH ${original}`, { body: { end } });

  expect(afterRename).toMatchObject({ subject: 'Renamed', responseStatus: { response: 'accepted' } });
  expect(seenBy('ben')).toMatchObject([
    { end: { dateTime: '2027-01-12T10:30:00.0000000' }, responseStatus: { response: 'notResponded' } },
  ]);
  expect(answersIn(seenBy('ana')[0])).toEqual(['none', 'none']);
});

verifies(
  'msgraph:invitations',
  'attendees in a change replace the list: new ones are invited, the others see it cancelled',
  async () => {
    const { call, seenBy, original } = await startWithMeeting();

    const changed = await call('ana', `PATCH ${original}`, { body: { attendees: invited('ben', 'dmitri') } });

    expect(listOf(changed, 'attendees')).toHaveLength(2);
    expect(seenBy('dmitri')).toMatchObject([{ subject: 'Sync', isCancelled: false }]);
    expect(seenBy('chloe')).toMatchObject([{ subject: 'Canceled: Sync', isCancelled: true }]);
  },
);

verifies('msgraph:invitations', 'cancelling is the organizer’s: it takes the event away and marks the copies', async () => {
  const { call, seenBy, original, copyOf, msgraph } = await startWithMeeting();

  const refused = await call('ben', `POST ${copyOf('ben')}/cancel`, { body: { comment: 'no' } });
  const cancelled = await call('ana', `POST ${original}/cancel`, { body: { Comment: 'All hands instead' } });

  expect([refused.status, errorOf(refused).message]).toEqual([400, expect.stringContaining('organizer to cancel')]);
  expect([cancelled.status, seenBy('ana')]).toEqual([202, []]);
  expect(seenBy('ben')).toMatchObject([{ subject: 'Canceled: Sync', isCancelled: true }]);
  expect(msgraph.mailbox(emailOf('ben')).at(-1)).toMatchObject({ subject: 'Canceled: Sync', bodyPreview: 'All hands instead' });
});

verifies('msgraph:invitations', 'an attendee decides only about their own copy, and an organizer answers nothing', async () => {
  const { call, seenBy, original, copyOf } = await startWithMeeting();

  const moved = await call('ben', `PATCH ${copyOf('ben')}`, {
    body: { end: { dateTime: '2027-01-12T12:00:00', timeZone: 'UTC' } },
  });
  const own = await call('ben', `PATCH ${copyOf('ben')}`, { body: { reminderMinutesBeforeStart: 5 } });
  const answered = await call('ana', `POST ${original}/accept`, { body: {} });
  const removed = await call('ben', `DELETE ${copyOf('ben')}`);

  expect([moved.status, own.status, answered.status, removed.status]).toEqual([400, 200, 400, 204]);
  expect(own.body).toMatchObject({ reminderMinutesBeforeStart: 5 });
  expect(seenBy('ana')).toMatchObject([{ reminderMinutesBeforeStart: 15, isCancelled: false }]);
});

verifies(
  'msgraph:invitations',
  'somebody else’s calendar is seen only where it is shared, and its private events without detail',
  async () => {
    const event = { organizer: emailOf('ana'), attendees: [], start: '2027-01-12T09:00:00', end: '2027-01-12T10:00:00' };
    const secret = { ...event, subject: 'Dentist', location: 'Rua Augusta', sensitivity: 'private' as const };
    const events = seedOf(secret, { ...event, subject: 'Open' })().events;
    const sharing = [{ owner: emailOf('ana'), reader: emailOf('ben'), role: 'read' as const }];
    const { call } = await startMsgraph({ seed: () => ({ events, sharing }) });
    const list = `GET /users/${emailOf('ana')}/events?$select=subject,location,sensitivity`;

    const shared = await call('ben', list);
    const application = await call('app+Calendars.Read', list);
    const notShared = await call('chloe', list);
    const withoutScope = await call('ben+Calendars.ReadWrite', list);
    const write = await call('ben+Calendars.ReadWrite.Shared', `POST /users/${emailOf('ana')}/events`, { body: meeting() });

    expect(listOf(shared)).toMatchObject([
      { subject: 'Private Appointment', location: { displayName: '' } },
      { subject: 'Open' },
    ]);
    expect(listOf(application)).toMatchObject([
      { subject: 'Dentist', location: { displayName: 'Rua Augusta' } },
      { subject: 'Open' },
    ]);
    expect([notShared.status, errorOf(notShared).code]).toEqual([404, 'ErrorItemNotFound']);
    expect([withoutScope.status, write.status]).toEqual([403, 403]);
  },
);

verifies('msgraph:invitations', 'an invitation to people elsewhere is taken, and nobody here is told', async () => {
  const { call, msgraph } = await startMsgraph();
  const attendees = [{ emailAddress: { address: 'guest@elsewhere.example' } }];

  const created = await call('ana', 'POST /me/events', { body: meeting({ attendees }) });

  expect(listOf(created, 'attendees')).toMatchObject([{ emailAddress: { name: 'guest@elsewhere.example' } }]);
  expect(['ana', 'ben', 'chloe', 'dmitri', 'eva'].flatMap((given) => msgraph.mailbox(`${given}@alderfinch.example`))).toEqual([]);
});
