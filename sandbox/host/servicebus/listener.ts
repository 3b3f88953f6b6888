import { setTimeout as sleep } from 'node:timers/promises';
import type { ServiceBusClient, ServiceBusReceivedMessage, ServiceBusReceiver } from '@azure/service-bus';
import { createGate } from '../gate.ts';
import type { Listener } from '../listener.ts';
import type { ServiceBusListenerOptions } from './options.ts';
import { processMessage } from './process-message.ts';

/** Takes messages of one queue: completed when the function returns, abandoned when it throws. */
export function createServiceBusListener(options: ServiceBusListenerOptions): Listener {
  const { hosted, settings } = options;
  const { queueName } = hosted.trigger;
  const gate = createGate(settings.maxConcurrentCalls);
  const stopping = new AbortController();
  const tell = tellOnce(options);
  let opening: Promise<ServiceBusClient | undefined> = Promise.resolve(undefined);
  let subscription: { close(): Promise<void> } | undefined;
  const mostInHand = settings.maxConcurrentCalls + settings.prefetchCount;
  let inHand = 0;

  const take = async (from: ServiceBusReceiver, message: ServiceBusReceivedMessage) => {
    inHand += 1;
    // A message waits here when it was fetched ahead; its lock is renewed from its turn on, as in the real host.
    await gate.enter();
    tell(undefined);
    try {
      if (!stopping.signal.aborted) await processMessage(options, from, message);
    } finally {
      inHand -= 1;
      gate.leave();
    }
    if (inHand >= mostInHand) await neverGivenBack();
  };
  const open = async () => {
    const client = await connectTo(options, stopping.signal, tell);
    if (!client) return undefined;
    const receiver = client.createReceiver(queueName, {
      receiveMode: 'peekLock',
      maxAutoLockRenewalDurationInMs: 0,
      skipParsingBodyAsJson: true,
      skipConvertingDate: true,
    });
    subscription = receiver.subscribe(
      {
        processMessage: (message) => take(receiver, message),
        processError: ({ error }) => {
          tell(error);
          return Promise.resolve();
        },
      },
      { autoCompleteMessages: false, maxConcurrentCalls: mostInHand },
    );
    return client;
  };

  return {
    start() {
      opening = open();
      return Promise.resolve();
    },
    async stop() {
      stopping.abort();
      await opening;
      await subscription?.close();
    },
    close: async () => (await opening)?.close(),
    clockMoved: () => undefined,
    busy: () => inHand > 0,
  };
}

/**
 * For each message that is given back to it, the SDK asks for one more; after a lost connection it asks for as many as at
 * first besides. With every cut more would wait here, until their locks have run out: of too many, those that end are
 * kept from it. Nothing holds the promise, so that it is collected with whoever waits for it.
 */
function neverGivenBack(): Promise<never> {
  return new Promise(() => undefined);
}

/**
 * A client whose connection stands. Subscribing on one that is still being refused lets two retry loops of the SDK
 * meet, and one may then wait for a whole `tryTimeout`; so the queue is looked at first, over and over.
 */
async function connectTo(
  { hosted, connect, settings: { clientRetryOptions } }: ServiceBusListenerOptions,
  signal: AbortSignal,
  tell: (error: Error | undefined) => void,
): Promise<ServiceBusClient | undefined> {
  const isStopping = () => signal.aborted;
  for (let attempt = 0; !isStopping(); attempt += 1) {
    const client = connect();
    try {
      await client.createReceiver(hosted.trigger.queueName).peekMessages(1, { abortSignal: signal });
      return client;
    } catch (error) {
      await client.close().catch(() => undefined);
      if (!isStopping()) tell(toError(error));
    }
    const delayMs = Math.min(clientRetryOptions.delay * 2 ** attempt, clientRetryOptions.maxDelay);
    await sleep(delayMs, undefined, { signal }).catch(() => undefined);
  }
  return undefined;
}

/** Logs an error when it differs from the last: retries would fill the screen. `undefined`: it works again. */
function tellOnce({ hosted, log }: ServiceBusListenerOptions): (error: Error | undefined) => void {
  let last: string | undefined;
  return (error) => {
    const text = error?.message;
    if (text !== undefined && text !== last) log('error', `${hosted.name}: queue ${hosted.trigger.queueName}: ${text}`);
    last = text;
  };
}

function toError(thrown: unknown): Error {
  return thrown instanceof Error ? thrown : new Error(String(thrown));
}
