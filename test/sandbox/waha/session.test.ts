import { expect } from 'vitest';
import { verifies } from '../../verifies.ts';
import { ana, startWaha, toAna } from './support.ts';

const onStatus = { webhook: { events: ['session.status'] } };
const statuses = (requests: readonly { body: { payload: Readonly<Record<string, unknown>> } }[]) =>
  requests.map(({ body }) => body.payload.status);

verifies('waha:session', 'tells its status, who it is, and its webhook with the secret in clear', async () => {
  const { api, receiver } = await startWaha();

  const answer = await api('GET', '/api/sessions/default');

  const me = { id: '15550100000@c.us', pushName: 'Adjutant', lid: '314159265358979@lid' };
  expect(answer).toMatchObject({ status: 200, body: { name: 'default', status: 'WORKING', me } });
  expect(answer.body).toMatchObject({ config: { webhooks: [{ url: receiver.url, hmac: { key: 'test-hmac-key' } }] } });
  expect((await api('GET', '/api/sessions/default/me')).body).toMatchObject({ jid: '15550100000:12@s.whatsapp.net' });
  expect((await api('GET', '/api/sessions/nope')).status).toBe(404);
});

verifies('waha:session', 'restarts, and tells each state by webhook', async () => {
  const { waha, api, receiver, context } = await startWaha(onStatus);

  const started = await api('POST', '/api/sessions/default/restart');
  context.clock.advance(1_000);

  const requests = await receiver.arrived(3);
  const byTime = [...requests].sort((a, b) => a.body.timestamp - b.body.timestamp);
  expect(started).toMatchObject({ status: 201, body: { name: 'default', status: 'STARTING' } });
  expect(statuses(byTime).sort()).toEqual(['STARTING', 'STOPPED', 'WORKING']);
  const working = requests.find(({ body }) => body.payload.status === 'WORKING');
  expect(working?.body.payload).toMatchObject({
    name: 'default',
    statuses: [{ status: 'STARTING' }, { status: 'WORKING' }],
    data: null,
  });
  expect(requests.find(({ body }) => body.payload.status === 'STARTING')?.body.me).toBeNull();
  expect(waha.status()).toBe('WORKING');
});

verifies('waha:session', 'is stopped and started, but not started twice', async () => {
  const { waha, api, context } = await startWaha();

  const running = await api('POST', '/api/sessions/default/start');
  await api('POST', '/api/sessions/default/stop');
  const stopped = [(await api('GET', '/api/sessions')).body, (await api('GET', '/api/sessions?all=true')).body];
  await api('POST', '/api/sessions/default/start');
  context.clock.advance(1_000);

  expect(running).toMatchObject({ status: 422, body: { message: "Session 'default' is already started." } });
  expect(stopped).toMatchObject([[], [{ status: 'STOPPED' }]]);
  expect(waha.status()).toBe('WORKING');
});

verifies('waha:session', 'once logged out it asks for its QR code', async () => {
  const { waha, api, context } = await startWaha(onStatus);
  const early = await api('GET', '/api/default/auth/qr');
  await api('POST', '/api/sessions/default/logout');
  await api('POST', '/api/sessions/default/start');
  context.clock.advance(1_000);

  const code = await api('GET', '/api/default/auth/qr?format=raw');

  expect(early).toMatchObject({ status: 422, body: { status: 'WORKING', expected: ['SCAN_QR_CODE'] } });
  expect([waha.status(), (code.body as { value: string }).value]).toEqual(['SCAN_QR_CODE', expect.stringMatching(/^2@/)]);
  expect((await api('GET', '/api/sessions/default/me')).body).toBeNull();
  waha.setSessionStatus('WORKING');
  expect((await api('POST', '/api/sendText', toAna('back'))).status).toBe(201);
});

verifies('waha:session', 'the page is told of messages, acks and typing', async () => {
  const { waha, api } = await startWaha();
  const changes: string[] = [];
  const stop = waha.listen((change) => void changes.push(change.kind === 'typing' ? `typing ${change.typing}` : change.kind));

  waha.receive({ from: ana.phone, text: 'hi' });
  await api('POST', '/api/startTyping', { session: 'default', chatId: `${ana.lid}@lid` });
  await api('POST', '/api/sendText', toAna('hello'));
  await expect.poll(() => waha.chat(ana.phone).at(-1)?.ack).toBe(3);
  stop();
  waha.receive({ from: ana.phone, text: 'unheard' });

  expect(changes).toEqual(['message', 'typing true', 'typing false', 'message', 'ack', 'ack', 'ack']);
});

verifies('waha:session', 'a phone with another lid is another person to WAHA', async () => {
  const { waha, api } = await startWaha();

  waha.setPerson({ ...ana, lid: '999888777666555' });
  waha.receive({ from: ana.phone, text: 'a recycled number' });

  expect((await api('GET', '/api/default/lids/pn/15550100001')).body).toMatchObject({ lid: '999888777666555@lid' });
  expect((await api('GET', `/api/default/lids/${ana.lid}`)).body).toEqual({ lid: `${ana.lid}@lid`, pn: null });
});
