import { describe, expect } from 'vitest';
import { contractsDirectory } from '../../support/contracts.ts';
import { verifies } from '../../verifies.ts';
import { capturedWebhooks, loadWahaContract, problemsOf, restSample, shapeOf, webhookSchema } from './contract-support.ts';
import { ana, startWaha, toAna, type Envelope, type Overrides } from './support.ts';

const own = '3EB07A58FD4C0470E5BAC5';
const asCaptured: Overrides = { engine: 'NOWEB', version: '2026.2.1', webhook: { events: ['*'] } };

/** One event of each kind, from a person and from the account. */
async function playEverything(options: Overrides) {
  const { waha, api, receiver } = await startWaha({ webhook: { events: ['*'] }, ...options });
  const chat = '/api/default/chats/15550100001@c.us/messages';
  const { id } = waha.receive({ from: ana.phone, text: 'Hi there!', as: 'phone' });
  waha.receive({ from: ana.phone, text: 'Hello from LID' });
  waha.react(ana.phone, id, '👍');
  waha.edit(ana.phone, id, 'Hi there! (edited)');
  const sent = await api('POST', '/api/sendText', { ...toAna('Confirm?'), chatId: '15550100001@c.us' });
  const sentId = waha.chat(ana.phone).at(-1)?.id ?? '';
  waha.receive({ from: ana.phone, text: 'yes to that', quoted: sentId });
  waha.receive({
    from: ana.phone,
    text: 'invoice',
    as: 'phone',
    media: { mimetype: 'application/pdf', filename: 'a.pdf', data: Buffer.from('%PDF') },
  });
  const edit = await api('PUT', `${chat}/true_15550100001@c.us_${sentId}`, { text: 'edited' });
  await receiver.arrived(3, 'message.ack');
  const remove = await api('DELETE', `${chat}/true_15550100001@c.us_${sentId}`);
  waha.revoke(ana.phone, id);
  waha.setSessionStatus('FAILED');
  waha.setSessionStatus('WORKING');
  await expect.poll(() => waha.busy()).toBe(false);
  return { waha, api, sent, edit, remove, events: receiver.received.map(({ body }) => body) };
}

const textIs = (text: string, event: string) => (envelope: Envelope) =>
  envelope.event === event && envelope.payload.body === text;
const isKind = (event: string, fromMe?: boolean) => (envelope: Envelope) =>
  envelope.event === event && (fromMe === undefined || envelope.payload.fromMe === fromMe);
const revokedBy = (fromMe: boolean) => (envelope: Envelope) =>
  envelope.event === 'message.revoked' && (envelope.payload.after as { fromMe: boolean }).fromMe === fromMe;

describe.skipIf(contractsDirectory === undefined)('against the documents in CONTRACTS_DIR (skipped where they are not)', () => {
  verifies('waha:contract', 'each webhook has the shape of a captured one', async () => {
    const { events } = await playEverything(asCaptured);
    const captured = capturedWebhooks();
    const kinds = [
      ...['Hi there!', 'Hello from LID', 'yes to that'].map((text) => textIs(text, 'message')),
      textIs('invoice', 'message.any'),
      isKind('message.ack'),
      isKind('message.reaction', false),
      ...[false, true].map((fromMe) => isKind('message.edited', fromMe)),
      ...[false, true].map(revokedBy),
      isKind('session.status'),
    ];

    const shapes = kinds.map((isOfKind) => {
      const real = captured.find((one) => isOfKind(one) && one.me !== null);
      return { ours: shapeOf(events.find(isOfKind)), real: shapeOf({ ...real, metadata: undefined }) };
    });

    for (const { ours, real } of shapes) {
      // Height and width of pictures, thumbnails and the like differ by message; bytes differ in number.
      const relevant = (shape: string[]) => shape.filter((line) => !/metadata|documentMessage|^: /.test(line));
      expect(relevant(ours)).toEqual(relevant(real));
      expect(ours.length).toBeGreaterThan(10);
    }
  });

  for (const engine of ['NOWEB', 'GOWS'] as const) {
    verifies('waha:contract', `webhooks of ${engine} err against the document only where the real ones do`, async () => {
      const contract = loadWahaContract();
      const { events } = await playEverything({ engine });
      const problems = (envelope: Envelope) =>
        problemsOf(contract, { schema: webhookSchema(contract, envelope.event), value: envelope });
      const known = new Set(capturedWebhooks().flatMap((one) => problems(one).map((problem) => `${one.event}${problem}`)));

      const found = events.flatMap((one) => problems(one).map((problem) => `${one.event}${problem}`));

      expect(found.filter((problem) => !known.has(problem))).toEqual([]);
      expect(new Set(events.map(({ event }) => event)).size).toBe(7);
    });
  }

  verifies('waha:contract', 'answers have the shape of those of a real WAHA', async () => {
    const { waha, api, sent, edit, remove } = await playEverything(asCaptured);
    const { id } = waha.receive({ from: ana.phone, text: 'Hi there! (edited)', as: 'phone' });
    const chat = '/api/default/chats/15550100001@c.us/messages';
    const session = { session: 'default', chatId: '15550100001@c.us' };
    const answers = {
      sendText: sent,
      edit,
      delete: remove,
      'sendText reply_to': await api('POST', '/api/sendText', {
        ...session,
        text: 'reply',
        reply_to: `false_15550100001@c.us_${id}`,
      }),
      'sendText missing text': await api('POST', '/api/sendText', session),
      'sendText missing chatId': await api('POST', '/api/sendText', { session: 'default', text: 'x' }),
      'sendText missing session': await api('POST', '/api/sendText', { text: 'x' }),
      'sendText empty text': await api('POST', '/api/sendText', { ...session, text: '' }),
      'message by id': await api('GET', `${chat}/false_15550100001@c.us_${id}`),
      'message by id 404': await api('GET', `${chat}/false_15550100001@c.us_NOPE`),
      'sendSeen no ids': await api('POST', '/api/sendSeen', session),
      sendSeen: await api('POST', '/api/sendSeen', { ...session, messageIds: [`false_15550100001@c.us_${id}`] }),
      startTyping: await api('POST', '/api/startTyping', session),
      presence: await api('POST', '/api/default/presence', { presence: 'typing', chatId: '15550100001@c.us' }),
      reaction: await api('PUT', '/api/reaction', {
        session: 'default',
        messageId: `false_15550100001@c.us_${id}`,
        reaction: '👍',
      }),
      'check-exists yes': await api('GET', '/api/contacts/check-exists?phone=15550100001&session=default'),
      'check-exists no': await api('GET', '/api/contacts/check-exists?phone=4915110000&session=default'),
      'lids count': await api('GET', '/api/default/lids/count'),
      'lid->pn': await api('GET', '/api/default/lids/123@lid'),
      'pn->lid': await api('GET', '/api/default/lids/pn/123@c.us'),
      me: await api('GET', '/api/sessions/default/me'),
      'qr when WORKING': await api('GET', '/api/default/auth/qr'),
      '404 route': await api('GET', '/api/nope'),
    };

    for (const [name, { status, body }] of Object.entries(answers)) {
      const real = restSample(name);
      expect({ name, status, shape: shapeOf(body) }).toEqual({ name, status: real.status, shape: shapeOf(real.body) });
    }
  });

  verifies('waha:contract', 'answers satisfy the schemas of the document', async () => {
    const contract = loadWahaContract();
    const { waha, api } = await startWaha();
    const { id } = waha.receive({ from: ana.phone, text: 'hi' });
    await api('POST', '/api/sendText', toAna('hello', { id: own, reply_to: id }));
    const paths = {
      '/ping': 'PingResponse',
      '/api/server/version': 'WAHAEnvironment',
      '/api/sessions/default': 'SessionInfo',
      '/api/sessions/default/me': 'MeInfo',
      '/api/default/new-message-id': 'NewMessageIDResponse',
      '/api/default/lids/count': 'CountResponse',
      [`/api/default/lids/${ana.lid}`]: 'LidToPhoneNumber',
      '/api/contacts/check-exists?phone=15550100001&session=default': 'WANumberExistResult',
    };

    // The real one, too, has no browser on these engines.
    const { environment } = capturedWebhooks()[0] as unknown as { environment: unknown };
    const tolerated = [
      ...problemsOf(contract, { schema: 'WAHAEnvironment', value: environment }),
      // Choices of texts, again called objects.
      ...['/presence must be object', '/config/webhooks/0/events/0 must be object'],
    ];

    for (const [path, schema] of Object.entries(paths)) {
      const { status, body } = await api('GET', path);
      const problems = problemsOf(contract, { schema, value: body }).filter((problem) => !tolerated.includes(problem));
      expect({ path, status, problems }).toEqual({
        path,
        status: 200,
        problems: [],
      });
    }
    const overview = (await api('GET', '/api/default/chats/overview')).body as object[];
    const status = (await api('GET', '/api/server/status')).body as object;
    expect(contract.problems('ServerStatusResponse', { ...status, worker: { id: '' } })).toEqual([]);
    expect(contract.problems('ChatSummary', { ...overview[0], picture: '' })).toEqual([]);
    const known = capturedWebhooks()
      .filter(({ event }) => event === 'message')
      .flatMap(({ payload }) => problemsOf(contract, { schema: 'WAMessage', value: payload }));
    const listed = (await api('GET', '/api/default/chats/all/messages')).body as unknown[];
    const problems = listed.flatMap((value) => problemsOf(contract, { schema: 'WAMessage', value }));
    expect([listed.length, problems.filter((problem) => !known.includes(problem))]).toEqual([2, []]);
  });

  verifies('waha:contract', 'every operation of the document is played, or refused as not played', async () => {
    const { document } = loadWahaContract();
    const { api } = await startWaha();
    const operations = Object.entries(document.paths).flatMap(([path, item]) =>
      Object.keys(item).map((method) => ({ method: method.toUpperCase(), path: path.replace('{session}', 'default') })),
    );

    const unknown: string[] = [];
    for (const { method, path } of operations) {
      const { body } = await api(method, path.replace('{file}', 'x').replaceAll(/[{}]/g, ''), method === 'GET' ? undefined : {});
      if (JSON.stringify(body).includes(`"Cannot ${method}`)) unknown.push(`${method} ${path}`);
    }

    expect(operations.length).toBeGreaterThan(150);
    expect(unknown).toEqual([]);
  });
});
