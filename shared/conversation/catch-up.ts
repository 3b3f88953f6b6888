import type { CatchUpMark } from '../ports/catch-up-mark.ts';
import { errorFields, log } from '../telemetry/index.ts';
import type { ReceivePorts } from './receive.ts';
import type { ConversationSettings } from './settings.ts';
import { storeMessage, type StoreOptions } from './store-message.ts';

// Overlapping runs cost a conflict each, gaps cost a message.
const overlapMs = 30 * 60_000;
// Whoever was away for longer is told by their chats.
const furthestBackMs = 3 * 86_400_000;
// What WAHA is still repeating is not missing yet.
const graceMs = 60_000;
const pageSize = 200;
const storeBudgetMs = 10_000;
// Well below the time limit of a function: what is left is for the next run.
const runBudgetMs = 4 * 60_000;
const maxFailures = 20;

export interface CaughtUp {
  readonly found: number;
  readonly failed: number;
  /** Whether all was read: then the mark has moved. */
  readonly complete: boolean;
}

export interface CatchUpOptions extends StoreOptions {
  readonly settings: StoreOptions['settings'] & Pick<ConversationSettings, 'transcriptTtlSeconds'>;
}

/**
 * Reads from WAHA what no webhook brought: stored as if it had, and told as an alert, because it should not happen. It
 * looks back to half an hour before the last complete run, however long ago that was, up to three days: what is too old
 * to be acted on is apologised for, where no webhook would be taken any more. No further than messages are kept: what was
 * answered and is forgotten would be new again.
 */
export async function catchUp(ports: ReceivePorts, options: CatchUpOptions, mark: CatchUpMark): Promise<CaughtUp> {
  const startedAt = ports.clock.now();
  const oldest = startedAt - Math.min(furthestBackMs, options.settings.transcriptTtlSeconds * 1_000);
  const sinceMs = Math.max(oldest, Math.min((await mark.load()) ?? startedAt, startedAt) - overlapMs);
  let found = 0;
  let failed = 0;
  let later = 0;
  for (let offset = 0; ; offset += pageSize) {
    const page = await ports.messenger.listIncoming({ sinceMs, limit: pageSize, offset });
    for (const payload of page) {
      const outcome = await storeMissing(ports, options, payload);
      if (outcome === 'found') found += 1;
      if (outcome === 'failed') failed += 1;
      if (outcome === 'later') later += 1;
      if (failed >= maxFailures || ports.clock.now() - startedAt > runBudgetMs) return report({ found, failed, complete: false });
    }
    if (page.length < pageSize) break;
  }
  // What there is no place for yet is looked for again, and keeps nobody else from being found.
  const complete = failed === 0 && later === 0;
  if (complete) await mark.save(startedAt);
  return report({ found, failed, complete });
}

async function storeMissing(
  ports: ReceivePorts,
  options: StoreOptions,
  payload: unknown,
): Promise<'found' | 'failed' | 'known' | 'later'> {
  const message = ports.webhookReader.readMessage(payload);
  if (message.kind === 'ignored' || ports.clock.now() - message.sentAt < graceMs) return 'known';
  try {
    const stored = await storeMessage(ports, options, { message, signal: AbortSignal.timeout(storeBudgetMs) });
    // The next run brings it into what comes after, or where there is room by then.
    if (stored.outcome === 'erasing' || stored.outcome === 'full') return 'later';
    if (stored.outcome !== 'stored') return 'known';
    await ports.bell.ring({ workspace: options.settings.workspace, conversationId: stored.conversationId });
    return 'found';
  } catch (error) {
    log('error', 'catch-up.failed', errorFields(error));
    return 'failed';
  }
}

function report(caughtUp: CaughtUp): CaughtUp {
  const { found, failed, complete } = caughtUp;
  if (found > 0) log('error', 'catch-up.found', { found });
  if (!complete) log('error', 'catch-up.incomplete', { found, failed });
  return caughtUp;
}
