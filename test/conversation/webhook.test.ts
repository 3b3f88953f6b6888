import { expect } from 'vitest';
import { verifies } from '../verifies.ts';
import { hmacKey, messageEnvelope, signed, startReceiving } from './receiving.ts';

const unauthorized = { code: 'unauthorized' };

verifies(
  'conversation:webhook-signature',
  'missing, wrong, of another form or of another version: nothing is stored',
  async () => {
    const { clock, post, stored, ports } = startReceiving();
    const raw = JSON.stringify(messageEnvelope(clock.now()));
    const right = signed(raw, hmacKey);
    const hmac = right['x-webhook-hmac'] ?? '';

    const wrong: Record<string, string>[] = [
      {},
      signed(raw, 'another key'),
      signed(`${raw} `, hmacKey),
      { ...right, 'x-webhook-hmac': hmac.slice(0, -2) },
      { ...right, 'x-webhook-hmac': `sha512=${hmac}` },
      { ...right, 'x-webhook-hmac': hmac.replaceAll(/[0-9a-f]/g, 'g') },
      { ...right, 'x-webhook-hmac-algorithm': 'sha256' },
      { 'x-webhook-hmac': hmac },
      { ...right, 'x-webhook-hmac-version': '2' },
    ];
    for (const headers of wrong) await expect(post(raw, headers)).rejects.toMatchObject(unauthorized);

    expect(stored()).toEqual([]);
    expect(ports.conversations.calls).toEqual([]);
    expect(ports.identities.documents.size).toBe(0);
  },
);

verifies('conversation:webhook-signature', 'comes before size and form, so that a stranger learns nothing', async () => {
  const { post } = startReceiving();

  await expect(post(Buffer.alloc(2_000_000, 32), {})).rejects.toMatchObject(unauthorized);
  await expect(post('no json', {})).rejects.toMatchObject(unauthorized);
});

verifies('conversation:webhook-signature', "the vendor's own test vector holds, and either key of a rotation", async () => {
  const { send, clock } = startReceiving({ keys: ['old', 'new'] });
  const vector = startReceiving({ keys: ['my-secret-key'] });
  const given =
    '208f8a55dde9e05519e898b10b89bf0d0b3b0fdf11fdbf09b6b90476301b98d8097c462b2b17a6ce93b6b47a136cf2e78a33a63f6752c2c1631777076153fa89';

  const outcomes = [
    await send(messageEnvelope(clock.now()), 'old'),
    await send(messageEnvelope(clock.now()), 'new'),
    await vector.post('{"event":"message","session":"default","engine":"WEBJS"}', {
      'x-webhook-hmac': given,
      'x-webhook-hmac-algorithm': 'sha512',
    }),
  ];

  expect(outcomes.map(({ outcome }) => outcome)).toEqual(['stored', 'seen', 'ignored']);
});

verifies(
  'conversation:webhook-malformed',
  'bodies that are no envelope are answered 200 with the reason in the log',
  async () => {
    const { send, lines, stored } = startReceiving();
    const bodies = [
      '',
      'null',
      '[]',
      '7',
      '{"event":1}',
      '{',
      '"\\ud800"',
      JSON.stringify({ event: 'message', session: 'default' }),
    ];

    for (const body of bodies) expect(await send(body), body).toEqual({ status: 200, outcome: 'ignored', reason: 'malformed' });

    expect(stored()).toEqual([]);
    expect(lines.filter((line) => line.includes('"reason":"malformed"'))).toHaveLength(bodies.length);
  },
);

verifies('conversation:webhook-malformed', 'a payload that is no message is ignored, whatever is wrong with it', async () => {
  const { send, clock, stored } = startReceiving();
  const broken: Record<string, unknown>[] = [
    { id: undefined },
    { id: 'nonsense' },
    { id: 'false__3EB0' },
    { id: 'false_12@c.us_3EB0', _data: null },
    { id: `false_271828182845901@lid_${'A'.repeat(400)}` },
    { timestamp: 'yesterday' },
    { fromMe: 'no' },
    { body: { text: 'x' } },
  ];

  for (const payload of broken) {
    const answer = await send(messageEnvelope(clock.now(), payload));
    expect(answer, JSON.stringify(payload)).toEqual({ status: 200, outcome: 'ignored', reason: 'malformed' });
  }
  expect(await send({ ...messageEnvelope(clock.now()), payload: null })).toMatchObject({ reason: 'malformed' });
  expect(stored()).toEqual([]);
});

verifies('conversation:webhook-malformed', 'engine data of an unknown shape costs the other name, not the message', async () => {
  const { send, clock, stored } = startReceiving();

  const answer = await send(messageEnvelope(clock.now(), { _data: { Info: 'changed in the next release', key: 7 } }));

  expect(answer.outcome).toBe('stored');
  expect(stored()).toHaveLength(1);
});

verifies('conversation:webhook-malformed', 'other sessions, events, chats and own messages are ignored by name', async () => {
  const { send, clock, stored } = startReceiving();
  const at = clock.now();
  const chat = (chatId: string, more = '') => messageEnvelope(at, { id: `false_${chatId}_3EB0${more}` });

  const reasons = [
    await send(messageEnvelope(at, {}, { session: 'another' })),
    await send(messageEnvelope(at, {}, { event: 'message.any' })),
    await send(messageEnvelope(at, {}, { event: 'invented.tomorrow' })),
    await send(messageEnvelope(at, { fromMe: true })),
    await send(messageEnvelope(at, { id: 'true_271828182845901@lid_3EB0' })),
    await send(chat('120363040000000000@g.us', '_271828182845901@lid')),
    await send(chat('status@broadcast', '_15550100001@c.us')),
    await send(chat('1795221875@broadcast')),
    await send(chat('120363111111111111@newsletter')),
    await send(chat('13135550002@meta.ai')),
    await send(messageEnvelope(at, { body: '  \n' })),
    await send(`${JSON.stringify(messageEnvelope(at))}${' '.repeat(1024 * 1024)}`),
  ].map(({ status, reason }) => `${status} ${reason ?? ''}`);

  expect(reasons).toEqual(
    [
      ...['other-session', 'not-handled', 'unknown-event', 'own-message', 'own-message', 'group', 'status', 'broadcast'],
      ...['channel', 'not-handled', 'no-content', 'oversized'],
    ].map((reason) => `200 ${reason}`),
  );
  expect(stored()).toEqual([]);
});

verifies('conversation:webhook-stale', 'six hours after the event it is refused, a moment before it is not', async () => {
  const { send, clock, stored, lines } = startReceiving();
  const old = messageEnvelope(clock.now());

  clock.advance(6 * 3_600_000);
  const inTime = await send(old);
  clock.advance(1);
  const late = await send(messageEnvelope(old.timestamp, { id: 'false_271828182845901@lid_3EB0BB' }));

  expect([inTime, late]).toEqual([
    { status: 202, outcome: 'stored' },
    { status: 200, outcome: 'refused', reason: 'stale' },
  ]);
  expect(stored()).toHaveLength(1);
  expect(lines.some((line) => line.includes('webhook.refused') && line.includes('stale'))).toBe(true);
});

verifies(
  'conversation:webhook-stale',
  "the unsigned header's time and WhatsApp's own change nothing: a backlog is taken",
  async () => {
    const { post, clock } = startReceiving();
    const backlog = messageEnvelope(clock.now(), { timestamp: Math.floor(clock.now() / 1_000) - 30 * 86_400 });
    const stale = messageEnvelope(clock.now() - 7 * 3_600_000);
    const asNow = { 'x-webhook-timestamp': String(clock.now()) };

    const outcomes = [backlog, stale].map((envelope) => {
      const raw = JSON.stringify(envelope);
      return post(raw, { ...signed(raw, hmacKey), ...asNow });
    });

    expect((await Promise.all(outcomes)).map(({ outcome }) => outcome)).toEqual(['stored', 'refused']);
  },
);
