import type { ProcessErrorArgs, ServiceBusClient, ServiceBusReceivedMessage, ServiceBusReceiver } from '@azure/service-bus';
import type { HostLog } from '../core/core.ts';
import type { Invocation } from '../core/invoker.ts';
import { createGate } from '../gate.ts';
import type { HostedFunction, Trigger } from '../functions.ts';
import type { ServiceBusSettings } from '../host-json.ts';
import type { Listener } from '../listener.ts';
import { renewLock } from './lock-renewal.ts';
import { toInvocation } from './message-data.ts';

export type ServiceBusTrigger = Extract<Trigger, { type: 'serviceBus' }>;

export interface ServiceBusListenerOptions {
  readonly hosted: HostedFunction<ServiceBusTrigger>;
  readonly client: ServiceBusClient;
  readonly settings: ServiceBusSettings;
  readonly invoke: (invocation: Omit<Invocation, 'bindingName'>) => Promise<unknown>;
  readonly log: HostLog;
}

/** Takes messages of one queue: completed when the function returns, abandoned when it throws. */
export function createServiceBusListener(options: ServiceBusListenerOptions): Listener {
  const { hosted, client, settings, log } = options;
  const gate = createGate(settings.maxConcurrentCalls);
  let receiver: ServiceBusReceiver | undefined;
  let subscription: { close(): Promise<void> } | undefined;
  let stopping = false;
  let active = 0;

  const take = async (from: ServiceBusReceiver, message: ServiceBusReceivedMessage) => {
    // A message waits here when it was fetched ahead; its lock is renewed from its turn on, as in the real host.
    await gate.enter();
    active += 1;
    try {
      if (!stopping) await processMessage(options, from, message);
    } finally {
      active -= 1;
      gate.leave();
    }
  };

  return {
    start() {
      const started = client.createReceiver(hosted.trigger.queueName, {
        receiveMode: 'peekLock',
        maxAutoLockRenewalDurationInMs: 0,
        skipParsingBodyAsJson: true,
        skipConvertingDate: true,
      });
      receiver = started;
      subscription = started.subscribe(
        {
          processMessage: (message) => take(started, message),
          processError: ({ error, errorSource }: ProcessErrorArgs) => {
            log('error', `${hosted.name}: queue ${hosted.trigger.queueName}, ${errorSource}: ${error.message}`);
            return Promise.resolve();
          },
        },
        { autoCompleteMessages: false, maxConcurrentCalls: settings.maxConcurrentCalls + settings.prefetchCount },
      );
      return Promise.resolve();
    },
    async stop() {
      stopping = true;
      await subscription?.close();
    },
    close: async () => receiver?.close(),
    clockMoved: () => undefined,
    busy: () => active > 0,
  };
}

async function processMessage(
  options: ServiceBusListenerOptions,
  receiver: ServiceBusReceiver,
  message: ServiceBusReceivedMessage,
): Promise<void> {
  const { hosted, settings, invoke, log } = options;
  const what = `${hosted.name}: message ${String(message.messageId)}`;
  const renewal = renewLock(receiver, {
    message,
    maxDurationMs: settings.maxAutoLockRenewalDuration,
    onError: (error) => log('warning', `${what}: its lock was not renewed: ${String(error)}`),
  });
  let succeeded = true;
  try {
    await invoke(toInvocation(message, hosted.trigger.binary));
  } catch {
    // The invocation has logged it.
    succeeded = false;
  }
  renewal.stop();
  try {
    await (succeeded ? receiver.completeMessage(message) : receiver.abandonMessage(message));
  } catch (error) {
    log('warning', `${what} was not ${succeeded ? 'completed' : 'abandoned'} and will come again: ${String(error)}`);
  }
}
