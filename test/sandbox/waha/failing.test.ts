import { expect } from 'vitest';
import { verifies } from '../../verifies.ts';
import { ana, startWaha, toAna } from './support.ts';

const own = '3EB07A58FD4C0470E5BAC5';

verifies('waha:send-errors', '401 without the key, but for /ping', async () => {
  const { api, baseUrl } = await startWaha();

  const [ping, health, send] = await Promise.all(
    ['/ping', '/health', '/api/sessions'].map((path) => fetch(baseUrl + path, { headers: { 'X-Api-Key': 'wrong' } })),
  );

  expect([ping?.status, health?.status, send?.status]).toEqual([200, 401, 401]);
  expect(await send?.json()).toEqual({ message: 'Unauthorized', statusCode: 401 });
  expect((await api('GET', '/ping')).body).toEqual({ message: 'pong' });
  expect((await api('GET', '/health')).body).toMatchObject({ status: 'ok' });
  expect((await fetch(`${baseUrl}/api/server/version?x-api-key=test-key`)).status).toBe(200);
});

verifies('waha:send-errors', '422 after a wait when the session is down, in a shape of its own', async () => {
  const { waha, api, context } = await startWaha({ statusWaitMs: 10_000 });
  waha.setSessionStatus('SCAN_QR_CODE');

  const answer = api('POST', '/api/sendText', toAna('hello'));
  const early = await Promise.race([answer, new Promise((resolve) => setTimeout(resolve, 50, 'waiting'))]);
  context.clock.advance(10_000);

  expect(early).toBe('waiting');
  expect(await answer).toEqual({
    status: 422,
    body: {
      error: 'Session status is not as expected. Try again later or restart the session',
      ...{ session: 'default', status: 'SCAN_QR_CODE', expected: ['WORKING'] },
    },
  });
  expect(waha.chat(ana.phone)).toEqual([]);
});

verifies('waha:send-errors', 'a session that comes back in time sends', async () => {
  const { waha, api } = await startWaha({ statusWaitMs: 10_000 });
  waha.setSessionStatus('STARTING');

  const answer = api('POST', '/api/sendText', toAna('hello'));
  await expect.poll(() => waha.busy()).toBe(true);
  waha.setSessionStatus('WORKING');

  expect((await answer).status).toBe(201);
});

verifies('waha:send-errors', 'an unknown session, none, and bad JSON', async () => {
  const { api, baseUrl } = await startWaha();
  const headers = { 'X-Api-Key': 'test-key', 'content-type': 'application/json' };

  const unknown = await api('POST', '/api/sendText', toAna('hello', { session: 'x' }));
  const none = await api('POST', '/api/sendText', toAna('hello', { session: undefined }));
  const bad = await fetch(`${baseUrl}/api/sendText`, { method: 'POST', headers, body: '{"session":' });

  expect(unknown).toEqual({ status: 422, body: { error: 'Session "x" does not exist', session: 'x' } });
  expect(none.body).toEqual({ message: 'Session name is required', error: 'Bad Request', statusCode: 400 });
  expect([bad.status, await bad.json()]).toMatchObject([400, { error: 'Bad Request', statusCode: 400 }]);
});

verifies('waha:send-errors', 'a 500 echoes the request', async () => {
  const { api } = await startWaha();
  const request = { ...toAna(''), text: undefined, note: 'secret' };

  const answer = await api('POST', '/api/sendText', request);

  expect(answer).toMatchObject({
    status: 500,
    body: {
      statusCode: 500,
      exception: { name: 'TypeError', message: "Cannot read properties of undefined (reading 'match')" },
      request: { path: '/api/sendText', method: 'POST', body: { note: 'secret' }, query: {} },
      version: { version: '2026.8.2', engine: 'GOWS' },
    },
  });
});

verifies('waha:send-errors', 'GOWS finds no lid for a number that is not on WhatsApp', async () => {
  const { api } = await startWaha();

  const answer = await api('POST', '/api/sendText', { ...toAna('hello'), chatId: '4915110000@c.us' });

  const message = '2 UNKNOWN: no LID found for 4915110000@s.whatsapp.net from server';
  expect(answer).toMatchObject({ status: 500, body: { exception: { message, code: 2 } } });
});

verifies('waha:send-errors', 'a restricted account writes to nobody new: 463', async () => {
  const { waha, api, receiver } = await startWaha({ webhook: { events: ['session.status'] } });
  waha.receive({ from: ana.phone, text: 'hi' });

  waha.restrict(true);

  const toBen = await api('POST', '/api/sendText', { ...toAna('hello'), chatId: '15550100002@c.us' });
  expect(toBen).toMatchObject({ status: 500, body: { exception: { message: '2 UNKNOWN: server returned error 463' } } });
  expect((await api('POST', '/api/sendText', toAna('hello'))).status).toBe(201);
  const [told] = await receiver.arrived(1);
  expect(told?.body.payload).toMatchObject({ status: 'WORKING', data: { reachoutTimelock: { isActive: true } } });
});

verifies('waha:send-errors', 'what is not played is refused, never half-played', async () => {
  const { api } = await startWaha();

  const group = await api('POST', '/api/sendText', { ...toAna('hello'), chatId: '120363040000000000@g.us' });

  expect([group.status, (await api('POST', '/api/sendPoll', {})).status]).toEqual([501, 501]);
  expect((await api('GET', '/api/nope')).body).toEqual({
    ...{ message: 'Cannot GET /api/nope', error: 'Not Found', statusCode: 404 },
  });
});

verifies('waha:faults', 'sends, although it answers an error', async () => {
  const { waha, api, context } = await startWaha();
  context.faults.add({ vendor: 'waha', match: { path: '/api/sendText' }, effect: 'answer-after-doing', status: 500 });

  const answer = await api('POST', '/api/sendText', toAna('hello', { id: own }));

  expect(answer).toMatchObject({ status: 500, body: { statusCode: 500, exception: {}, version: { engine: 'GOWS' } } });
  expect(waha.chat(ana.phone)).toMatchObject([{ id: own, text: 'hello' }]);
});

verifies('waha:faults', 'sends although nothing is answered, or refuses, or sends twice', async () => {
  const { waha, api, context } = await startWaha();
  const match = { method: 'POST', path: '/api/sendText' };
  context.faults.add({ vendor: 'waha', match, effect: 'answer-after-doing' });
  context.faults.add({ vendor: 'waha', match, effect: 'answer', status: 463, body: { statusCode: 500 } });
  context.faults.add({ vendor: 'waha', match, effect: 'duplicate' });

  await expect(api('POST', '/api/sendText', toAna('unanswered'))).rejects.toThrow();
  const refused = await api('POST', '/api/sendText', toAna('refused'));
  await api('POST', '/api/sendText', toAna('twice'));

  expect(refused.status).toBe(463);
  expect(waha.chat(ana.phone).map(({ text }) => text)).toEqual(['unanswered', 'twice', 'twice']);
});

verifies('waha:faults', 'a webhook is lost, late, doubled, or delivered and repeated', async () => {
  const retries = { policy: 'constant', delaySeconds: 0, attempts: 15 } as const;
  const { waha, receiver, context } = await startWaha({ webhook: { retries } });
  const on = (body: string) => ({ vendor: 'waha', match: { method: 'WEBHOOK', path: 'message', body } }) as const;
  context.faults.add({ ...on('lost'), effect: 'drop' });
  context.faults.add({ ...on('late'), effect: 'delay', delayMs: 10_000 });
  context.faults.add({ ...on('doubled'), effect: 'duplicate' });
  context.faults.add({ ...on('repeated'), effect: 'answer-after-doing' });
  context.faults.add({ ...on('refused'), effect: 'answer', status: 503 });

  for (const text of ['lost', 'late', 'doubled', 'repeated', 'refused']) waha.receive({ from: ana.phone, text });

  await receiver.arrived(5);
  context.clock.advance(10_000);
  await receiver.arrived(6);
  const came = receiver.received.map(({ body, headers, raw }) => ({
    ...{ text: String(body.payload.body), id: headers['x-webhook-request-id'], raw },
  }));
  const of = (text: string) => came.filter((one) => one.text === text);
  expect(came.map(({ text }) => text).sort()).toEqual(['doubled', 'doubled', 'late', 'refused', 'repeated', 'repeated']);
  expect(came.at(-1)?.text).toBe('late');
  expect([new Set(of('doubled').map(({ raw }) => raw)).size, new Set(of('doubled').map(({ id }) => id)).size]).toEqual([1, 2]);
  expect(new Set(of('repeated').map(({ id }) => id)).size).toBe(1);
  await expect
    .poll(() =>
      waha
        .deliveries()
        .map(({ status }) => status)
        .sort(),
    )
    .toEqual([...Array<string>(5).fill('delivered'), 'lost']);
});
