import type { DequeuedMessageItem, QueueClient } from '@azure/storage-queue';

/** Keeps a message taken while its function runs; `stop` gives the receipt that is then valid. */
export function keepInvisible(queue: QueueClient, message: DequeuedMessageItem, forSeconds: number): { stop(): Promise<string> } {
  let { popReceipt } = message;
  let renewing = Promise.resolve();
  const renew = async () => {
    const renewed = await queue.updateMessage(message.messageId, popReceipt, undefined, forSeconds).catch(() => undefined);
    popReceipt = renewed?.popReceipt ?? popReceipt;
  };
  const timer = setInterval(() => void (renewing = renewing.then(renew)), (forSeconds * 1_000) / 2);
  return {
    async stop() {
      clearInterval(timer);
      await renewing;
      return popReceipt;
    },
  };
}
