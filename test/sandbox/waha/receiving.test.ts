import { expect } from 'vitest';
import { verifies } from '../../verifies.ts';
import { ana, ben, startWaha } from './support.ts';

const both = { events: ['message', 'message.any'] };

verifies('waha:webhook-signed', 'message and message.any of one message share their envelope id', async () => {
  const { waha, receiver } = await startWaha({ webhook: both });

  waha.receive({ from: ana.phone, text: 'hi' });

  const requests = await receiver.arrived(2);
  expect(requests.map(({ body }) => body.event).sort()).toEqual(['message', 'message.any']);
  expect(new Set(requests.map(({ body }) => body.id)).size).toBe(1);
  expect(new Set(requests.map(({ headers }) => headers['x-webhook-request-id'])).size).toBe(2);
});

verifies('waha:duplicates', 'the engine tells of it twice, under new envelope ids', async () => {
  const { waha, receiver } = await startWaha();

  const { id } = waha.receive({ from: ana.phone, text: 'hi', duplicate: true });

  const requests = await receiver.arrived(2);
  expect(requests.map(({ body }) => body.payload.id)).toEqual(Array(2).fill(`false_${ana.lid}@lid_${id}`));
  expect(new Set(requests.map(({ body }) => body.id)).size).toBe(2);
  expect(waha.chat(ana.phone)).toHaveLength(1);
});

verifies('waha:duplicates', 'as twins it comes under the lid and under the phone', async () => {
  const { waha, receiver } = await startWaha();

  const { id } = waha.receive({ from: ana.phone, text: 'hi', twins: true });

  const requests = await receiver.arrived(2);
  expect(requests.map(({ body }) => body.payload.id).sort()).toEqual([
    `false_15550100001@c.us_${id}`,
    `false_${ana.lid}@lid_${id}`,
  ]);
});

verifies('waha:lids', 'the phone of a lid is told in the raw message only, each engine in its own place', async () => {
  const [noweb, gows] = [await startWaha({ engine: 'NOWEB' }), await startWaha({ engine: 'GOWS' })];

  noweb.waha.receive({ from: ana.phone, text: 'hi' });
  gows.waha.receive({ from: ana.phone, text: 'hi' });

  const payloads = [await noweb.receiver.arrived(1), await gows.receiver.arrived(1)].map(([request]) => request?.body.payload);
  expect(payloads.map((payload) => payload?.from)).toEqual([`${ana.lid}@lid`, `${ana.lid}@lid`]);
  expect(payloads[0]?._data).toMatchObject({ key: { remoteJidAlt: '15550100001@s.whatsapp.net', addressingMode: 'lid' } });
  expect(payloads[1]?._data).toMatchObject({ Info: { SenderAlt: '15550100001@s.whatsapp.net', AddressingMode: '' } });
});

verifies('waha:lids', 'or not at all', async () => {
  const { waha, receiver } = await startWaha();

  waha.receive({ from: ana.phone, text: 'hi', withoutAlt: true });

  const [request] = await receiver.arrived(1);
  expect(request?.raw).not.toContain('15550100001');
});

verifies('waha:lids', 'the API answers null for what it does not know', async () => {
  const { waha, api } = await startWaha();

  const pair = { lid: `${ana.lid}@lid`, pn: '15550100001@c.us' };
  expect(await api('GET', `/api/default/lids/${ana.lid}%40lid`)).toEqual({ status: 200, body: pair });
  expect(await api('GET', '/api/default/lids/pn/15550100001')).toEqual({ status: 200, body: pair });
  expect((await api('GET', '/api/default/lids/count')).body).toEqual({ count: 2 });
  expect((await api('GET', '/api/default/lids/999')).body).toEqual({ lid: '999@lid', pn: null });
  expect((await api('GET', '/api/default/lids/pn/999')).body).toEqual({ lid: null, pn: '999@c.us' });
  waha.hideLid(ana.phone);
  expect((await api('GET', `/api/default/lids/${ana.lid}`)).body).toEqual({ lid: `${ana.lid}@lid`, pn: null });
  expect((await api('GET', '/api/default/lids?limit=1')).body).toEqual([{ lid: `${ben.lid}@lid`, pn: '15550100002@c.us' }]);
});

verifies('waha:lids', 'check-exists says whether a number is on WhatsApp', async () => {
  const { api } = await startWaha();

  const known = await api('GET', '/api/contacts/check-exists?phone=15550100001&session=default');
  const unknown = await api('GET', '/api/contacts/check-exists?phone=4915110000&session=default');

  expect(known.body).toEqual({ numberExists: true, chatId: '15550100001@c.us', pn: '15550100001@c.us' });
  expect(unknown.body).toEqual({ numberExists: false });
});

verifies('waha:webhook-signed', 'an answer, an edit, a deletion and a reaction come in their own shapes', async () => {
  const { waha, receiver } = await startWaha({ engine: 'NOWEB', webhook: { events: ['*'] } });
  const { id: asked } = waha.receive({ from: ana.phone, text: 'Hi there!' });

  waha.receive({ from: ana.phone, text: 'yes to that', quoted: asked });
  waha.react(ana.phone, asked, '👍');
  waha.edit(ana.phone, asked, 'Hi there! (edited)');
  waha.revoke(ana.phone, asked);

  const [, quoting] = await receiver.arrived(2, 'message');
  expect(quoting?.body.payload.replyTo).toMatchObject({ id: asked, participant: `${ana.lid}@lid`, body: 'Hi there!' });
  const [reaction] = await receiver.arrived(1, 'message.reaction');
  expect(reaction?.body.payload.reaction).toEqual({ text: '👍', messageId: `false_${ana.lid}@lid_${asked}` });
  const [edited] = await receiver.arrived(1, 'message.edited');
  expect(edited?.body.payload).toMatchObject({ body: 'Hi there! (edited)', editedMessageId: asked });
  const [revoked] = await receiver.arrived(1, 'message.revoked');
  expect(revoked?.body.payload).toMatchObject({ before: null, revokedMessageId: asked, after: { body: null } });
  expect(waha.chat(ana.phone).map(({ text, deleted }) => [text, deleted])).toEqual([
    ['', true],
    ['yes to that', false],
  ]);
});

verifies('waha:session', 'what was written while it was away comes with the old time and a fresh envelope', async () => {
  const { waha, receiver, context } = await startWaha();
  waha.setSessionStatus('FAILED');
  waha.receive({ from: ana.phone, text: 'still there?' });
  const [written] = waha.chat(ana.phone);
  context.clock.advance(60_000);

  waha.setSessionStatus('WORKING');

  const [request] = await receiver.arrived(1);
  expect(request?.body.payload.timestamp).toBe(written?.timestamp);
  expect((request?.body.timestamp ?? 0) - (written?.timestamp ?? 0) * 1_000).toBeGreaterThanOrEqual(60_000);
  expect([written?.ack, waha.chat(ana.phone)[0]?.ack]).toEqual([1, 2]);
});

verifies('waha:duplicates', 'any other event can be sent as it was captured', async () => {
  const { waha, receiver } = await startWaha({ webhook: { events: ['*'] } });

  const call = { id: 'CALL1', from: '4915112345678@c.us', timestamp: 1795222101.637, isVideo: false, isGroup: false, _data: {} };
  waha.emit('call.received', call);
  waha.emit('engine.event', {});

  const requests = await receiver.arrived(1);
  expect(requests.map(({ body }) => body.event)).toEqual(['call.received']);
});
