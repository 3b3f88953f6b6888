import { expect } from 'vitest';
import { verifies } from '../verifies.ts';
import { captured, headersOf, startReceiving } from './receiving.ts';

/** What becomes of each captured request when it is posted once, in the order they came: `status outcome reason`. */
const outcomes: readonly (readonly [event: string, outcome: string])[] = [
  ['session.status', '200 status session STARTING'],
  ['session.status', '200 status session STARTING'],
  ['session.status', '200 status session STOPPED'],
  ['session.status', '200 status session STARTING'],
  ['session.status', '200 status session WORKING'],
  ['message', '202 stored'], // text by phone
  ['message.any', '200 ignored not-handled'],
  ['message', '202 stored'], // text by lid, the phone in `_data`
  ['message.any', '200 ignored not-handled'],
  ['message', '202 stored'], // a quoted reply
  ['message.any', '200 ignored not-handled'],
  ['message', '202 stored'], // an image with a caption
  ['message.any', '200 ignored not-handled'],
  ['message', '202 stored'], // a voice note
  ['message.any', '200 ignored not-handled'],
  ['message', '202 stored'], // a document
  ['message.any', '200 ignored not-handled'],
  ['message', '200 ignored no-content'], // a location
  ['message.any', '200 ignored not-handled'],
  ['message', '200 ignored no-content'], // a live location
  ['message.any', '200 ignored not-handled'],
  ['message', '200 ignored group'],
  ['message.any', '200 ignored not-handled'],
  ['message.reaction', '200 ignored not-handled'],
  ['message.reaction', '200 ignored not-handled'],
  ['message.edited', '200 ignored not-handled'],
  ['message.revoked', '200 ignored not-handled'],
  ['message', '202 stored'], // the answer of a button
  ['message.any', '200 ignored not-handled'],
  ['message', '202 stored'], // the answer of a template's button
  ['message.any', '200 ignored not-handled'],
  ['message', '202 stored'], // the answer of a list
  ['message.any', '200 ignored not-handled'],
  ['message', '200 ignored no-content'], // a native flow, its body null
  ['message', '200 ignored no-content'], // a contact card
  ['message', '200 ignored status'],
  ['message', '200 ignored channel'],
  ['message', '202 stored'], // a sticker
  ['message', '202 stored'], // the engine's own duplicate: two events of one message
  ['message', '202 seen'],
  ['message', '202 stored'], // a disappearing message
  ['presence.update', '200 ignored not-handled'],
  ['call.received', '200 ignored not-handled'],
  ['message.ack', '200 ignored ack of no reply, or older'],
  ['message.ack', '200 ignored ack of no reply, or older'],
  ['message.ack', '200 ignored ack of no reply, or older'],
  ['message.ack', '200 ignored ack of no reply, or older'],
  ['message.ack', '200 ignored ack of no reply, or older'],
  ['message.ack', '200 ignored ack of no reply, or older'],
  ['message.reaction', '200 ignored not-handled'],
  ['message.edited', '200 ignored not-handled'],
  ['message.revoked', '200 ignored not-handled'],
  ['session.status', '200 status session STOPPED'],
  ['session.status', '200 status session STARTING'],
  ['session.status', '200 status session STARTING'],
  ['session.status', '200 status session SCAN_QR_CODE'],
  ['session.status', '200 status session SCAN_QR_CODE'],
  ['session.status', '200 status session WORKING'],
  ['session.status', '200 status session WORKING'],
  ['message', '202 stored'], // by the session's webhook and by the global one
  ['message', '202 seen'],
  ['session.status', '200 status session FAILED'],
  ['session.status', '200 status session FAILED'],
];

verifies('conversation:captured-requests', 'each in turn, with the clock at the time it was received', async () => {
  const { clock, post, stored, ports } = startReceiving();

  const seen: (readonly [string, string])[] = [];
  for (const { receivedAtMs, rawHeaders, bodyRaw } of captured) {
    clock.set(receivedAtMs);
    const { status, outcome, reason } = await post(bodyRaw, headersOf(rawHeaders));
    const { event } = JSON.parse(bodyRaw) as { event: string };
    seen.push([event, [status, outcome, reason].filter((word) => word !== undefined).join(' ')]);
  }

  expect(seen).toHaveLength(63);
  expect(seen).toEqual(outcomes);
  const storedOnes = outcomes.filter(([, outcome]) => outcome === '202 stored');
  expect(stored()).toHaveLength(storedOnes.length);
  expect(new Set(stored().map(({ conversationId }) => conversationId)).size, 'one person, one conversation').toBe(1);
  expect(ports.bell.rung).toHaveLength(storedOnes.length + 2);
});

verifies('conversation:captured-requests', 'each alone and once more: what was stored is seen, and nothing throws', async () => {
  for (const { receivedAtMs, rawHeaders, bodyRaw } of captured) {
    const { clock, post, stored } = startReceiving();
    clock.set(receivedAtMs);

    const first = await post(bodyRaw, headersOf(rawHeaders));
    const second = await post(bodyRaw, headersOf(rawHeaders));

    expect(second).toEqual(first.outcome === 'stored' ? { status: 202, outcome: 'seen' } : first);
    expect(stored()).toHaveLength(first.outcome === 'stored' ? 1 : 0);
  }
});

verifies('conversation:captured-requests', 'a single byte changed is no longer the request that was signed', async () => {
  const { clock, post } = startReceiving();

  for (const { receivedAtMs, rawHeaders, bodyRaw } of captured) {
    clock.set(receivedAtMs);
    await expect(
      post(bodyRaw.replace('"session":"default"', '"session":"defaulT"'), headersOf(rawHeaders)),
    ).rejects.toMatchObject({
      code: 'unauthorized',
    });
  }
});
