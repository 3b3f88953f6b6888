import { expect } from 'vitest';
import { verifies } from '../../verifies.ts';
import { receiveOne, startServiceBus } from './start.ts';

verifies('servicebus:journal', 'each operation is written down with the entity, the properties and the body', async () => {
  const { context, sender, receiver } = await startServiceBus();
  await sender.sendMessages({ body: { conversationId: 'c1' }, applicationProperties: { traceparent: '00-t-s-01', n: 1 } });
  const scheduled = await sender.scheduleMessages({ body: 'later' }, new Date(Date.now() + 60_000));
  await sender.cancelScheduledMessages(scheduled);

  await receiver.abandonMessage(await receiveOne(receiver));
  const message = await receiveOne(receiver);
  await receiver.renewMessageLock(message);
  await receiver.deadLetterMessage(message);
  const entries = context.journal.entries('servicebus');

  expect(entries.map(({ method, path, status }) => `${method} ${path} ${status}`)).toEqual([
    'SEND bells 200',
    'SCHEDULE bells 200',
    'CANCEL bells 200',
    'RECEIVE bells 200',
    'ABANDON bells 200',
    'RECEIVE bells 200',
    'RENEW-LOCK bells 200',
    'DEAD-LETTER bells 200',
  ]);
  for (const { method, headers, body } of entries.filter(({ method: each }) => each !== 'SCHEDULE' && each !== 'CANCEL')) {
    expect([method, headers, body]).toEqual([method, { traceparent: '00-t-s-01', n: '1' }, '{"conversationId":"c1"}']);
  }
});

verifies('servicebus:journal', 'a batch is one line a message', async () => {
  const { context, sender } = await startServiceBus();

  await sender.sendMessages([{ body: 'a', applicationProperties: { n: 1 } }, { body: 'b' }]);
  const entries = context.journal.entries('servicebus');

  expect(entries.map(({ method, headers, body }) => [method, headers, body])).toEqual([
    ['SEND', { n: '1' }, '"a"'],
    ['SEND', {}, '"b"'],
  ]);
});
