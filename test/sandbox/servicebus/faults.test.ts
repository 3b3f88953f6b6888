import { expect } from 'vitest';
import { verifies } from '../../verifies.ts';
import { receiveOne, refusalOf, startServiceBus } from './start.ts';

verifies('servicebus:faults', 'a send is refused by an AMQP error, once, and the client tries again', async () => {
  const { context, sender, bus } = await startServiceBus({ maxRetries: 1 });
  context.faults.add({ vendor: 'servicebus', match: { method: 'SEND' }, effect: 'answer', status: 503 });

  await sender.sendMessages({ body: 1 });

  expect(context.journal.entries('servicebus').map(({ method, status }) => [method, status])).toEqual([
    ['SEND', 503],
    ['SEND', 200],
  ]);
  expect(bus.queues()).toMatchObject([{ active: 1 }]);
});

verifies('servicebus:faults', 'a fault meets only what it names: entity, body, method', async () => {
  const { context, sender, bus } = await startServiceBus();
  context.faults.add({ vendor: 'servicebus', match: { path: 'bells', body: 'c2' }, effect: 'answer', status: 403 });

  await sender.sendMessages({ body: { conversationId: 'c1' } });
  const refused = await refusalOf(sender.sendMessages({ body: { conversationId: 'c2' } }));

  expect(refused.code).toBe('QuotaExceeded');
  expect(bus.queues()).toMatchObject([{ active: 1 }]);
});

verifies('servicebus:faults', 'a connection dropped after the send doubles the message: nothing is folded', async () => {
  const { context, sender, bus } = await startServiceBus({ maxRetries: 2, timeoutInMs: 500 });
  context.faults.add({ vendor: 'servicebus', match: { method: 'SEND' }, effect: 'answer-after-doing' });

  await sender.sendMessages({ body: 1, messageId: 'm1' });

  expect(bus.queues()).toMatchObject([{ active: 2 }]);
});

verifies('servicebus:faults', 'a connection dropped before the send loses nothing that was accepted', async () => {
  const { context, sender, bus } = await startServiceBus({ maxRetries: 2, timeoutInMs: 500 });
  await sender.sendMessages({ body: 0 });
  context.faults.add({ vendor: 'servicebus', match: { method: 'SEND' }, effect: 'drop' });

  await sender.sendMessages({ body: 1 });

  expect(bus.queues()).toMatchObject([{ active: 2 }]);
});

verifies('servicebus:faults', 'a message is stored twice', async () => {
  const { context, sender, receiver } = await startServiceBus();
  context.faults.add({ vendor: 'servicebus', match: { method: 'SEND' }, effect: 'duplicate' });

  await sender.sendMessages({ body: 'x', messageId: 'm1' });
  const received = await receiver.receiveMessages(5, { maxWaitTimeInMs: 200 });

  expect(received.map(({ messageId, deliveryCount }) => [messageId, deliveryCount])).toEqual([
    ['m1', 0],
    ['m1', 0],
  ]);
});

verifies('servicebus:faults', 'the broker hangs, and the client’s own time limit ends the wait', async () => {
  const { context, sender, bus } = await startServiceBus({ timeoutInMs: 800 });
  await sender.sendMessages({ body: 0 });
  context.faults.add({ vendor: 'servicebus', match: { method: 'SEND' }, effect: 'hang', delayMs: 400 });

  const startedAt = performance.now();
  await refusalOf(sender.sendMessages({ body: 1 }));

  expect(performance.now() - startedAt).toBeGreaterThan(750);
  expect(bus.queues()).toMatchObject([{ active: 1 }]);
});

verifies('servicebus:faults', 'the broker takes its time', async () => {
  const { context, sender } = await startServiceBus();
  context.faults.add({ vendor: 'servicebus', match: { method: 'SEND' }, effect: 'delay', delayMs: 300 });

  const startedAt = performance.now();
  await sender.sendMessages({ body: 1 });

  expect(performance.now() - startedAt).toBeGreaterThan(250);
});

verifies('servicebus:faults', 'a lock is lost while the client holds the message, which another gets at once', async () => {
  const { context, sender, receiver, client } = await startServiceBus();
  context.faults.add({ vendor: 'servicebus', match: { method: 'RECEIVE' }, effect: 'lose-lock' });
  await sender.sendMessages({ body: 'x', messageId: 'm1' });

  const message = await receiveOne(receiver);
  const other = client.createReceiver('bells');
  const again = await receiveOne(other);
  const refused = await refusalOf(receiver.completeMessage(message));
  await other.completeMessage(again);

  expect([again.messageId, again.deliveryCount]).toEqual(['m1', 1]);
  expect(refused.code).toBe('MessageLockLost');
});

verifies('servicebus:faults', 'a lock is lost at the very moment of completing', async () => {
  const { context, sender, receiver, bus } = await startServiceBus();
  context.faults.add({ vendor: 'servicebus', match: { method: 'COMPLETE' }, effect: 'lose-lock' });
  await sender.sendMessages({ body: 'x' });

  const refused = await refusalOf(receiver.completeMessage(await receiveOne(receiver)));
  const again = await receiveOne(receiver);
  await receiver.completeMessage(again);

  expect([refused.code, again.deliveryCount]).toEqual(['MessageLockLost', 1]);
  expect(bus.busy()).toBe(false);
});

verifies('servicebus:faults', 'a completion is done but its answer lost: the message does not come again', async () => {
  const { context, sender, receiver, bus } = await startServiceBus({ timeoutInMs: 500 });
  context.faults.add({ vendor: 'servicebus', match: { method: 'COMPLETE' }, effect: 'answer-after-doing' });
  await sender.sendMessages({ body: 'x' });

  await refusalOf(receiver.completeMessage(await receiveOne(receiver)));

  expect(bus.queues()).toMatchObject([{ active: 0 }]);
});

verifies('servicebus:faults', 'a delivery that never arrives stays locked until its lock runs out', async () => {
  const { context, sender, receiver } = await startServiceBus();
  context.faults.add({ vendor: 'servicebus', match: { method: 'RECEIVE' }, effect: 'hang' });
  await sender.sendMessages({ body: 'x' });

  const none = await receiver.receiveMessages(1, { maxWaitTimeInMs: 200 });
  context.clock.advance(30_001);
  const message = await receiveOne(receiver);

  expect([none, message.deliveryCount]).toEqual([[], 1]);
});

verifies('servicebus:faults', 'a subscriber whose connection drops comes back for its messages', async () => {
  const { context, sender, receiver } = await startServiceBus({ maxRetries: 3, timeoutInMs: 1_000 });
  context.faults.add({ vendor: 'servicebus', match: { method: 'RECEIVE' }, effect: 'drop' });
  const handled = new Promise((resolve) => {
    receiver.subscribe({
      processMessage: ({ body }) => {
        resolve(body);
        return Promise.resolve();
      },
      processError: () => Promise.resolve(),
    });
  });

  await sender.sendMessages({ body: 'x' });

  expect(await handled).toBe('x');
});

verifies('servicebus:faults', 'a receiver is detached by an error, and its subscriber comes back', async () => {
  const { context, sender, receiver } = await startServiceBus({ maxRetries: 3, timeoutInMs: 1_000 });
  context.faults.add({ vendor: 'servicebus', match: { method: 'RECEIVE' }, effect: 'answer', status: 503 });
  const errors: string[] = [];
  const handled = new Promise<number | undefined>((resolve) => {
    receiver.subscribe({
      processMessage: ({ deliveryCount }) => {
        resolve(deliveryCount);
        return Promise.resolve();
      },
      processError: ({ error }) => {
        errors.push('code' in error ? error.code : error.message);
        return Promise.resolve();
      },
    });
  });

  await sender.sendMessages({ body: 'x' });

  expect(await handled).toBe(0);
  expect(errors).toContain('ServiceBusy');
});

verifies('servicebus:faults', 'a refused completion leaves the message locked, to be completed again', async () => {
  const { context, sender, receiver, bus } = await startServiceBus();
  const body = { condition: 'com.microsoft:server-busy', description: 'later, please' };
  context.faults.add({ vendor: 'servicebus', match: { method: 'COMPLETE' }, effect: 'answer', status: 503, body });
  context.faults.add({ vendor: 'servicebus', match: { method: 'RENEW-LOCK' }, effect: 'answer', status: 500 });
  await sender.sendMessages({ body: 'x' });
  const message = await receiveOne(receiver);

  const renewal = await refusalOf(receiver.renewMessageLock(message));
  const refused = await refusalOf(receiver.completeMessage(message));
  const busy = bus.busy();

  expect(refused).toMatchObject({ code: 'ServiceBusy', message: expect.stringContaining('later, please') as string });
  expect(renewal.message).toContain('fault 500');
  expect(busy).toBe(true);
});

verifies('servicebus:faults', 'a lock named at the send is lost at the first delivery', async () => {
  const { context, sender, receiver } = await startServiceBus();
  context.faults.add({ vendor: 'servicebus', match: { body: 'fragile' }, effect: 'lose-lock' });
  await sender.sendMessages([{ body: 'fragile' }]);

  const message = await receiveOne(receiver);
  const refused = await refusalOf(receiver.completeMessage(message));
  const again = await receiveOne(receiver);
  await receiver.completeMessage(again);

  expect([refused.code, again.deliveryCount]).toEqual(['MessageLockLost', 1]);
});
