import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, onTestFinished } from 'vitest';
import { verifies } from '../../verifies.ts';
import { ana, ben, startWaha, toAna } from './support.ts';

const own = '3EB07A58FD4C0470E5BAC5';

verifies('waha:send-text', 'under an id made before, shown in the chat', async () => {
  const { waha, api } = await startWaha();

  const made = (await api('GET', '/api/default/new-message-id')).body as { id: string };
  const answer = await api('POST', '/api/sendText', toAna('Hello *bold*', { id: made.id }));

  expect(made.id).toMatch(/^3EB0[0-9A-F]{18}$/);
  expect(answer).toMatchObject({ status: 201, body: { id: `true_${ana.lid}@lid_${made.id}` } });
  expect(waha.chat(ana.phone)).toMatchObject([{ id: made.id, fromMe: false, text: 'Hello *bold*', sends: 1 }]);
  expect(waha.chat(ben.phone)).toEqual([]);
});

verifies('waha:send-text', 'NOWEB answers what Baileys gave it', async () => {
  const { api } = await startWaha({ engine: 'NOWEB' });

  const answer = await api('POST', '/api/sendText', { ...toAna('Hello *bold*', { id: own }), chatId: '15550100001' });

  expect(answer.status).toBe(201);
  expect(answer.body).toEqual({
    key: { remoteJid: '15550100001@s.whatsapp.net', fromMe: true, id: own },
    message: { extendedTextMessage: { text: 'Hello *bold*' } },
    messageTimestamp: expect.stringMatching(/^\d{10}$/) as string,
    status: 'PENDING',
  });
});

verifies('waha:send-text', 'sent again under its id it shows once and is counted', async () => {
  const { waha, api } = await startWaha();

  await api('POST', '/api/sendText', toAna('once', { id: own }));
  const again = await api('POST', '/api/sendText', { ...toAna('once', { id: own }), chatId: '15550100001@c.us' });
  await api('POST', '/api/sendText', { ...toAna('to Ben', { id: own }), chatId: `${ben.lid}@lid` });

  expect(again.status).toBe(201);
  expect(waha.chat(ana.phone)).toMatchObject([{ id: own, text: 'once', sends: 2 }]);
  expect(waha.chat(ben.phone)).toMatchObject([{ id: own, text: 'to Ben', sends: 1 }]);
});

verifies('waha:send-text', 'without an id it shows as often as it is sent; an older WAHA knows no id', async () => {
  const [current, older] = [await startWaha(), await startWaha({ version: '2026.4.2' })];

  for (let time = 0; time < 2; time += 1) {
    await current.api('POST', '/api/sendText', toAna('twice'));
    await older.api('POST', '/api/sendText', toAna('twice', { id: own }));
  }

  expect([current.waha.chat(ana.phone).length, older.waha.chat(ana.phone).length]).toEqual([2, 2]);
  expect((await older.api('GET', '/api/default/new-message-id')).status).toBe(404);
});

verifies('waha:send-text', 'quotes by the full id and by the bare one', async () => {
  const { waha, api } = await startWaha({ engine: 'NOWEB' });
  const { id } = waha.receive({ from: ana.phone, text: 'Hi there!', as: 'phone' });

  const full = await api('POST', '/api/sendText', toAna('reply', { reply_to: `false_15550100001@c.us_${id}` }));
  const bare = await api('POST', '/api/sendText', toAna('reply', { reply_to: id }));
  const unknown = await api('POST', '/api/sendText', toAna('reply', { reply_to: 'NOPE' }));

  const quote = { stanzaId: id, quotedMessage: { conversation: 'Hi there!' } };
  expect(full.body).toMatchObject({ message: { extendedTextMessage: { contextInfo: quote } } });
  expect(bare.body).toMatchObject({ message: { extendedTextMessage: { contextInfo: quote } } });
  expect(unknown).toMatchObject({ status: 201, body: { message: { extendedTextMessage: { text: 'reply' } } } });
  expect(JSON.stringify(unknown.body)).not.toContain('contextInfo');
});

verifies('waha:send-text', 'a preview opens the link before the person does, unless it is declined', async () => {
  const { api } = await startWaha();
  const opened: string[] = [];
  const site = createServer((request, response) => {
    opened.push(request.url ?? '');
    response.end();
  });
  await new Promise<void>((resolve) => site.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void site.close());
  const link = `http://127.0.0.1:${(site.address() as AddressInfo).port}`;

  await api('POST', '/api/sendText', toAna(`declined ${link}/declined`));
  await api('POST', '/api/sendText', toAna(`by default ${link}/default`, { linkPreview: undefined }));

  expect(opened).toEqual(['/default']);
});

verifies('waha:send-text', 'the typing shows until the message comes', async () => {
  const { waha, api, context } = await startWaha({ typingMs: 10_000 });
  const typing = { session: 'default', chatId: `${ana.lid}@lid` };

  const started = await api('POST', '/api/startTyping', typing);
  const shown = [waha.typing(ana.phone)];
  await api('POST', '/api/sendText', toAna('here'));
  shown.push(waha.typing(ana.phone));
  await api('POST', '/api/default/presence', { chatId: '15550100001@c.us', presence: 'typing' });
  shown.push(waha.typing(ana.phone));
  context.clock.advance(10_000);
  shown.push(waha.typing(ana.phone));

  expect(started).toEqual({ status: 201, body: { result: true } });
  expect(shown).toEqual([true, false, true, false]);
});

verifies('waha:send-text', 'what is typed on the account’s own phone comes as message.any alone, from the app', async () => {
  const { waha, receiver } = await startWaha({ webhook: { events: ['message', 'message.any'] } });

  const { id } = waha.writeOnPhone(ana.phone, 'this is a human');

  const [told] = await receiver.arrived(1);
  expect(told?.body).toMatchObject({ event: 'message.any', payload: { fromMe: true, source: 'app', body: 'this is a human' } });
  expect(waha.chat(ana.phone)).toMatchObject([{ id, fromMe: false, text: 'this is a human' }]);
});

verifies('waha:acks', 'server, device, read, each by a webhook', async () => {
  const { waha, api, receiver } = await startWaha({ engine: 'NOWEB', webhook: { events: ['message.ack'] } });

  await api('POST', '/api/sendText', toAna('hello', { id: own }));

  const requests = await receiver.arrived(3);
  const id = `true_${ana.lid}@lid_${own}`;
  expect(requests.map(({ body }) => body.payload).sort((a, b) => Number(a.ack) - Number(b.ack))).toEqual([
    { id, from: `${ana.lid}@lid`, fromMe: true, ack: 1, ackName: 'SERVER' },
    { id, from: `${ana.lid}@lid`, fromMe: true, ack: 2, ackName: 'DEVICE' },
    { id, from: `${ana.lid}@lid`, fromMe: true, ack: 3, ackName: 'READ' },
  ]);
  expect(waha.chat(ana.phone)).toMatchObject([{ ack: 3 }]);
  expect(waha.deliveries().map(({ messageId }) => messageId)).toEqual([own, own, own]);
});

verifies('waha:acks', 'a phone that is off gets it later; one that is not looked at reads nothing', async () => {
  const { waha, api } = await startWaha();
  waha.setPhone(ana.phone, { online: false });
  await api('POST', '/api/sendText', toAna('hello', { id: own }));
  await expect.poll(() => waha.busy()).toBe(false);
  const whileOff = [waha.chat(ana.phone).length, (await api('GET', `/api/default/chats/all/messages/${own}`)).body];

  waha.setPhone(ana.phone, { online: true, reading: false });

  expect(whileOff).toMatchObject([0, { ack: 1, ackName: 'SERVER' }]);
  await expect.poll(() => waha.chat(ana.phone)[0]?.ack).toBe(2);
  await expect.poll(() => waha.busy()).toBe(false);
  expect(waha.chat(ana.phone)[0]?.ack).toBe(2);
});

verifies('waha:acks', 'they may come before the answer, and under another address', async () => {
  const { api, receiver } = await startWaha({ sendMs: 200, acksAs: 'phone', webhook: { events: ['message.ack'] } });

  const answered = api('POST', '/api/sendText', toAna('hello', { id: own })).then(() => Date.now());
  const [first] = await receiver.arrived(1);

  expect(first?.body.payload.id).toBe(`true_15550100001@c.us_${own}`);
  expect(first?.at).toBeLessThan(await answered);
});

verifies('waha:acks', 'what the assistant has seen shows as read on the phone', async () => {
  const { waha, api } = await startWaha();
  const ids = ['one', 'two', 'three'].map((text) => waha.receive({ from: ana.phone, text }).id);
  const chat = { session: 'default', chatId: `${ana.lid}@lid` };

  const named = await api('POST', '/api/sendSeen', { ...chat, messageIds: [`false_${ana.lid}@lid_${ids[0]}`] });
  const acks = waha.chat(ana.phone).map(({ ack }) => ack);
  const rest = await api('POST', '/api/sendSeen', chat);

  expect([named.status, named.body, acks]).toEqual([201, '', [3, 2, 2]]);
  expect((rest.body as { ids: string[] }).ids.sort()).toEqual(
    ids
      .slice(1)
      .map((id) => `false_${ana.lid}@lid_${id}`)
      .sort(),
  );
  expect(waha.chat(ana.phone).map(({ ack, fromMe }) => [ack, fromMe])).toEqual(Array(3).fill([3, true]));
});

verifies(
  'waha:send-text',
  'an own message comes back as message.any, once within a minute on GOWS, each time on NOWEB',
  async () => {
    const options = { webhook: { events: ['message', 'message.any'] } };
    const [gows, noweb] = [await startWaha(options), await startWaha({ engine: 'NOWEB', ...options })];

    for (const { api } of [gows, noweb]) {
      await api('POST', '/api/sendText', toAna('hello', { id: own }));
      await api('POST', '/api/sendText', toAna('hello', { id: own }));
    }

    await noweb.receiver.arrived(2);
    const [told] = await gows.receiver.arrived(1);
    await expect.poll(() => gows.waha.busy()).toBe(false);
    expect(gows.receiver.received).toHaveLength(1);
    expect(told?.body).toMatchObject({ event: 'message.any', payload: { fromMe: true, source: 'api', body: 'hello' } });
    expect(told?.body.payload._data).toMatchObject({ Info: { Sender: '15550100000:12@s.whatsapp.net', IsFromMe: true } });
  },
);
