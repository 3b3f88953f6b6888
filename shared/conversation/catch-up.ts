import type { CatchUpMark } from '../ports/catch-up-mark.ts';
import { errorFields, log } from '../telemetry/index.ts';
import type { ReceivePorts } from './receive.ts';
import type { ConversationSettings } from './settings.ts';
import { storeMessage, type StoreOptions } from './store-message.ts';

// What a bridge may be late to list: runs that overlap cost a conflict each, gaps cost a message.
const appearsWithinMs = 30 * 60_000;
// Read as one, so that what came first is stored first.
const stretchMs = 10 * 60_000;
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
  /** Whether all was read. The mark has moved as far as it was, up to what the bridge may be late to list. */
  readonly complete: boolean;
}

export interface CatchUpOptions extends StoreOptions {
  readonly settings: StoreOptions['settings'] & Pick<ConversationSettings, 'transcriptTtlSeconds'>;
}

/**
 * Reads from WAHA what no webhook brought: stored as if it had, and told as an alert, because it should not happen. It
 * begins where everything before is known to have been read, however long ago that was, up to three days: what is too old
 * to be acted on is apologised for, where no webhook would be taken any more. No further than messages are kept: what was
 * answered and is forgotten would be new again. It goes on stretch by stretch, the oldest first, and the next run begins
 * where this one came to: what came in an outage may be more than one run has time for.
 */
export async function catchUp(ports: ReceivePorts, options: CatchUpOptions, mark: CatchUpMark): Promise<CaughtUp> {
  const startedAt = ports.clock.now();
  const oldest = startedAt - Math.min(furthestBackMs, options.settings.transcriptTtlSeconds * 1_000);
  const settledAt = startedAt - appearsWithinMs;
  const run: Run = { ports, options, endsAt: startedAt + runBudgetMs, found: 0, failed: 0, later: 0 };
  const before = await mark.load();
  const since = Math.max(oldest, Math.min(before ?? settledAt, settledAt));
  let marked = before ?? -Infinity;
  for (let from = since; from < startedAt; from += stretchMs) {
    if (isTimeUp(run)) return report(run, false);
    const until = Math.min(from + stretchMs, startedAt);
    const isRead = await readStretch(run, { sinceMs: from, untilMs: until });
    if (!isRead) return report(run, false);
    const next = Math.min(until, settledAt);
    // What there is no place for yet is looked for again, and keeps nobody else from being found.
    if (!isWhole(run) || next <= marked) continue;
    await mark.save(next);
    marked = next;
  }
  return report(run, isWhole(run));
}

/** A run under way, and what it came to. */
interface Run {
  readonly ports: ReceivePorts;
  readonly options: StoreOptions;
  readonly endsAt: number;
  found: number;
  failed: number;
  later: number;
}

const isTimeUp = ({ ports, endsAt }: Run) => ports.clock.now() > endsAt;

const isWhole = ({ failed, later }: Run) => failed === 0 && later === 0;

/** Stores what is missing of a stretch of time, the oldest first. @returns whether there was time, and reason, to end it. */
async function readStretch(run: Run, range: { sinceMs: number; untilMs: number }): Promise<boolean> {
  for (const payload of await listStretch(run, range)) {
    const outcome = await storeMissing(run.ports, run.options, payload);
    if (outcome !== 'known') run[outcome] += 1;
    if (run.failed >= maxFailures || isTimeUp(run)) return false;
  }
  return true;
}

/** The bridge lists the newest page first. */
async function listStretch({ ports }: Run, range: { sinceMs: number; untilMs: number }): Promise<unknown[]> {
  const pages: (readonly unknown[])[] = [];
  for (let offset = 0; ; offset += pageSize) {
    const page = await ports.messenger.listIncoming({ ...range, limit: pageSize, offset });
    pages.push(page);
    if (page.length < pageSize) return pages.reverse().flat();
  }
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

function report({ found, failed }: Run, complete: boolean): CaughtUp {
  if (found > 0) log('error', 'catch-up.found', { found });
  if (!complete) log('error', 'catch-up.incomplete', { found, failed });
  return { found, failed, complete };
}
