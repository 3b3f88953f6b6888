import { ServiceBusClient, type ServiceBusReceivedMessage, type ServiceBusReceiver } from '@azure/service-bus';
import { onTestFinished } from 'vitest';
import { createSandboxContext } from '../../../sandbox/kit/context.ts';
import { createServiceBus, type ServiceBusOptions } from '../../../sandbox/servicebus/service-bus.ts';

export interface StartOptions {
  queue?: Partial<ServiceBusOptions['queues'][number]>;
  directory?: string;
  /** Retries of the client; none by default, so that a refusal is seen as it came. */
  maxRetries?: number;
  /** How long the client waits for an answer. */
  timeoutInMs?: number;
}

/** A broker with the queue `bells`, and the vendor's own client of it. */
export async function startServiceBus({ queue, directory, ...retry }: StartOptions = {}) {
  const context = createSandboxContext(directory === undefined ? {} : { directory });
  const bus = await createServiceBus(context, { queues: [{ name: 'bells', ...queue }] });
  const client = connect(bus.connectionString, retry);
  onTestFinished(async () => {
    await client.close();
    await bus.close();
    context.clock.stop();
  });
  return { context, bus, client, sender: client.createSender('bells'), receiver: client.createReceiver('bells') };
}

export const connect = (connectionString: string, retry: { maxRetries?: number; timeoutInMs?: number } = {}) =>
  new ServiceBusClient(connectionString, {
    retryOptions: { maxRetries: 0, timeoutInMs: 3_000, retryDelayInMs: 20, maxRetryDelayInMs: 50, ...retry },
  });

export async function receiveOne(receiver: ServiceBusReceiver, maxWaitTimeInMs = 3_000): Promise<ServiceBusReceivedMessage> {
  const [message] = await receiver.receiveMessages(1, { maxWaitTimeInMs });
  if (!message) throw new Error('no message came');
  return message;
}

/** What the client says of a refusal: its code where the SDK knows one, and its text. */
export async function refusalOf(work: Promise<unknown>): Promise<{ code: string; message: string }> {
  try {
    await work;
  } catch (error) {
    const { code = '', message } = error as { code?: string; message: string };
    return { code, message };
  }
  throw new Error('it was not refused');
}
