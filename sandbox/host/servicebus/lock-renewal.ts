import type { ServiceBusReceivedMessage, ServiceBusReceiver } from '@azure/service-bus';

// The processor of .NET renews when half the lock is left, or ten seconds.
const longestMarginMs = 10_000;

export interface RenewalOptions {
  readonly message: ServiceBusReceivedMessage;
  /** 0 renews never; a negative value for ever, as .NET's infinite time span. */
  readonly maxDurationMs: number;
  readonly onError: (error: unknown) => void;
}

/** Keeps a message locked while its function runs. */
export function renewLock(receiver: Pick<ServiceBusReceiver, 'renewMessageLock'>, options: RenewalOptions): { stop(): void } {
  const { message, maxDurationMs, onError } = options;
  const endsAt = maxDurationMs < 0 ? Infinity : performance.now() + maxDurationMs;
  let timer: NodeJS.Timeout | undefined;
  let stopped = false;
  const schedule = () => {
    const leftMs = (message.lockedUntilUtc?.getTime() ?? 0) - Date.now();
    const delayMs = Math.max(0, leftMs - Math.min(longestMarginMs, leftMs / 2));
    if (performance.now() + delayMs > endsAt) return;
    timer = setTimeout(() => void renew(), delayMs);
  };
  const renew = async () => {
    try {
      message.lockedUntilUtc = await receiver.renewMessageLock(message);
      if (!stopped) schedule();
    } catch (error) {
      if (!stopped) onError(error);
    }
  };
  if (maxDurationMs !== 0 && message.lockedUntilUtc) schedule();
  return {
    stop() {
      stopped = true;
      clearTimeout(timer);
    },
  };
}
