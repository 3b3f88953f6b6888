import { connect as connectSocket } from 'node:net';
import { expect } from 'vitest';
import { createSandboxContext } from '../../../sandbox/kit/context.ts';
import { createServiceBus } from '../../../sandbox/servicebus/service-bus.ts';
import { verifies } from '../../verifies.ts';
import { connect, receiveOne, refusalOf, startServiceBus } from './start.ts';

verifies('servicebus:refuses', 'queues that are unknown', async () => {
  const { client } = await startServiceBus();

  const send = await refusalOf(client.createSender('nobody').sendMessages({ body: 1 }));
  const receive = await refusalOf(client.createReceiver('nobody').receiveMessages(1, { maxWaitTimeInMs: 500 }));
  const peek = await refusalOf(client.createReceiver('nobody').peekMessages(1));

  expect([send.code, receive.code]).toEqual(['MessagingEntityNotFound', 'MessagingEntityNotFound']);
  expect(peek.message).toContain('could not be found');
});

verifies('servicebus:refuses', 'receivers of sessions, at once', async () => {
  const { client, context } = await startServiceBus();

  const next = await refusalOf(client.acceptNextSession('bells'));
  // For a named session the SDK tells its own story of any refusal.
  const named = await refusalOf(client.acceptSession('bells', 's1'));
  const attached = context.journal.entries('servicebus').map(({ method, status, response }) => [method, status, response]);

  const why = 'A sessionful message receiver cannot be created on an entity that does not require sessions.';
  expect(next.message).toContain(why);
  expect(named.code).toBe('SessionCannotBeLocked');
  expect(attached).toEqual(Array.from({ length: 2 }, () => ['ATTACH', 400, `amqp:not-allowed: ${why}`]));
});

verifies('servicebus:refuses', 'queues with sessions, duplicate detection or anything else that is not played', async () => {
  const context = createSandboxContext();
  const create = (queue: object) => createServiceBus(context, { queues: [{ name: 'bells', ...queue }] });

  await expect(create({ requiresSession: true })).rejects.toThrow('not played: requiresSession');
  await expect(create({ requiresDuplicateDetection: true })).rejects.toThrow('not played: requiresDuplicateDetection');
  await expect(create({ lockDurationMs: 600_000 })).rejects.toThrow('300000');
});

verifies('servicebus:refuses', 'a key that is not the namespace’s', async () => {
  const { bus } = await startServiceBus();
  const client = connect(bus.connectionString.replace('sandbox-servicebus-key', 'another-key'));

  const refused = await refusalOf(client.createSender('bells').sendMessages({ body: 1 }));
  await client.close();

  expect(refused).toMatchObject({ code: 'UnauthorizedAccess' });
  expect(refused.message).toContain('InvalidSignature');
});

verifies('servicebus:refuses', 'senders to the dead letters', async () => {
  const { client } = await startServiceBus();

  const refused = await refusalOf(client.createSender('bells/$deadletterqueue').sendMessages({ body: 1 }));

  expect(refused.message).toContain('dead-letter sub-queue');
});

verifies('servicebus:refuses', 'bytes that are no AMQP, without harm to the others', async () => {
  const { bus, context, sender, receiver } = await startServiceBus();

  const socket = connectSocket(bus.port, '127.0.0.1');
  socket.end('GET / HTTP/1.1\r\nhost: localhost\r\n\r\n');
  await new Promise((resolve) => socket.once('close', resolve));
  await sender.sendMessages({ body: 'fine' });
  const message = await receiveOne(receiver);

  expect(message.body).toBe('fine');
  expect(context.journal.entries('servicebus')[0]).toMatchObject({ method: 'ERROR', status: 500 });
});

verifies('servicebus:refuses', 'a port in use, in one error', async () => {
  const { bus } = await startServiceBus();

  const second = createServiceBus(createSandboxContext(), { port: bus.port, queues: [{ name: 'bells' }] });

  await expect(second).rejects.toMatchObject({ code: 'EADDRINUSE' });
});
