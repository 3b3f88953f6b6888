import { expect, vi } from 'vitest';
import { AppError } from '../../shared/core/errors.ts';
import { MessageContent, type MessageDocument } from '../../shared/ports/documents.ts';
import { verifies } from '../verifies.ts';
import { messageEnvelope, startReceiving } from './receiving.ts';

const down = new AppError('upstream', 'cosmos is not there', { vendor: 'cosmos' });

verifies(
  'conversation:webhook-durable',
  'a store, a look-up or a bell that fails is answered 503, and the repeat is taken',
  async () => {
    const { send, clock, ports, stored } = startReceiving();
    const envelope = messageEnvelope(clock.now());

    ports.identities.failWith(down);
    const noIdentity = await send(envelope);
    ports.identities.failWith(undefined);
    ports.conversations.failNext('storeMessage', down);
    const notStored = await send(envelope);
    const before = stored().length;
    ports.bell.failWith(down);
    const notRung = await send(envelope);
    ports.bell.failWith(undefined);
    const repeated = await send(envelope);

    expect([noIdentity, notStored, notRung].map(({ status }) => status)).toEqual([503, 503, 503]);
    expect(before).toBe(0);
    expect(repeated).toEqual({ status: 202, outcome: 'seen' });
    expect([stored().length, ports.bell.rung.length]).toEqual([1, 1]);
  },
);

verifies('conversation:webhook-durable', 'stored although the answer was lost: the repeat rings for it', async () => {
  const { send, clock, ports, stored } = startReceiving();
  const envelope = messageEnvelope(clock.now());
  ports.conversations.failNext('storeMessage', down, { done: true });

  const outcomes = [await send(envelope), await send(envelope)];

  expect(outcomes.map(({ outcome }) => outcome)).toEqual(['unavailable', 'seen']);
  expect([stored().length, ports.bell.rung.length]).toEqual([1, 1]);
});

verifies('conversation:webhook-durable', 'what hangs is given up after three seconds', async () => {
  const { send, clock, ports } = startReceiving();
  ports.bell.ring = () => new Promise(() => undefined);
  const startedAt = performance.now();

  const answer = await send(messageEnvelope(clock.now()));

  expect(answer).toEqual({ status: 503, outcome: 'unavailable' });
  expect(performance.now() - startedAt).toBeLessThan(3_500);
});

verifies('conversation:webhook-durable', 'what no repeat can mend is no 503: it surfaces', async () => {
  const { send, clock, ports } = startReceiving();
  ports.conversations.failNext('storeMessage', new AppError('settings', 'cosmos answered 403'));

  await expect(send(messageEnvelope(clock.now()))).rejects.toMatchObject({ code: 'settings' });
});

verifies('conversation:webhook-durable', 'an erased conversation takes nothing more, and says why', async () => {
  const { send, clock, ports, lines } = startReceiving();
  vi.spyOn(ports.conversations, 'storeMessage').mockResolvedValue('erased');
  vi.spyOn(ports.conversations, 'findErasure').mockResolvedValue({ state: 'erased', at: clock.now() });

  const answer = await send(messageEnvelope(clock.now()));

  expect(answer).toMatchObject({ status: 200, outcome: 'refused', reason: 'erased' });
  expect(ports.bell.rung).toEqual([]);
  expect(lines.join()).toContain('erased');
});

verifies(
  'conversation:encrypted',
  'no word, number or name of a message stands in a document, a bell or a log line',
  async () => {
    const { send, clock, ports, stored, lines } = startReceiving();

    await send(messageEnvelope(clock.now(), { body: 'The merger is on Friday' }));

    const [document] = stored() as MessageDocument[];
    const visible = JSON.stringify([
      ports.identities.documents.size,
      [...ports.identities.documents],
      stored(),
      ports.bell.rung,
      lines,
    ]);
    for (const secret of ['merger', 'Friday', '271828182845901', '15550100001']) expect(visible).not.toContain(secret);
    const key = await ports.dataKeys.keyFor(document?.conversationId ?? '');
    expect(MessageContent.parse(key.open(document?.sealed ?? '', document?.id ?? ''))).toEqual({
      text: 'The merger is on Friday',
      chatId: '271828182845901@lid',
      lid: '271828182845901',
      phone: '+15550100001',
    });
    const other = await ports.dataKeys.keyFor('acme:another');
    expect(() => other.open(document?.sealed ?? '', document?.id ?? '')).toThrow('cannot be opened');
  },
);
