import { expect } from 'vitest';
import { AppError } from '../../shared/core/errors.ts';
import { verifies } from '../verifies.ts';
import { another, broken, content, refused, startSending, unknownChat } from './sending.ts';

verifies('conversation:reply-once', 'its creator sends the parts in order, without a look-up, and ends it', async () => {
  const { send, shown, messenger, clock } = await startSending();

  const reply = await send();

  expect(shown()).toEqual(['r1-0 one', 'r1-1 two']);
  expect(messenger.lookedUp).toEqual([]);
  expect(messenger.shown.every(({ linkPreview, chatId }) => !linkPreview && chatId === content.chatId)).toBe(true);
  expect(reply).toMatchObject({ state: 'sent', ttl: 60, parts: [{ state: 'sent', sentAt: clock.now() }, { state: 'sent' }] });
  expect(reply).not.toHaveProperty('dueAt');
});

verifies('conversation:reply-once', 'anybody else looks each part up first, and sends only what is not there', async () => {
  const { send, shown, messenger } = await startSending(another);
  await messenger.sendText({ id: 'r1-0', chatId: content.chatId, text: 'one', linkPreview: false });

  const reply = await send();

  expect(messenger.lookedUp).toEqual(['r1-0', 'r1-1']);
  expect(shown()).toEqual(['r1-0 one', 'r1-1 two']);
  expect(reply.state).toBe('sent');
});

verifies('conversation:reply-once', 'so does its creator the second time, and under another epoch', async () => {
  for (const more of [{ attempt: 1 }, { createdBy: { owner: 'a'.repeat(32), epoch: 0 } }]) {
    const { send, messenger } = await startSending(more);

    await send();

    expect(messenger.lookedUp).toEqual(['r1-0', 'r1-1']);
  }
});

verifies('conversation:reply-once', 'sent although the answer was an error: it is found and not sent again', async () => {
  const { send, shown, messenger } = await startSending();
  messenger.nextSends({ fails: broken, done: true });

  const reply = await send();

  expect(messenger.lookedUp).toEqual(['r1-0']);
  expect(shown()).toEqual(['r1-0 one', 'r1-1 two']);
  expect(reply.state).toBe('sent');
});

verifies(
  'conversation:reply-once',
  'not sent although it might have been: sent again under the same id, and counted',
  async () => {
    const { send, shown, messenger, lines } = await startSending();
    messenger.nextSends({ fails: broken, done: false });

    const reply = await send();

    expect(shown()).toEqual(['r1-0 one', 'r1-1 two']);
    expect(messenger.lookedUp).toEqual(['r1-0', 'r1-0']); // at once, and when what was on its way has landed
    expect(lines.filter((line) => line.includes('send.repeated'))).toHaveLength(1);
    expect(reply.state).toBe('sent');
  },
);

verifies(
  'conversation:reply-once',
  'a look-up that fails is no licence to send: it waits, and what was sent stays sent',
  async () => {
    const { send, shown, messenger } = await startSending();
    messenger.nextSends(undefined, { fails: broken, done: true });
    messenger.failLookUps(broken);

    const parked = await send();
    const shownThen = shown();
    messenger.failLookUps(undefined);
    const sent = await send();

    expect(parked).toMatchObject({ state: 'due', attempt: 1, parts: [{ state: 'sent' }, { state: 'due' }] });
    expect(parked).not.toHaveProperty('ttl');
    expect(sent.state).toBe('sent');
    expect([shownThen, shown()]).toEqual(Array(2).fill(['r1-0 one', 'r1-1 two']));
  },
);

verifies(
  'conversation:reply-once',
  'what may pass later is parked as long as the vendor asks, then looked up and sent',
  async () => {
    const { send, shown, messenger, clock } = await startSending();
    messenger.nextSends({ fails: refused, done: false });

    const parked = await send();
    clock.advance(40_000);
    const dueNow = parked.dueAt === clock.now();
    const shownBefore = shown();
    // The lease, as its holder sees it, would have been kept by beats meanwhile.
    clock.advance(-40_000);
    await send();

    expect(parked).toMatchObject({ state: 'due', attempt: 1, parts: [{ state: 'due' }, { state: 'due' }] });
    expect([dueNow, shownBefore]).toEqual([true, []]);
    expect(messenger.lookedUp).toEqual(['r1-0', 'r1-1']);
    expect(shown()).toEqual(['r1-0 one', 'r1-1 two']);
  },
);

verifies('conversation:reply-once', 'waits grow, ten minutes at most', async () => {
  const waits: number[] = [];
  for (const attempt of [0, 1, 2, 8, 20]) {
    const { send, messenger, clock } = await startSending({ attempt });
    messenger.nextSends({ fails: new AppError('upstream', 'down'), done: false });
    const parked = await send();
    waits.push((parked.dueAt ?? 0) - clock.now());
  }

  expect(waits).toEqual([15_000, 30_000, 60_000, 600_000, 600_000]);
});

verifies('conversation:reply-once', 'a chat that WhatsApp does not know ends it, dropped; the rest is not tried', async () => {
  const { send, shown, messenger, lines } = await startSending();
  messenger.nextSends({ fails: unknownChat, done: false });

  const reply = await send();

  expect(reply).toMatchObject({ state: 'dropped', parts: [{ state: 'dropped' }, { state: 'dropped' }], ttl: 60 });
  expect(reply).not.toHaveProperty('dueAt');
  expect(shown()).toEqual([]);
  expect(lines.some((line) => line.includes('send.dropped') && line.includes('not-found'))).toBe(true);
});

verifies(
  'conversation:reply-once',
  'what could not be told within six hours is given up: uncertain where it may be shown',
  async () => {
    const { send, messenger, clock } = await startSending({ attempt: 9, ...another });
    clock.advance(6 * 3_600_000 + 1);
    messenger.failLookUps(broken);

    const reply = await send();

    expect(reply).toMatchObject({ state: 'uncertain', parts: [{ state: 'uncertain' }, { state: 'dropped' }] });
  },
);

verifies(
  'conversation:reply-once',
  'where it cannot be looked up for good, what may have been sent is uncertain and the rest is dropped',
  async () => {
    for (const more of [{}, another]) {
      const { send, messenger } = await startSending(more);
      messenger.nextSends({ fails: broken, done: true });
      messenger.failLookUps(new AppError('invalid-input', 'waha answered 400', { vendor: 'waha' }));

      const reply = await send();

      expect(reply).toMatchObject({ state: 'uncertain', parts: [{ state: 'uncertain' }, { state: 'dropped' }] });
    }
  },
);

verifies('conversation:reply-once', 'what could not be looked up for six hours may be shown all the same', async () => {
  const { send, messenger, clock } = await startSending({ attempt: 9, ...another });
  clock.advance(6 * 3_600_000 + 1);
  messenger.failLookUps(new AppError('upstream', 'nobody listens', { vendor: 'waha' }));

  expect((await send()).state).toBe('uncertain');
});

verifies('conversation:reply-once', 'with too little of the lease left nothing is sent', async () => {
  const { send, shown, pass, conversations, messenger } = await startSending();
  conversations.failNext('commit', broken, { times: 3 });
  await pass(17_500);

  await expect(send()).rejects.toMatchObject({ code: 'lease-lost' });
  expect(shown()).toEqual([]);
  expect(messenger.lookedUp).toEqual([]);
});
