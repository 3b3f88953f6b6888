import { expect } from 'vitest';
import { createWahaWebhookReader } from '../../../shared/adapters/waha/webhook-reader.ts';
import { catchUp } from '../../../shared/conversation/catch-up.ts';
import { receive } from '../../../shared/conversation/receive.ts';
import { AppError } from '../../../shared/core/errors.ts';
import { cacheIdentities } from '../../../shared/domain/identity/index.ts';
import { createFakeCatchUpMark } from '../../support/fakes/fake-catch-up-mark.ts';
import { verifies } from '../../verifies.ts';
import { hmacKey, messageEnvelope, signed } from '../receiving.ts';
import { ref } from '../wake/world.ts';
import { done, expectErased, lid, startErasing, type Erasing } from './erasing.ts';

const wahaDown = new AppError('upstream', 'WAHA is down', { vendor: 'waha' });

/** Ana, who has erased everything a moment ago. */
async function startErased(): Promise<Erasing> {
  const world = await startErasing({ isBrief: true });
  await world.hear({ text: 'ERASE EVERYTHING', whatsappId: 'ERASE' });
  await world.work([], { until: world.clock.now() });
  world.clock.advance(5_000);
  return world;
}

/** Ana, whose last reply cannot be sent yet. */
async function startStuck(): Promise<Erasing> {
  const world = await startErasing({ isBrief: true });
  world.ports.messenger.nextSends({ fails: wahaDown, done: false }, { fails: wahaDown, done: false });
  await world.hear({ text: 'ERASE EVERYTHING', whatsappId: 'ERASE' });
  await world.work([], { until: world.clock.now() });
  world.clock.advance(2_000);
  return world;
}

/** The webhook itself, and catch-up, as an instance with a memory of its own has them. */
function instanceOf({ ports, indexes, clock }: Erasing) {
  const webhookReader = createWahaWebhookReader({ hmacKeys: [hmacKey], wahaSession: 'default' });
  const own = { ...ports, identities: cacheIdentities(ports.identities, clock), webhookReader };
  const options = { settings: { workspace: 'acme', maxAgeMs: 6 * 3_600_000, transcriptTtlSeconds: 30 * 86_400 }, indexes };
  const post = (envelope: unknown) => {
    const raw = JSON.stringify(envelope);
    return receive(own, options, { headers: signed(raw, hmacKey), body: Buffer.from(raw, 'utf8') });
  };
  const write = (id: string, sentAt = clock.now()) =>
    post(messageEnvelope(clock.now(), { id: `false_${lid}@lid_${id}`, timestamp: Math.floor(sentAt / 1_000) }));
  return { post, write, catchUp: () => catchUp(own, options, createFakeCatchUpMark()) };
}

verifies('privacy:old-refused', 'a repeat, a straggler, and one under the other name are refused for good', async () => {
  const world = await startErased();
  const before = world.clock.now() - 60_000;

  const outcomes = [
    await world.hear({ text: 'ERASE EVERYTHING', whatsappId: 'ERASE', sentAt: before + 54_000 }),
    await world.hear({ text: 'Book two things', whatsappId: 'BOOK', sentAt: before }),
    await world.hear({ text: 'Never seen', sentAt: before }),
    await world.hear({ text: 'Never seen', sentAt: before, lid: undefined }),
    await world.hear({ text: 'Never seen', sentAt: before, phone: undefined }),
  ].map(({ outcome }) => outcome);

  expect(outcomes).toEqual(outcomes.map(() => 'erased'));
  await expectErased(world);
});

verifies('privacy:old-refused', 'the webhook answers 200, says why, and names no one', async () => {
  const world = await startErased();
  const { write } = instanceOf(world);

  const answer = await write('OLD', world.clock.now() - 60_000);

  expect(answer).toMatchObject({ status: 200, outcome: 'refused', reason: 'erased' });
  expect(world.lines.filter((line) => line.includes('webhook.refused') && line.includes('erased'))).toHaveLength(1);
  expect(world.lines.join('\n')).not.toMatch(/271828|15550100001/);
});

verifies('privacy:old-refused', 'catch-up brings nothing back, however often it looks', async () => {
  const world = await startErased();
  const { clock, ports } = world;
  const old = { id: `false_${lid}@lid_LOST`, timestamp: Math.floor((clock.now() - 60_000) / 1_000) };
  ports.messenger.incoming.push(messageEnvelope(clock.now(), old).payload);
  clock.advance(120_000);
  const instance = instanceOf(world);

  const runs = [await instance.catchUp(), await instance.catchUp()];

  expect(runs).toEqual(runs.map(() => ({ found: 0, failed: 0, complete: true })));
  await expectErased(world);
});

verifies('privacy:old-refused', 'an instance that remembers the names from before undoes nothing', async () => {
  const world = await startErasing({ isBrief: true });
  const instance = instanceOf(world);
  await instance.write('BEFORE');
  await world.hear({ text: 'ERASE EVERYTHING', whatsappId: 'ERASE' });
  await world.work([], { until: world.clock.now() });
  world.clock.advance(5_000);

  const old = await instance.write('BEFORE', world.clock.now() - 60_000);
  const newer = await instance.write('AFTER');
  const again = await instance.write('AFTER');

  expect([old, newer, again]).toMatchObject([
    { status: 200, reason: 'erased' },
    { status: 202, outcome: 'stored' },
    { status: 202, outcome: 'seen' },
  ]);
  await expectErased(world);
});

verifies('privacy:newer-waits', 'while it is under way a newer message gets 503, an older one is refused', async () => {
  const world = await startStuck();
  const { write, catchUp: look } = instanceOf(world);
  const isMarked = world.lease()?.erased;
  const later = messageEnvelope(world.clock.now(), { id: `false_${lid}@lid_LATER` });
  world.ports.messenger.incoming.push(later.payload);

  const [newer, old] = [await write('NEW'), await write('OLD', world.clock.now() - 60_000)];
  world.clock.advance(120_000);
  const caughtUp = await look();

  expect(isMarked).toBe('erased');
  expect(newer).toMatchObject({ status: 503, outcome: 'unavailable', reason: 'erasing' });
  expect(old).toMatchObject({ status: 200, reason: 'erased' });
  expect(caughtUp).toEqual({ found: 0, failed: 0, complete: false });
});

verifies('privacy:newer-waits', 'once it is done the same message begins a new conversation, after the last reply', async () => {
  const world = await startStuck();
  const said = { text: 'Who am I?', whatsappId: 'NEW', sentAt: world.clock.now() };
  const during = await world.hear(said);

  await world.work();
  const after = await world.hear(said);
  const again = await world.hear(said);
  await world.work();

  expect([during.outcome, after.outcome, again.outcome]).toEqual(['erasing', 'stored', 'seen']);
  expect(after.conversationId).not.toBe(ref.conversationId);
  expect(world.shown()).toEqual([expect.stringMatching(done), 'Please sign in.']);
  await expectErased(world);
});

verifies('privacy:newer-waits', 'so does one under one name alone, which had been claimed for what is erased', async () => {
  const world = await startStuck();
  const said = { text: 'Who am I?', whatsappId: 'NEW', sentAt: world.clock.now(), lid: undefined };
  const during = [await world.hear(said), await world.hear({ ...said, lid, phone: undefined })];

  await world.work();
  const after = [
    await world.hear(said),
    await world.hear({ ...said, lid, phone: undefined }),
    await world.hear({ ...said, lid }),
  ];

  expect(during.map(({ outcome }) => outcome)).toEqual(['erasing', 'erasing']);
  expect(after.map(({ outcome }) => outcome)).toEqual(['stored', 'seen', 'seen']);
  expect(new Set(after.map(({ conversationId }) => conversationId)).size).toBe(1);
});

verifies('privacy:newer-waits', 'what is written right after the last reply is read is dated after the erasure', async () => {
  const world = await startErasing({ isBrief: true });
  world.clock.advance(137);
  await world.hear({ text: 'ERASE EVERYTHING', whatsappId: 'ERASE' });
  let shownAt = 0;
  const send = world.ports.messenger.sendText.bind(world.ports.messenger);
  world.ports.messenger.sendText = (...given) => {
    shownAt = world.clock.now();
    return send(...given);
  };

  await world.work([], { until: world.clock.now() });
  const { outcome } = await world.hear({ text: 'Hi', sentAt: Math.floor(shownAt / 1_000) * 1_000 });

  expect(shownAt).toBeGreaterThan(0);
  expect(outcome).toBe('stored');
});

verifies('privacy:newer-waits', 'a name that the erasure could not find finds its own way on', async () => {
  const world = await startErasing({ isBrief: true });
  const stray = '+15550107777';
  const { conversationId } = ref;
  const common = { workspace: 'acme', kind: 'phone' as const, createdAt: 0 };
  await world.ports.identities.claim({ ...common, id: world.indexes.phone(stray), conversationId, personId: 'acme:person-ana' });
  await world.hear({ text: 'ERASE EVERYTHING', whatsappId: 'ERASE' });
  await world.work([], { until: world.clock.now() });
  world.clock.advance(5_000);
  const names = { lid: undefined, phone: stray };

  const old = await world.hear({ ...names, text: 'Old', sentAt: world.clock.now() - 60_000 });
  const newer = await world.hear({ ...names, text: 'New' });
  const oldAgain = await world.hear({ ...names, text: 'Old', sentAt: world.clock.now() - 60_000 });

  expect([old.outcome, newer.outcome, oldAgain.outcome]).toEqual(['erased', 'stored', 'erased']);
  expect(newer.conversationId).not.toBe(conversationId);
  expect(world.ports.identities.documents.get(world.indexes.phone(stray))).not.toHaveProperty('personId');
});

verifies('privacy:old-refused', 'acks of what was said before move nothing', async () => {
  const world = await startErased();
  const ids = world.ports.messenger.shown.map(({ id }) => id);
  const { post } = instanceOf(world);
  const payload = { id: `true_${lid}@lid_${ids[0] ?? ''}`, from: `${lid}@lid`, fromMe: true, ack: 3 };

  const answer = await post({ ...messageEnvelope(world.clock.now()), event: 'message.ack', payload });

  expect(ids).toHaveLength(1);
  expect(answer).toEqual({ status: 200, outcome: 'ignored', reason: 'ack of no reply, or older' });
});
