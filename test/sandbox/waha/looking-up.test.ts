import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished } from 'vitest';
import { verifies } from '../../verifies.ts';
import { ana, apiKey, ben, startWaha, toAna } from './support.ts';

const own = '3EB07A58FD4C0470E5BAC5';
const messagesOf = (chatId: string, query = '') => `/api/default/chats/${encodeURIComponent(chatId)}/messages${query}`;
const bodiesIn = (answer: { body: unknown }) => (answer.body as { body: string | null }[]).map(({ body }) => body);

verifies('waha:message-look-up', 'by its full id and by its bare one, under either address of the chat', async () => {
  const { api } = await startWaha({ engine: 'NOWEB' });
  await api('POST', '/api/sendText', toAna('hello', { id: own }));

  const answers = await Promise.all([
    api('GET', messagesOf(`${ana.lid}@lid`, `/true_${ana.lid}@lid_${own}`)),
    api('GET', messagesOf('15550100001@c.us', `/true_15550100001@c.us_${own}`)),
    api('GET', messagesOf('all', `/${own}`)),
  ]);

  expect(answers).toMatchObject(Array(3).fill({ status: 200, body: { body: 'hello', fromMe: true, source: 'api' } }));
});

verifies('waha:message-look-up', 'NOWEB answers 404 where there is none, or none in that chat', async () => {
  const { api } = await startWaha({ engine: 'NOWEB' });
  await api('POST', '/api/sendText', toAna('hello', { id: own }));
  const notFound = { status: 404, body: { message: 'Message not found', error: 'Not Found', statusCode: 404 } };

  expect(await api('GET', messagesOf('15550100001@c.us', '/true_15550100001@c.us_NOPE'))).toEqual(notFound);
  expect(await api('GET', messagesOf('15550100002@c.us', `/${own}`))).toEqual(notFound);
});

verifies('waha:message-look-up', 'GOWS looks in all chats, and where there is none its storage error comes through', async () => {
  const { api } = await startWaha({ engine: 'GOWS' });
  await api('POST', '/api/sendText', toAna('hello', { id: own }));

  const [found, none] = [
    await api('GET', messagesOf('15550100002@c.us', `/${own}`)),
    await api('GET', messagesOf('15550100001@c.us', '/true_15550100001@c.us_NOPE')),
  ];

  expect(found).toMatchObject({ status: 200, body: { body: 'hello' } });
  expect(none).toMatchObject({
    status: 500,
    body: {
      exception: { message: expect.stringMatching(/^2 UNKNOWN: error getting message by id NOPE: .*not found/s) as string },
    },
  });
});

verifies('waha:message-look-up', 'NOWEB without its store sends, and answers 400 to whatever it would read', async () => {
  const { api } = await startWaha({ engine: 'NOWEB', nowebStore: false });
  const sent = await api('POST', '/api/sendText', toAna('hello', { id: own }));

  const read = await Promise.all(
    [messagesOf('all', `/${own}`), messagesOf('all'), '/api/default/chats', '/api/default/lids/pn/15550100001'].map((path) =>
      api('GET', path),
    ),
  );

  const words = expect.stringMatching(/^Enable NOWEB store "config\.noweb\.store\.enabled=True"/) as string;
  expect(sent.status).toBe(201);
  expect(read).toEqual(Array(4).fill({ status: 400, body: { message: words, error: 'Bad Request', statusCode: 400 } }));
  expect(await api('GET', '/api/sessions/default')).toMatchObject({ body: { config: { noweb: { store: { enabled: false } } } } });
});

verifies('waha:message-look-up', 'the messages of a chat since a time, the newest first', async () => {
  const { waha, api } = await startWaha();
  for (const [index, text] of ['one', 'two', 'three', 'four'].entries()) {
    waha.receive({ from: ana.phone, text, timestamp: 1_795_222_000 + index, as: index % 2 === 0 ? 'lid' : 'phone' });
  }
  waha.receive({ from: ben.phone, text: 'by Ben', timestamp: 1_795_222_010, deliver: false });
  const sent = { ...toAna('mine'), chatId: '15550100001@c.us' };
  await api('POST', '/api/sendText', sent);
  const ask = async (chatId: string, query: string) => bodiesIn(await api('GET', messagesOf(chatId, query)));

  expect(await ask('15550100001@c.us', '?filter.timestamp.gte=1795222001&filter.timestamp.lte=1795222002')).toEqual([
    ...['three', 'two'],
  ]);
  expect(await ask('all', '?limit=100&filter.fromMe=false')).toEqual(['by Ben', 'four', 'three', 'two', 'one']);
  expect(await ask('all', '?limit=2&offset=1&filter.fromMe=false')).toEqual(['four', 'three']);
  expect(await ask('all', '?sortOrder=asc&limit=2')).toEqual(['one', 'two']);
  expect(await ask(`${ana.lid}@lid`, '?merge=false')).toEqual(['three', 'one']);
  expect(await ask('all', '?filter.ack=READ&filter.fromMe=false')).toEqual([]);
  expect((await api('GET', messagesOf('all', '?limit=many'))).status).toBe(400);
});

verifies('waha:message-look-up', 'what no webhook told of is found all the same', async () => {
  const { waha, api, receiver } = await startWaha();

  waha.receive({ from: ana.phone, text: 'unheard', deliver: false });

  expect(bodiesIn(await api('GET', messagesOf('all')))).toEqual(['unheard']);
  expect(await api('GET', '/api/default/chats/overview')).toMatchObject({
    body: [{ id: `${ana.lid}@lid`, name: ana.name, lastMessage: { body: 'unheard' } }],
  });
  expect([waha.busy(), receiver.received.length]).toEqual([false, 0]);
});

verifies('waha:message-look-up', 'the chats outlive a restart; what waited to be repeated does not', async () => {
  const directory = mkdtempSync(join(tmpdir(), 'waha-'));
  onTestFinished(() => rmSync(directory, { recursive: true, force: true }));
  const first = await startWaha({ directory });
  first.receiver.answers.push(first.receiver.status(500));
  first.waha.receive({ from: ana.phone, text: 'hello' });
  await first.receiver.arrived(1);
  await first.api('POST', '/api/sendText', toAna('answer', { id: own }));
  first.waha.setSessionStatus('STOPPED');
  first.waha.receive({ from: ana.phone, text: 'kept by WhatsApp' });
  await first.close();

  const second = await startWaha({ directory });

  expect(second.waha.chat(ana.phone).map(({ text }) => text)).toEqual(['hello', 'answer', 'kept by WhatsApp']);
  const [request] = await second.receiver.arrived(1);
  expect(request?.body.payload.body).toBe('kept by WhatsApp');
  expect(second.waha.deliveries()).toHaveLength(1);
});

const receipt = { mimetype: 'application/pdf', filename: 'invoice 12.pdf', data: Buffer.from('%PDF-1.7 twelve') };

verifies('waha:media', 'its link needs the key and dies after three minutes; by its message it lives anew', async () => {
  const { waha, api, receiver, context, baseUrl } = await startWaha();
  const { id } = waha.receive({ from: ana.phone, text: 'invoice', media: receipt });
  const [request] = await receiver.arrived(1);
  const media = request?.body.payload.media as { url: string };
  const fetchFile = (headers: Record<string, string>) => fetch(media.url, { headers });

  const [withKey, without] = [await fetchFile({ 'X-Api-Key': apiKey }), await fetchFile({})];
  context.clock.advance(181_000);
  const expired = await fetchFile({ 'X-Api-Key': apiKey });
  const again = await api('GET', messagesOf('all', `/${id}?downloadMedia=true`));
  const anew = await fetchFile({ 'X-Api-Key': apiKey });

  expect(media).toEqual({
    url: `${baseUrl}/api/files/default/${id}.pdf`,
    filename: 'invoice 12.pdf',
    mimetype: 'application/pdf',
  });
  expect([withKey.status, without.status, expired.status, anew.status]).toEqual([200, 401, 404, 200]);
  expect([withKey.headers.get('content-type'), await withKey.text()]).toEqual(['application/pdf', '%PDF-1.7 twelve']);
  expect(again.body).toMatchObject({ hasMedia: true, media });
});

verifies('waha:media', 'is not downloaded where the list declines it', async () => {
  const { waha, api } = await startWaha();
  waha.receive({ from: ana.phone, media: receipt });

  const [listed] = (await api('GET', messagesOf('all', '?downloadMedia=false'))).body as { hasMedia: boolean; media: unknown }[];

  expect(listed).toMatchObject({ hasMedia: true, media: null });
});

verifies('waha:media', 'text overtakes it', async () => {
  const { waha, receiver } = await startWaha({ mediaDownloadMs: 100 });

  waha.receive({ from: ana.phone, text: 'see the picture', media: { mimetype: 'image/png', data: Buffer.from('png') } });
  waha.receive({ from: ana.phone, text: 'did you get it?' });

  const requests = await receiver.arrived(2);
  expect(requests.map(({ body }) => body.payload.body)).toEqual(['did you get it?', 'see the picture']);
});

verifies('waha:media', 'a file that is sent shows on the phone', async () => {
  const { waha, api } = await startWaha();
  const file = { mimetype: 'image/png', filename: 'chart.png', data: Buffer.from('png').toString('base64') };

  const answer = await api('POST', '/api/sendImage', { session: 'default', chatId: `${ana.lid}@lid`, file, caption: 'Sales' });

  expect(answer.status).toBe(201);
  expect(waha.chat(ana.phone)).toMatchObject([{ text: 'Sales', media: { mimetype: 'image/png', filename: 'chart.png' } }]);
});
