import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished } from 'vitest';
import { verifies } from '../../verifies.ts';
import { connect, receiveOne, startServiceBus } from './start.ts';

function temporaryDirectory(): string {
  const directory = mkdtempSync(join(tmpdir(), 'servicebus-'));
  onTestFinished(() => rmSync(directory, { recursive: true, force: true }));
  return directory;
}

async function startProcess(directory: string, port = 0) {
  const child: ChildProcess = fork(join(import.meta.dirname, 'broker-process.ts'), [directory, String(port)], { execArgv: [] });
  const [connectionString] = (await once(child, 'message')) as [string];
  const kill = async () => {
    if (child.exitCode !== null || child.signalCode !== null) return;
    child.kill('SIGKILL');
    await once(child, 'exit');
  };
  onTestFinished(kill);
  return { connectionString, port: Number(/localhost:(\d+)/.exec(connectionString)?.[1]), kill };
}

verifies('servicebus:durable', 'what was accepted outlives a kill: active, locked, scheduled and dead messages', async () => {
  const directory = temporaryDirectory();
  const first = await startProcess(directory);
  const client = connect(first.connectionString, { maxRetries: 5 });
  const sender = client.createSender('bells');
  await sender.sendMessages([{ body: 'dead' }, { body: 'locked' }, { body: 'active' }]);
  await sender.scheduleMessages({ body: 'scheduled' }, new Date(Date.now() + 60_000));
  const receiver = client.createReceiver('bells');
  await receiver.deadLetterMessage(await receiveOne(receiver));
  await receiveOne(receiver);

  await first.kill();
  const { bus, client: next, receiver: again, context } = await startServiceBus({ directory, queue: { maxDeliveryCount: 3 } });
  const queues = bus.queues();
  context.clock.advance(61_000);
  const received = await again.receiveMessages(3, { maxWaitTimeInMs: 1_000 });
  const dead = await receiveOne(next.createReceiver('bells', { subQueueType: 'deadLetter' }));
  await client.close();

  expect(queues).toEqual([{ name: 'bells', active: 2, scheduled: 1, deadLettered: 1 }]);
  // The delivery that the kill broke off counts.
  expect(received.map(({ body, deliveryCount }) => [body as string, deliveryCount])).toEqual([
    ['locked', 1],
    ['active', 0],
    ['scheduled', 0],
  ]);
  expect(dead.body).toBe('dead');
});

verifies(
  'servicebus:durable',
  'a client goes on sending and subscribing over a kill; every accepted message is handled',
  async () => {
    const directory = temporaryDirectory();
    const first = await startProcess(directory);
    const client = connect(first.connectionString, { maxRetries: 10 });
    onTestFinished(() => client.close());
    const handled = new Set<number>();
    client.createReceiver('bells').subscribe({
      processMessage: ({ body }) => Promise.resolve(void handled.add(body as number)),
      processError: () => Promise.resolve(),
    });
    const sender = client.createSender('bells');

    for (let body = 0; body < 200; body += 1) await sender.sendMessages({ body });
    await first.kill();
    await startProcess(directory, first.port);
    for (let body = 200; body < 400; body += 1) await sender.sendMessages({ body });

    await expect.poll(() => handled.size, { timeout: 10_000 }).toBe(400);
  },
);

verifies('servicebus:durable', 'a kill in the middle of a burst loses nothing that was accepted', async () => {
  const directory = temporaryDirectory();
  const broker = await startProcess(directory);
  const client = connect(broker.connectionString, { timeoutInMs: 300 });
  const sender = client.createSender('bells');
  await sender.sendMessages({ body: -1 });
  const accepted = new Set([-1]);
  let refused = 0;

  // Each goes on until it is refused: whenever the kill comes, it comes in the middle.
  let next = 0;
  const burst = Array.from({ length: 30 }, async () => {
    for (;;) {
      const body = next++;
      try {
        await sender.sendMessages({ body });
      } catch {
        refused += 1;
        return;
      }
      accepted.add(body);
      if (accepted.size === 100) await broker.kill();
    }
  });
  await Promise.all(burst);
  await client.close();
  const { receiver } = await startServiceBus({ directory });
  const stored = await receiver.receiveMessages(1_000, { maxWaitTimeInMs: 1_000 });

  expect(refused).toBe(30);
  expect(stored.map(({ body }) => body as number)).toEqual(expect.arrayContaining([...accepted]));
});

verifies('servicebus:durable', 'deliveries that restarts break off end in the dead letters too', async () => {
  const directory = temporaryDirectory();
  const attempts: (number | undefined)[] = [];
  let port = 0;
  for (let attempt = 0; attempt < 3; attempt += 1) {
    const broker = await startProcess(directory, port);
    port = broker.port;
    const client = connect(broker.connectionString);
    if (attempt === 0) await client.createSender('bells').sendMessages({ body: 'killer' });
    attempts.push((await receiveOne(client.createReceiver('bells'))).deliveryCount);
    await broker.kill();
    await client.close();
  }

  const { bus } = await startServiceBus({ directory, queue: { maxDeliveryCount: 3 } });

  expect(attempts).toEqual([0, 1, 2]);
  expect(bus.queues()).toMatchObject([{ active: 0, deadLettered: 1 }]);
});
