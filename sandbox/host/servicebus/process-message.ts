import { setTimeout as sleep } from 'node:timers/promises';
import type { ServiceBusReceivedMessage, ServiceBusReceiver } from '@azure/service-bus';
import { renewLock } from './lock-renewal.ts';
import { toInvocation } from './message-data.ts';
import type { ServiceBusListenerOptions } from './options.ts';

/**
 * The SDK of JavaScript waits a whole `tryTimeout` (a minute) for the answer to a settlement whose connection was cut
 * meanwhile; that of .NET, which the real host uses, fails it with its link. 32 of those would be all the calls there are.
 */
const settledWithinMs = 1_000;

/** Runs the function for one message, keeping its lock, and settles it. */
export async function processMessage(
  options: ServiceBusListenerOptions,
  receiver: ServiceBusReceiver,
  message: ServiceBusReceivedMessage,
): Promise<void> {
  const { hosted, settings, log } = options;
  const what = `${hosted.name}: message ${String(message.messageId)}`;
  const renewal = renewLock(receiver, {
    message,
    maxDurationMs: settings.maxAutoLockRenewalDuration,
    onError: (error) => log('warning', `${what}: its lock was not renewed: ${String(error)}`),
  });
  const succeeded = await run(options, message, what);
  renewal.stop();
  try {
    await inTime(succeeded ? receiver.completeMessage(message) : receiver.abandonMessage(message));
  } catch (error) {
    const settled = succeeded ? 'completed' : 'abandoned';
    log('warning', `${what} was not ${settled} and will come again: ${String(error)}`);
  }
}

async function inTime(settlement: Promise<void>): Promise<void> {
  const giveUp = new AbortController();
  settlement.catch(() => undefined); // it may fail after it was given up
  const late = sleep(settledWithinMs, undefined, { signal: giveUp.signal }).then(() => {
    throw new Error(`the broker did not answer within ${settledWithinMs / 1_000} s`);
  });
  late.catch(() => undefined);
  try {
    await Promise.race([settlement, late]);
  } finally {
    giveUp.abort();
  }
}

/** Whether the function returned; what it throws is logged by its invocation. */
async function run(
  { hosted, invoke, log }: ServiceBusListenerOptions,
  message: ServiceBusReceivedMessage,
  what: string,
): Promise<boolean> {
  let invocation: ReturnType<typeof toInvocation>;
  try {
    invocation = toInvocation(message, hosted.trigger.binary);
  } catch (error) {
    log('error', `${what} is abandoned: ${String(error)}`);
    return false;
  }
  return invoke(invocation).then(
    () => true,
    () => false,
  );
}
