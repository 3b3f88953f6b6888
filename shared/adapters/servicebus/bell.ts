import { ServiceBusClient, type ServiceBusMessage } from '@azure/service-bus';
import { AppError } from '../../core/errors.ts';
import type { Bell, ConversationRef } from '../../ports/bell.ts';
import { createAzureCredential } from '../azure-credential.ts';
import { currentTraceparent } from '../../telemetry/index.ts';

export interface BellOptions {
  readonly connectionString: string | undefined;
  /** `<namespace>.servicebus.windows.net`: with the managed identity. */
  readonly fullyQualifiedNamespace: string | undefined;
  readonly managedIdentityClientId: string | undefined;
  readonly queue: string;
  readonly timeoutMs: number;
}

// A bell that nobody heard for a day says nothing that the documents do not.
const timeToLiveMs = 24 * 60 * 60 * 1_000;

/**
 * Rings by Service Bus: one client and one sender a process. The body is an object, so that no id in it can become a
 * number on its way through the Functions host.
 */
export function createServiceBusBell(options: BellOptions): Bell & { close(): Promise<void> } {
  const client = createClient(options);
  const sender = client.createSender(options.queue);
  const send = async (what: string, run: () => Promise<unknown>) => {
    try {
      await run();
    } catch (cause) {
      throw new AppError('upstream', `servicebus ${what} failed`, { vendor: 'servicebus', cause, maybeDone: true });
    }
  };
  return {
    ring: (ref, { atMs, signal } = {}) =>
      send('ring', () => {
        const message = toMessage(ref, atMs);
        return sender.sendMessages(message, signal ? { abortSignal: signal } : {});
      }),
    ringAll: (refs, signal) =>
      send('ring all', async () => {
        if (refs.length > 0)
          await sender.sendMessages(
            refs.map((ref) => toMessage(ref)),
            signal ? { abortSignal: signal } : {},
          );
      }),
    close: () => client.close(),
  };
}

function createClient({
  connectionString,
  fullyQualifiedNamespace,
  managedIdentityClientId,
  timeoutMs,
}: BellOptions): ServiceBusClient {
  const retryOptions = { timeoutInMs: timeoutMs, maxRetries: 2, retryDelayInMs: 250 };
  if (connectionString !== undefined) return new ServiceBusClient(connectionString, { retryOptions });
  if (fullyQualifiedNamespace === undefined)
    throw new AppError('settings', 'Neither a connection string nor a namespace of Service Bus is set');
  return new ServiceBusClient(fullyQualifiedNamespace, createAzureCredential(managedIdentityClientId), { retryOptions });
}

function toMessage({ workspace, conversationId }: ConversationRef, atMs?: number): ServiceBusMessage {
  const traceparent = currentTraceparent();
  return {
    body: { workspace, conversationId },
    contentType: 'application/json',
    timeToLive: timeToLiveMs,
    ...(traceparent === undefined ? {} : { applicationProperties: { traceparent } }),
    ...(atMs === undefined ? {} : { scheduledEnqueueTimeUtc: new Date(atMs) }),
  };
}
