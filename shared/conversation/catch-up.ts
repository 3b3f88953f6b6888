import { log, errorFields } from '../telemetry/index.ts';
import { storeMessage, type ReceiveOptions, type ReceivePorts } from './receive.ts';

// Overlapping runs cost a conflict each, gaps cost a message.
const lookBackMs = 30 * 60_000;
// What WAHA is still repeating is not missing yet.
const graceMs = 60_000;
const maxMessages = 500;
const storeBudgetMs = 10_000;

/** Reads from WAHA what no webhook brought: stored as if it had, and told as an alert, because it should not happen. */
export async function catchUp(ports: ReceivePorts, options: ReceiveOptions): Promise<{ found: number; failed: number }> {
  const now = ports.clock.now();
  const payloads = await ports.messenger.listIncoming({ sinceMs: now - lookBackMs, limit: maxMessages });
  let found = 0;
  let failed = 0;
  for (const payload of payloads) {
    const message = ports.webhookReader.readMessage(payload);
    if (message.kind === 'ignored' || now - message.sentAt < graceMs) continue;
    try {
      const stored = await storeMessage(ports, options, { message, signal: AbortSignal.timeout(storeBudgetMs) });
      if (stored.outcome !== 'stored') continue;
      found += 1;
      await ports.bell.ring({ workspace: options.settings.workspace, conversationId: stored.conversationId });
    } catch (error) {
      failed += 1;
      log('error', 'catch-up.failed', errorFields(error));
    }
  }
  if (found > 0) log('error', 'catch-up.found', { found });
  return { found, failed };
}
