import { setTimeout as sleep } from 'node:timers/promises';
import type { DequeuedMessageItem, QueueClient, QueueServiceClient } from '@azure/storage-queue';
import type { HostLog } from '../core/core.ts';
import type { Invocation } from '../core/invoker.ts';
import type { HostedFunction, Trigger } from '../functions.ts';
import type { QueueSettings } from '../host-json.ts';
import type { Listener } from '../listener.ts';
import { keepInvisible } from './invisibility.ts';
import { decode, toInvocation } from './queue-message.ts';

export type QueueTrigger = Extract<Trigger, { type: 'queue' }>;

export interface QueueListenerOptions {
  readonly hosted: HostedFunction<QueueTrigger>;
  readonly service: QueueServiceClient;
  readonly settings: QueueSettings;
  readonly invoke: (invocation: Omit<Invocation, 'bindingName'>) => Promise<unknown>;
  readonly log: HostLog;
}

/** As the real listener: a message is taken for ten minutes, and longer while its function runs. */
const takenForSeconds = 600;
const shortestPauseMs = 100;

/** Polls one queue: deleted when the function returns, visible again when it throws, poison after `maxDequeueCount`. */
export function createQueueListener(options: QueueListenerOptions): Listener {
  const { hosted, service, settings, log } = options;
  const queue = service.getQueueClient(hosted.trigger.queueName);
  const threshold = settings.newBatchThreshold ?? Math.floor(settings.batchSize / 2);
  const stopping = new AbortController();
  const active = new Set<Promise<void>>();
  let polling = Promise.resolve();

  const takeBatch = async (): Promise<number> => {
    const { receivedMessageItems } = await queue.receiveMessages({
      numberOfMessages: settings.batchSize,
      visibilityTimeout: takenForSeconds,
      abortSignal: stopping.signal,
    });
    for (const message of receivedMessageItems) {
      const work = processMessage({ ...options, queue }, message).catch((error: unknown) =>
        log('error', `${hosted.name}: message ${message.messageId}: ${String(error)}`),
      );
      const tracked = work.finally(() => active.delete(tracked));
      active.add(tracked);
    }
    return receivedMessageItems.length;
  };

  const poll = async () => {
    let pauseMs = shortestPauseMs;
    while (!stopping.signal.aborted) {
      if (active.size > threshold) {
        await Promise.race(active);
        continue;
      }
      const taken = await takeBatch().catch((error: unknown) => {
        if (!stopping.signal.aborted && !isMissing(error))
          log('warning', `${hosted.name}: queue ${queue.name}: ${String(error)}`);
        return 0;
      });
      if (taken > 0) pauseMs = shortestPauseMs;
      else {
        await sleep(Math.min(pauseMs, settings.maxPollingInterval), undefined, { signal: stopping.signal }).catch(
          () => undefined,
        );
        pauseMs = Math.min(pauseMs * 2, settings.maxPollingInterval);
      }
    }
  };

  return {
    start() {
      polling = poll();
      return Promise.resolve();
    },
    async stop() {
      stopping.abort();
      await polling;
    },
    close: () => Promise.resolve(),
    clockMoved: () => undefined,
    busy: () => active.size > 0,
  };
}

/** The real listener waits for its queue to be made, too. */
function isMissing(error: unknown): boolean {
  return error instanceof Error && 'statusCode' in error && error.statusCode === 404;
}

type WithQueue = QueueListenerOptions & { readonly queue: QueueClient };

async function processMessage(options: WithQueue, message: DequeuedMessageItem): Promise<void> {
  const { hosted, queue, settings, invoke } = options;
  const body = decode(message.messageText, settings.messageEncoding);
  if (!body || message.dequeueCount > settings.maxDequeueCount) {
    await moveToPoison(options, message);
    return;
  }
  const taken = keepInvisible(queue, message, takenForSeconds);
  try {
    await invoke(toInvocation(message, body, hosted.trigger.binary));
  } catch {
    // The invocation has logged it.
    const popReceipt = await taken.stop();
    if (message.dequeueCount >= settings.maxDequeueCount) await moveToPoison(options, { ...message, popReceipt });
    else await queue.updateMessage(message.messageId, popReceipt, undefined, settings.visibilityTimeout / 1_000);
    return;
  }
  await queue.deleteMessage(message.messageId, await taken.stop());
}

async function moveToPoison({ service, queue, hosted, log }: WithQueue, message: DequeuedMessageItem): Promise<void> {
  const poison = service.getQueueClient(`${queue.name}-poison`);
  log(
    'error',
    `${hosted.name}: message ${message.messageId} is moved to ${poison.name} (dequeued ${message.dequeueCount} times)`,
  );
  await poison.createIfNotExists();
  // -1: it never expires.
  await poison.sendMessage(message.messageText, { messageTimeToLive: -1 });
  await queue.deleteMessage(message.messageId, message.popReceipt);
}
