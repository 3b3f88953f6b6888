import { expect } from 'vitest';
import { verifies } from '../../verifies.ts';
import { receiveOne, refusalOf, startServiceBus } from './start.ts';

const inAMinute = (now: number) => new Date(now + 60_000);

verifies(
  ['servicebus:scheduled', 'servicebus:queues'],
  'a scheduled message waits for its time, by the clock of the sandbox',
  async () => {
    const { context, sender, receiver, bus } = await startServiceBus();

    const [scheduledAs] = await sender.scheduleMessages([{ body: 'later' }], inAMinute(context.clock.now()));
    const early = await receiver.receiveMessages(1, { maxWaitTimeInMs: 100 });
    const before = [bus.queues(), bus.busy()];
    context.clock.advance(60_001);
    const after = [bus.queues(), bus.busy()];
    const message = await receiveOne(receiver);

    expect(early).toEqual([]);
    expect(before).toEqual([[{ name: 'bells', active: 0, scheduled: 1, deadLettered: 0 }], false]);
    expect(after).toEqual([[{ name: 'bells', active: 1, scheduled: 0, deadLettered: 0 }], true]);
    expect(message).toMatchObject({ body: 'later', deliveryCount: 0, state: 'active' });
    expect(Number(message.sequenceNumber)).toBeGreaterThan(Number(scheduledAs));
    expect(message.enqueuedTimeUtc?.getTime()).toBeGreaterThanOrEqual(context.clock.now() - 5_000);
  },
);

verifies('servicebus:scheduled', 'scheduledEnqueueTimeUtc schedules too, in single sends and batches', async () => {
  const { context, sender, receiver, bus } = await startServiceBus();
  const scheduledEnqueueTimeUtc = inAMinute(context.clock.now());

  await sender.sendMessages({ body: 'one', scheduledEnqueueTimeUtc });
  await sender.sendMessages([{ body: 'two', scheduledEnqueueTimeUtc }, { body: 'now' }]);
  const before = bus.queues();
  context.clock.advance(60_001);
  const received = await receiver.receiveMessages(3, { maxWaitTimeInMs: 500 });

  expect(before).toMatchObject([{ active: 1, scheduled: 2 }]);
  expect(received.map(({ body }) => body as string)).toEqual(['now', 'one', 'two']);
});

verifies(
  'servicebus:scheduled',
  'a receiver that waits gets the message at its time, without anybody moving the clock',
  async () => {
    const { sender, receiver } = await startServiceBus();
    const dueAt = Date.now() + 400;
    await sender.scheduleMessages({ body: 'soon' }, new Date(dueAt));
    const message = await receiveOne(receiver);

    expect(message.body).toBe('soon');
    expect(Date.now()).toBeGreaterThanOrEqual(dueAt);
  },
);

verifies('servicebus:scheduled', 'messages become active in the order of their times', async () => {
  const { context, sender, receiver } = await startServiceBus();
  for (const [body, delayMs] of [
    ['third', 30_000],
    ['first', 10_000],
    ['second', 20_000],
  ] as const) {
    await sender.scheduleMessages({ body }, new Date(context.clock.now() + delayMs));
  }

  context.clock.advance(30_001);
  const received = await receiver.receiveMessages(3, { maxWaitTimeInMs: 500 });

  expect(received.map(({ body }) => body as string)).toEqual(['first', 'second', 'third']);
});

verifies('servicebus:scheduled', 'a cancelled message never comes, and cannot be cancelled twice', async () => {
  const { context, sender, bus } = await startServiceBus();
  const sequences = await sender.scheduleMessages([{ body: 1 }, { body: 2 }], inAMinute(context.clock.now()));

  await sender.cancelScheduledMessages(sequences);
  const again = await refusalOf(sender.cancelScheduledMessages(sequences));
  context.clock.advance(60_001);

  expect(again.code).toBe('MessageNotFound');
  expect(bus.queues()).toEqual([{ name: 'bells', active: 0, scheduled: 0, deadLettered: 0 }]);
});
