import { expect } from 'vitest';
import { verifies } from '../../verifies.ts';
import { receiveOne, startServiceBus } from './start.ts';

verifies('servicebus:send-receive', 'a message keeps its body, its properties and their types', async () => {
  const { sender, receiver } = await startServiceBus();
  const sent = {
    body: { conversationId: 'c1' },
    messageId: 'm1',
    correlationId: 'k1',
    subject: 'bell',
    contentType: 'application/json',
    sessionId: 's1',
    applicationProperties: { traceparent: '00-a-b-01', count: 7, below: -7, large: 2 ** 40, half: 0.5, yes: true, none: null },
  };

  await sender.sendMessages(sent);
  const received = await receiveOne(receiver);

  expect(received).toMatchObject({ ...sent, deliveryCount: 0, state: 'active' });
  expect(Number(received.sequenceNumber)).toBeGreaterThan(0);
  expect(received.lockToken).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
});

verifies('servicebus:send-receive', 'arrays and batches arrive in order, one message each', async () => {
  const { sender, receiver, bus } = await startServiceBus();
  const batch = await sender.createMessageBatch();
  for (const body of ['c', 'd']) batch.tryAddMessage({ body });

  await sender.sendMessages([{ body: 'a' }, { body: 'b' }]);
  await sender.sendMessages(batch);
  const waiting = bus.queues();
  const received = await receiver.receiveMessages(10, { maxWaitTimeInMs: 300 });

  expect(waiting).toEqual([{ name: 'bells', active: 4, scheduled: 0, deadLettered: 0 }]);
  expect(received.map(({ body }) => body as string)).toEqual(['a', 'b', 'c', 'd']);
  expect(new Set(received.map(({ messageId }) => messageId)).size).toBe(4);
});

verifies('servicebus:send-receive', 'a body of many frames arrives whole, and one above the limit is refused', async () => {
  const { sender, receiver } = await startServiceBus();
  const body = 'x'.repeat(500_000);

  await sender.sendMessages({ body });
  const received = await receiveOne(receiver);
  const refused = await sender.sendMessages({ body: 'x'.repeat(1_100_000) }).catch((error: unknown) => error);

  expect(received.body).toBe(body);
  expect(refused).toMatchObject({ code: 'MessageSizeExceeded' });
});

verifies('servicebus:send-receive', 'what is received and deleted is gone at once', async () => {
  const { sender, client, bus } = await startServiceBus();
  const receiver = client.createReceiver('bells', { receiveMode: 'receiveAndDelete' });
  await sender.sendMessages([{ body: 1 }, { body: 2 }, { body: 3 }]);

  const received = await receiver.receiveMessages(2, { maxWaitTimeInMs: 1_000 });

  expect(received.map(({ body }) => body as number)).toEqual([1, 2]);
  expect(bus.queues()).toMatchObject([{ active: 1 }]);
});

verifies('servicebus:send-receive', 'subscribers share 3,000 messages, each handled once', async () => {
  const { sender, client, bus } = await startServiceBus();
  const total = 3_000;
  const handled: number[] = [];
  const all = new Promise<void>((resolve) => {
    const processMessage = ({ body }: { body: unknown }) => {
      handled.push(body as number);
      if (handled.length === total) resolve();
      return Promise.resolve();
    };
    const processError = () => Promise.resolve();
    for (let each = 0; each < 2; each += 1) {
      client.createReceiver('bells').subscribe({ processMessage, processError }, { maxConcurrentCalls: 32 });
    }
  });

  for (let from = 0; from < total; from += 500) {
    await sender.sendMessages(Array.from({ length: 500 }, (_, index) => ({ body: from + index })));
  }
  await all;

  expect(new Set(handled).size).toBe(total);
  await expect.poll(() => bus.busy()).toBe(false);
});

verifies('servicebus:send-receive', 'one link goes on beyond the 2,048 deliveries a buffer holds', async () => {
  const { sender, receiver, bus } = await startServiceBus();
  const counts: number[] = [];

  for (let round = 0; round < 5; round += 1) {
    await sender.sendMessages(Array.from({ length: 500 }, () => ({ body: 'x' })));
    const received = await receiver.receiveMessages(500, { maxWaitTimeInMs: 2_000 });
    await Promise.all(received.map((message) => receiver.completeMessage(message)));
    counts.push(received.length);
  }

  expect(counts).toEqual([500, 500, 500, 500, 500]);
  expect(bus.queues()).toMatchObject([{ active: 0 }]);
});

verifies('servicebus:send-receive', 'peeking looks at active and scheduled messages and locks none', async () => {
  const { sender, receiver, bus } = await startServiceBus();
  await sender.sendMessages([{ body: 'now' }]);
  await sender.scheduleMessages({ body: 'later' }, new Date(Date.now() + 60_000));

  const peeked = await receiver.peekMessages(10);
  const next = await receiver.peekMessages(10);
  const received = await receiveOne(receiver);

  expect(peeked.map(({ body, state }) => [body as string, state])).toEqual([
    ['now', 'active'],
    ['later', 'scheduled'],
  ]);
  expect(next).toEqual([]);
  expect(received.body).toBe('now');
  expect(bus.busy()).toBe(true);
});

verifies('servicebus:send-receive', 'a message past its time to live is gone', async () => {
  const { context, sender, receiver, bus } = await startServiceBus();
  await sender.sendMessages([{ body: 'brief', timeToLive: 5_000 }, { body: 'lasting' }]);

  context.clock.advance(6_000);
  const received = await receiver.receiveMessages(2, { maxWaitTimeInMs: 200 });

  expect(received.map(({ body }) => body as string)).toEqual(['lasting']);
  expect(bus.queues()).toMatchObject([{ active: 1 }]);
});

verifies('servicebus:drain', 'a receive that waits in vain leaves no credit behind and the receiver usable', async () => {
  const { sender, receiver, bus } = await startServiceBus();

  const none = await receiver.receiveMessages(5, { maxWaitTimeInMs: 100 });
  await sender.sendMessages({ body: 'after' });
  const untouched = await receiver.peekMessages(1);
  const received = await receiver.receiveMessages(5, { maxWaitTimeInMs: 500 });

  expect(none).toEqual([]);
  expect(untouched[0]?.deliveryCount).toBe(0);
  expect(received.map(({ body, deliveryCount }) => [body as string, deliveryCount])).toEqual([['after', 0]]);
  expect(receiver.isClosed).toBe(false);
  expect(bus.busy()).toBe(true);
});

verifies('servicebus:drain', 'fewer messages than asked for come when the wait is over', async () => {
  const { sender, receiver } = await startServiceBus();
  await sender.sendMessages([{ body: 1 }, { body: 2 }]);

  const startedAt = performance.now();
  const received = await receiver.receiveMessages(10, { maxWaitTimeInMs: 300 });

  expect(received.length).toBe(2);
  expect(performance.now() - startedAt).toBeLessThan(2_500);
});
