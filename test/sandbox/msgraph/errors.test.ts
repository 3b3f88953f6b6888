import { GraphError } from '@microsoft/microsoft-graph-client';
import { expect } from 'vitest';
import { verifies } from '../../verifies.ts';
import { emailOf, errorOf, listOf, meeting, oidOf, startMsgraph } from './start.ts';

verifies('msgraph:token', 'no token and a bad one are refused 401, with a challenge', async () => {
  const { call, origin } = await startMsgraph();

  const none = await fetch(`${origin}/v1.0/me`);
  const bad = await call('mallory', 'GET /me');

  expect([none.status, none.headers.get('www-authenticate')]).toEqual([401, expect.stringContaining('Bearer ')]);
  expect(await none.json()).toMatchObject({ error: { code: 'InvalidAuthenticationToken' } });
  expect([bad.status, errorOf(bad).code]).toEqual([401, 'InvalidAuthenticationToken']);
});

verifies('msgraph:token', 'without the scope a call is refused 403 and does nothing', async () => {
  const { call, msgraph } = await startMsgraph();

  const read = await call('ana+User.Read', 'GET /me/events');
  const write = await call('ana+Calendars.Read', 'POST /me/events', { body: meeting() });
  const mail = await call('ana+Calendars.ReadWrite', 'POST /me/sendMail', { body: {} });
  const people = await call('ana+User.Read', 'GET /users');
  const other = await call('ana+User.Read', `GET /users/${oidOf('ben')}`);
  const self = await call('ana+User.Read', `GET /users/${oidOf('ana')}`);

  expect([read, write, mail].map((answer) => [answer.status, errorOf(answer).code])).toEqual(
    Array(3).fill([403, 'ErrorAccessDenied']),
  );
  expect([people, other].map((answer) => [answer.status, errorOf(answer).code])).toEqual(
    Array(2).fill([403, 'Authorization_RequestDenied']),
  );
  expect([self.status, msgraph.events(emailOf('ana'))]).toEqual([200, []]);
});

verifies('msgraph:token', 'an application alone has no me, and only the roles it was given', async () => {
  const { call } = await startMsgraph();

  const me = await call('app+Calendars.ReadWrite', 'GET /me/events');
  const wrongRole = await call('app+Mail.Send', `GET /users/${oidOf('ana')}/events`);
  const created = await call('app+Calendars.ReadWrite', `POST /users/${oidOf('ana')}/events`, { body: meeting() });
  const nobody = await call('app+Calendars.ReadWrite', 'GET /users/nobody@alderfinch.example/events');

  expect([me.status, errorOf(me).code, wrongRole.status]).toEqual([400, 'BadRequest', 403]);
  expect([created.status, nobody.status, errorOf(nobody).code]).toEqual([201, 404, 'ErrorInvalidUser']);
});

verifies('msgraph:token', 'ReadBasic lists events without their bodies', async () => {
  const { call } = await startMsgraph();
  await call('ana', 'POST /me/events', { body: meeting({ body: { contentType: 'text', content: 'secret' } }) });

  const basic = await call('ana+Calendars.ReadBasic', 'GET /me/events');

  expect(listOf(basic)[0]).toHaveProperty('subject', 'Sync');
  expect(JSON.stringify(basic.body)).not.toContain('secret');
});

verifies('msgraph:errors', 'an error has a code, a message and the ids, which are in the headers too', async () => {
  const { call } = await startMsgraph();
  const clientRequestId = '7b6b5c1e-0000-4000-8000-000000000001';

  const answer = await call('ana', 'GET /me/events/x', { headers: { 'client-request-id': clientRequestId } });

  const requestId = answer.headers.get('request-id');
  expect(requestId).toMatch(/^[0-9a-f-]{36}$/);
  expect(answer.headers.get('client-request-id')).toBe(clientRequestId);
  expect(errorOf(answer)).toEqual({
    code: 'ErrorInvalidIdMalformed',
    message: 'Id is malformed.',
    innerError: {
      date: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d$/) as string,
      'request-id': requestId,
      'client-request-id': clientRequestId,
    },
  });
});

verifies('msgraph:errors', 'unknown paths are told by their segment; what is not played says so', async () => {
  const { call } = await startMsgraph();
  const outcome = async (what: string) => {
    const answer = await call('ana', what, what.startsWith('POST') ? { body: {} } : {});
    return [answer.status, errorOf(answer).code, errorOf(answer).message];
  };

  const unknown = await outcome('GET /me/calender');
  const batch = await outcome('POST /$batch');
  const schedule = await outcome('POST /me/calendar/getSchedule');
  const method = await outcome('DELETE /me/calendars');

  expect(unknown).toEqual([400, 'BadRequest', "Resource not found for the segment 'calender'."]);
  expect([batch.slice(0, 2), schedule.slice(0, 2)]).toEqual(Array(2).fill([501, 'NotImplemented']));
  expect(method[0]).toBe(405);
});

verifies('msgraph:errors', 'a throttled call carries Retry-After; the vendor’s own client waits for it and goes on', async () => {
  const { context, call, client } = await startMsgraph();
  context.faults.add({ vendor: 'msgraph', effect: 'answer', status: 429, retryAfterSeconds: 0, times: 2 });

  const throttled = await call('ana', 'GET /me');
  const me = (await client('ana').api('/me').get()) as Record<string, unknown>;

  expect([throttled.status, throttled.headers.get('retry-after'), errorOf(throttled).code]).toEqual([
    429,
    '0',
    'ApplicationThrottled',
  ]);
  expect(me['displayName']).toBe('Ana Ribeiro');
  expect(context.journal.entries('msgraph').map(({ status }) => status)).toEqual([429, 429, 200]);
});

verifies('msgraph:errors', 'a create whose answer is lost was done: the same transactionId finds it', async () => {
  const { context, call, msgraph } = await startMsgraph();
  context.faults.add({ vendor: 'msgraph', effect: 'answer-after-doing', match: { path: '/me/events' } });

  const lost: unknown = await call('ana', 'POST /me/events', { body: meeting({ transactionId: 't-1' }) }).catch(
    (error: unknown) => error,
  );
  const again = await call('ana', 'POST /me/events', { body: meeting({ transactionId: 't-1' }) });

  expect(lost).toBeInstanceOf(Error);
  expect(errorOf(again)).toMatchObject({ '@event.existingEventId': msgraph.events(emailOf('ana'))[0]?.['id'] });
  expect(msgraph.events(emailOf('ana'))).toHaveLength(1);
});

verifies('msgraph:errors', 'the vendor’s own client reads them', async () => {
  const { client, msgraph } = await startMsgraph();

  const error: unknown = await client('ana')
    .api('/users/nobody')
    .get()
    .catch((thrown: unknown) => thrown);

  expect(error).toBeInstanceOf(GraphError);
  expect(error).toMatchObject({ statusCode: 404, code: 'Request_ResourceNotFound', requestId: expect.any(String) as string });
  expect(msgraph.busy()).toBe(false);
});
