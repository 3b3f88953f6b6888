import { expect } from 'vitest';
import { verifies } from '../../verifies.ts';
import { receiveOne, refusalOf, startServiceBus } from './start.ts';

verifies('servicebus:settle', 'complete removes, abandon gives back with changed properties', async () => {
  const { sender, receiver, bus } = await startServiceBus();
  await sender.sendMessages({ body: 'x', applicationProperties: { kept: 'k', changed: 'a' } });

  await receiver.abandonMessage(await receiveOne(receiver), { changed: 'b', added: 1 });
  const again = await receiveOne(receiver);
  await receiver.completeMessage(again);

  expect(again.applicationProperties).toEqual({ kept: 'k', changed: 'b', added: 1 });
  expect(again.deliveryCount).toBe(1);
  expect(bus.queues()).toEqual([{ name: 'bells', active: 0, scheduled: 0, deadLettered: 0 }]);
  expect(bus.busy()).toBe(false);
});

verifies('servicebus:settle', 'what is locked is nobody else’s, and stays so when its receiver closes', async () => {
  const { sender, receiver, client } = await startServiceBus();
  await sender.sendMessages({ body: 'x' });
  const message = await receiveOne(receiver);

  const other = await client.createReceiver('bells').receiveMessages(1, { maxWaitTimeInMs: 100 });
  await receiver.close();
  const later = await client.createReceiver('bells').receiveMessages(1, { maxWaitTimeInMs: 100 });

  expect([message.body, other, later]).toEqual(['x', [], []]);
});

verifies('servicebus:settle', 'a deferred message is received by its number alone', async () => {
  const { sender, receiver, bus } = await startServiceBus();
  await sender.sendMessages({ body: 'x' });
  const message = await receiveOne(receiver);

  await receiver.deferMessage(message);
  const none = await receiver.receiveMessages(1, { maxWaitTimeInMs: 100 });
  const busy = bus.busy();
  const [deferred] = await receiver.receiveDeferredMessages([message.sequenceNumber ?? 0] as never);
  if (deferred) await receiver.completeMessage(deferred);
  const gone = await refusalOf(receiver.receiveDeferredMessages([message.sequenceNumber ?? 0] as never));

  expect([none, busy, deferred?.body, deferred?.state]).toEqual([[], false, 'x', 'deferred']);
  expect(gone.code).toBe('MessageNotFound');
});

verifies('servicebus:settle', 'a deferred message is dead-lettered over the management link', async () => {
  const { sender, receiver, client } = await startServiceBus();
  await sender.sendMessages({ body: 'x' });
  const message = await receiveOne(receiver);
  await receiver.deferMessage(message);
  const [deferred] = await receiver.receiveDeferredMessages([message.sequenceNumber ?? 0] as never);

  if (deferred) await receiver.deadLetterMessage(deferred, { deadLetterReason: 'bad', deadLetterErrorDescription: 'very' });
  const dead = await receiveOne(client.createReceiver('bells', { subQueueType: 'deadLetter' }));

  expect(dead).toMatchObject({ body: 'x', deadLetterReason: 'bad', deadLetterErrorDescription: 'very', state: 'active' });
});

verifies(
  ['servicebus:lock-renewal', 'servicebus:settle'],
  'a lock that ran out is refused, and the message comes again',
  async () => {
    const { context, sender, receiver } = await startServiceBus({ queue: { lockDurationMs: 30_000 } });
    await sender.sendMessages({ body: 'x' });
    const message = await receiveOne(receiver);

    context.clock.advance(30_001);
    const refused = await refusalOf(receiver.completeMessage(message));
    const again = await receiveOne(receiver);

    expect(refused).toMatchObject({
      code: 'MessageLockLost',
      message: expect.stringContaining('The lock supplied is invalid') as string,
    });
    expect(again).toMatchObject({ body: 'x', deliveryCount: 1, messageId: message.messageId });
  },
);

verifies('servicebus:lock-renewal', 'a renewed lock holds its full time again', async () => {
  const { context, sender, receiver, bus } = await startServiceBus({ queue: { lockDurationMs: 30_000 } });
  await sender.sendMessages({ body: 'x' });
  const message = await receiveOne(receiver);

  context.clock.advance(20_000);
  const until = await receiver.renewMessageLock(message);
  context.clock.advance(20_000);
  await receiver.completeMessage(message);

  expect(until.getTime()).toBeGreaterThan(context.clock.now());
  expect(bus.queues()).toMatchObject([{ active: 0 }]);
});

verifies('servicebus:lock-renewal', 'a lock that is lost cannot be renewed', async () => {
  const { context, sender, receiver } = await startServiceBus();
  await sender.sendMessages({ body: 'x' });
  const message = await receiveOne(receiver);

  context.clock.advance(30_001);
  const refused = await refusalOf(receiver.renewMessageLock(message));

  expect(refused.code).toBe('MessageLockLost');
});

verifies('servicebus:lock-renewal', 'the client renews by itself while a handler runs longer than the lock', async () => {
  const { sender, receiver, bus, context } = await startServiceBus({ queue: { lockDurationMs: 1_000 } });
  await sender.sendMessages({ body: 'x' });

  const deliveries: number[] = [];
  await new Promise<void>((resolve) => {
    receiver.subscribe({
      processMessage: async ({ deliveryCount = 0 }) => {
        deliveries.push(deliveryCount);
        await new Promise((wait) => setTimeout(wait, 1_800));
        resolve();
      },
      processError: () => Promise.resolve(),
    });
  });
  await expect.poll(() => bus.busy()).toBe(false);

  expect(deliveries).toEqual([0]);
  expect(context.journal.entries('servicebus').filter(({ method }) => method === 'RENEW-LOCK').length).toBeGreaterThan(0);
});

verifies(
  ['servicebus:delivery-count', 'servicebus:dead-letter-queue'],
  'the last failed delivery moves a message to the dead letters',
  async () => {
    const { sender, receiver, client, bus } = await startServiceBus({ queue: { maxDeliveryCount: 3 } });
    await sender.sendMessages({ body: 'poison', applicationProperties: { kept: 'k' } });
    const counts: (number | undefined)[] = [];

    for (let attempt = 0; attempt < 3; attempt += 1) {
      const message = await receiveOne(receiver);
      counts.push(message.deliveryCount);
      await receiver.abandonMessage(message);
    }
    const queues = bus.queues();
    const busy = bus.busy();
    const letters = client.createReceiver('bells', { subQueueType: 'deadLetter' });
    const dead = await receiveOne(letters);
    await letters.completeMessage(dead);

    expect(counts).toEqual([0, 1, 2]);
    expect([queues, busy]).toEqual([[{ name: 'bells', active: 0, scheduled: 0, deadLettered: 1 }], false]);
    expect(dead).toMatchObject({
      body: 'poison',
      deadLetterReason: 'MaxDeliveryCountExceeded',
      deadLetterErrorDescription: 'Message could not be consumed after 3 delivery attempts.',
      applicationProperties: { kept: 'k' },
    });
    expect(bus.queues()).toMatchObject([{ deadLettered: 0 }]);
  },
);

verifies(
  'servicebus:dead-letter-queue',
  'a message is dead-lettered with reason and description, and read under any spelling',
  async () => {
    const { sender, receiver, client } = await startServiceBus();
    await sender.sendMessages([{ body: 1 }, { body: 2 }]);

    for (const message of await receiver.receiveMessages(2)) {
      await receiver.deadLetterMessage(message, { deadLetterReason: 'bad', deadLetterErrorDescription: 'very', extra: 'e' });
    }
    const letters = client.createReceiver('bells/$deadletterqueue');
    const peeked = await letters.peekMessages(5);
    const [first, second] = [await receiveOne(letters), await receiveOne(client.createReceiver('BELLS/$DeadLetterQueue'))];

    expect(peeked.length).toBe(2);
    expect([first.body, second.body]).toEqual([1, 2]);
    expect(first).toMatchObject({
      deadLetterReason: 'bad',
      deadLetterErrorDescription: 'very',
      applicationProperties: { extra: 'e' },
    });
  },
);

verifies('servicebus:dead-letter-queue', 'an abandoned dead letter stays one', async () => {
  const { sender, receiver, client, bus } = await startServiceBus({ queue: { maxDeliveryCount: 1 } });
  await sender.sendMessages({ body: 1 });
  await receiver.abandonMessage(await receiveOne(receiver));
  const letters = client.createReceiver('bells', { subQueueType: 'deadLetter' });

  await letters.abandonMessage(await receiveOne(letters));
  const again = await receiveOne(letters);

  expect(again.deliveryCount).toBe(2);
  expect(bus.queues()).toMatchObject([{ deadLettered: 1 }]);
});
