import { ServiceBusClient, type ServiceBusMessage } from '@azure/service-bus';
import { expect } from 'vitest';
import { createSandboxContext } from '../../../sandbox/kit/context.ts';
import { createServiceBus } from '../../../sandbox/servicebus/service-bus.ts';

const queueNames = ['bells', 'traps', 'bytes'];

/** A Service Bus with the queues of `apps/servicebus`, and a client of it. */
export async function startBus(lockDurationMs = 30_000, port = 0) {
  const context = createSandboxContext();
  const queues = queueNames.map((name) => ({ name, lockDurationMs, maxDeliveryCount: 5 }));
  const bus = await createServiceBus(context, { port, queues });
  const client = new ServiceBusClient(bus.connectionString);
  let closing: Promise<void> | undefined;
  const close = async () => {
    await client.close();
    await bus.close();
    context.clock.stop();
  };
  return {
    context,
    port: bus.port,
    environment: { Bus: bus.connectionString, BELLS: 'bells' },
    queue: (name: string) => bus.queues().find((queue) => queue.name === name),
    send: (queue: string, messages: ServiceBusMessage | ServiceBusMessage[]) => client.createSender(queue).sendMessages(messages),
    /** Waits until no message is left to work on. */
    settled: () => expect.poll(() => bus.busy(), { timeout: 8_000 }).toBe(false),
    close: () => (closing ??= close()),
  };
}
