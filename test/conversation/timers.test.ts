import { expect, onTestFinished } from 'vitest';
import { catchUp } from '../../shared/conversation/catch-up.ts';
import { ringOverdue } from '../../shared/conversation/ring-overdue.ts';
import { AppError } from '../../shared/core/errors.ts';
import { setLogSink } from '../../shared/telemetry/index.ts';
import { messageOf } from '../contract/conversations/implementations.ts';
import { createFakeBell } from '../support/fakes/fake-bell.ts';
import { createFakeCatchUpMark } from '../support/fakes/fake-catch-up-mark.ts';
import { createFakeClock } from '../support/fakes/fake-clock.ts';
import { createFakeConversations } from '../support/fakes/fake-conversations.ts';
import { verifies } from '../verifies.ts';
import { messageEnvelope, startReceiving } from './receiving.ts';

const working = { workspace: 'acme', isPaused: () => Promise.resolve(false) };

function startOverdue() {
  onTestFinished(setLogSink(() => undefined));
  const ports = { bell: createFakeBell(), clock: createFakeClock(), conversations: createFakeConversations() };
  const store = (conversationId: string, ageMs: number) =>
    ports.conversations.storeMessage({ ...messageOf('m'), conversationId, dueAt: ports.clock.now() - ageMs });
  return { ports, store };
}

verifies(
  'conversation:overdue',
  'what is due for more than a minute is rung, each conversation once, and nothing is changed',
  async () => {
    const { ports, store } = startOverdue();
    await store('acme:young', 59_000);
    await store('acme:old', 61_000);
    await store('acme:older', 90_000);
    const before = ports.conversations.documents({ workspace: 'acme', conversationId: 'acme:old' });

    const { rung } = await ringOverdue(ports, working);
    await ringOverdue(ports, working);

    expect(rung).toBe(2);
    expect(ports.bell.rung.map(({ ref }) => ref.conversationId)).toEqual(['acme:older', 'acme:old', 'acme:older', 'acme:old']);
    expect(ports.conversations.documents({ workspace: 'acme', conversationId: 'acme:old' })).toEqual(before);
  },
);

verifies('conversation:overdue', 'a flood is rung at a steady rate, the oldest first', async () => {
  const { ports, store } = startOverdue();
  for (let index = 0; index < 600; index += 1) await store(`acme:${index}`, 61_000 + index);

  const { rung } = await ringOverdue(ports, working);

  expect(rung).toBe(500);
  expect(ports.bell.rung[0]?.ref.conversationId).toBe('acme:599');
});

verifies('conversation:catch-up', 'what no webhook brought is stored and rung for, once, and told as an alert', async () => {
  const { ports, options, clock, lines, stored, send } = startReceiving();
  const at = clock.now() - 120_000;
  const payload = (id: string) => messageEnvelope(at, { id: `false_271828182845901@lid_${id}` }).payload;
  await send(messageEnvelope(at, { id: 'false_271828182845901@lid_KNOWN' }));
  ports.messenger.incoming.push(payload('KNOWN'), payload('LOST1'), payload('LOST2'));

  const first = await catchUp(ports, options, createFakeCatchUpMark());
  const second = await catchUp(ports, options, createFakeCatchUpMark());

  expect([first, second]).toEqual([
    { found: 2, failed: 0, complete: true },
    { found: 0, failed: 0, complete: true },
  ]);
  expect(stored()).toHaveLength(3);
  expect(ports.bell.rung).toHaveLength(3);
  expect(lines.filter((line) => line.includes('catch-up.found') && line.includes('"level":"error"'))).toHaveLength(1);
});

verifies('conversation:catch-up', 'what WAHA may still be repeating, groups, and what is no message are left alone', async () => {
  const { ports, options, clock, stored } = startReceiving();
  ports.messenger.incoming.push(
    messageEnvelope(clock.now() - 30_000).payload,
    messageEnvelope(clock.now() - 90_000, { id: 'false_120363040000000000@g.us_A_271828182845901@lid' }).payload,
    { nonsense: true },
    null,
  );

  expect(await catchUp(ports, options, createFakeCatchUpMark())).toEqual({ found: 0, failed: 0, complete: true });
  expect(stored()).toEqual([]);
});

verifies('conversation:catch-up', 'one that cannot be stored does not hold up the others', async () => {
  const { ports, options, clock } = startReceiving();
  const at = clock.now() - 2 * 3_600_000;
  for (const id of ['A', 'B', 'C'])
    ports.messenger.incoming.push(messageEnvelope(at, { id: `false_271828182845901@lid_${id}` }).payload);
  ports.conversations.failNext('storeMessage', new AppError('upstream', 'away'));

  const mark = createFakeCatchUpMark(at - 60_000);
  expect(await catchUp(ports, options, mark)).toEqual({ found: 2, failed: 1, complete: false });
  expect(mark.at()).toBe(at - 60_000);
  expect(await catchUp(ports, options, mark)).toEqual({ found: 1, failed: 0, complete: true });
  // A bridge may be late to list the newest.
  expect(mark.at()).toBe(clock.now() - 30 * 60_000);
});

verifies(
  'conversation:catch-up',
  'after hours away it reads all of them, page by page, three days back, and no further than messages are kept',
  async () => {
    const { ports, options, clock, stored } = startReceiving();
    const at = clock.now() - 4 * 3_600_000;
    for (let index = 0; index < 450; index += 1) {
      ports.messenger.incoming.push(messageEnvelope(at, { id: `false_271828182845901@lid_M${index}` }).payload);
    }
    const asked: number[] = [];
    const { listIncoming } = ports.messenger;
    const messenger: typeof ports.messenger = {
      ...ports.messenger,
      listIncoming(range) {
        asked.push(range.sinceMs);
        return listIncoming(range);
      },
    };

    const caughtUp = await catchUp({ ...ports, messenger }, options, createFakeCatchUpMark(clock.now() - 5 * 3_600_000));
    await catchUp({ ...ports, messenger }, options, createFakeCatchUpMark(0));
    const forgetful = { ...options, settings: { ...options.settings, transcriptTtlSeconds: 86_400 } };
    await catchUp({ ...ports, messenger }, forgetful, createFakeCatchUpMark(0));
    await catchUp({ ...ports, messenger }, options, createFakeCatchUpMark());

    expect(caughtUp).toEqual({ found: 450, failed: 0, complete: true });
    expect(stored()).toHaveLength(450);
    // Each run goes on from there, stretch by stretch.
    const begins = asked.filter((sinceMs, index) => sinceMs < (asked[index - 1] ?? Infinity));
    expect(begins.map((sinceMs) => (clock.now() - sinceMs) / 3_600_000)).toEqual([5, 72, 24, 0.5]);
  },
);

verifies(
  'conversation:catch-up',
  'what is too much for one run is stored the oldest first, and gone on with by the next where this one came to',
  async () => {
    const { ports, options, clock, stored } = startReceiving();
    const begin = clock.now() - 5 * 3_600_000;
    for (let index = 0; index < 450; index += 1) {
      const wrote = messageEnvelope(begin + index * 20_000, { id: `false_271828182845901@lid_M${index}` });
      ports.messenger.incoming.push(wrote.payload);
    }
    const conversations: typeof ports.conversations = {
      ...ports.conversations,
      storeMessage(document) {
        clock.advance(1_000);
        return ports.conversations.storeMessage(document);
      },
    };
    const mark = createFakeCatchUpMark(begin);
    const run = () => catchUp({ ...ports, conversations }, options, mark);

    const first = await run();
    const storedThen = stored().map((document) => ('sentAt' in document ? document.sentAt : undefined));
    const marks = [mark.at() ?? 0];
    const others = [await run(), await run()];

    // In its four minutes; what was written where two stretches meet is met twice.
    expect(first).toEqual({ found: 234, failed: 0, complete: false });
    expect(storedThen).toEqual(Array.from({ length: 234 }, (_, index) => begin + index * 20_000));
    expect(marks).toEqual([begin + 7 * 600_000]);
    expect(others.at(-1)).toMatchObject({ complete: true });
    expect(stored()).toHaveLength(450);
  },
);

verifies('conversation:catch-up', 'a bridge that lists slowly does not keep a run beyond its time either', async () => {
  const { ports, options, clock } = startReceiving();
  const begin = clock.now() - 3 * 3_600_000;
  const messenger: typeof ports.messenger = {
    ...ports.messenger,
    listIncoming(range) {
      clock.advance(60_000);
      return ports.messenger.listIncoming(range);
    },
  };
  const mark = createFakeCatchUpMark(begin);

  const caughtUp = await catchUp({ ...ports, messenger }, options, mark);

  expect(caughtUp).toEqual({ found: 0, failed: 0, complete: false });
  expect(mark.at()).toBe(begin + 5 * 600_000);
});
