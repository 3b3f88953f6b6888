import { within } from '../../core/abort.ts';
import { AppError, asAppError } from '../../core/errors.ts';
import type { CallQuota } from '../../ports/call-quotas.ts';
import type { Ports } from '../../ports/index.ts';

/** How often an account may call from outside, whichever process serves it. Accounts go by their blind index. */
export interface CallLimit {
  /** Counts one call. @throws {AppError} `rate-limited`, with how long until there is another. */
  count(account: string, signal?: AbortSignal): Promise<void>;
  /** How long until another call, where this process knows that there is none: without asking anybody. Else 0. */
  knownWaitMs(account: string): number;
}

const hourMs = 3_600_000;
// Calls are fetched by the dozen and counted here: two requests to the store for so many.
const mostAtOnce = 12;
// Those of who does not come back are good for a while only.
const keptMs = 10 * 60_000;
const maxKept = 1_000;
const maxTries = 8;
// Processes that met once would meet again and again, were each not late by chance.
const firstWaitMs = 10;

/** Calls that were fetched, good until then; with none, there is another one then. */
interface Fetched {
  readonly isEmpty: boolean;
  readonly until: number;
  left: number;
}

type Needs = Pick<Ports, 'callQuotas' | 'clock' | 'ids'>;

export function createCallLimit(ports: Needs, { perHour }: { perHour: number }): CallLimit {
  const kept = new Map<string, Fetched>();
  const underWay = new Map<string, Promise<void>>();
  const keptFor = (account: string): Fetched | undefined => {
    const found = kept.get(account);
    return found && found.until > ports.clock.now() ? found : undefined;
  };
  const fetchSome = async (account: string): Promise<void> => {
    const fetched = await fetchCalls(ports, account, perHour);
    kept.delete(account);
    kept.set(account, fetched);
    const [oldest] = kept.keys();
    if (kept.size > maxKept && oldest !== undefined) kept.delete(oldest);
  };
  const knownWaitMs = (account: string): number => {
    const found = keptFor(account);
    return found?.isEmpty === true ? found.until - ports.clock.now() : 0;
  };
  return {
    knownWaitMs,
    async count(account, signal) {
      for (;;) {
        const found = keptFor(account);
        if (found && found.left > 0) {
          found.left -= 1;
          return;
        }
        const waitMs = knownWaitMs(account);
        if (waitMs > 0) throw tooMany(perHour, waitMs);
        // One fetch for all that wait, under none of their signals.
        const running = underWay.get(account) ?? fetchSome(account).finally(() => underWay.delete(account));
        underWay.set(account, running);
        await within(running, signal);
      }
    },
  };
}

/** Why there is no call left, and when there is another. */
function tooMany(perHour: number, waitMs: number): AppError {
  const seconds = Math.ceil(waitMs / 1_000);
  return new AppError('rate-limited', `No more than ${perHour} calls an hour are answered: try again in ${seconds} seconds`, {
    retryAfterMs: waitMs,
  });
}

async function fetchCalls({ callQuotas, clock, ids }: Needs, account: string, perHour: number): Promise<Fetched> {
  for (let tries = 1; tries <= maxTries; tries += 1) {
    const stored = await callQuotas.load(account);
    const now = clock.now();
    const level = levelOf(stored?.quota, perHour, now);
    if (level < 1) return { isEmpty: true, left: 0, until: now + Math.ceil(((1 - level) / perHour) * hourMs) };
    const left = Math.min(Math.max(1, Math.min(mostAtOnce, Math.floor(perHour / 10))), Math.floor(level));
    const quota = { id: account, left: level - left, at: Math.max(now, stored?.quota.at ?? 0), ttl: 2 * 3_600 };
    try {
      await callQuotas.save(quota, stored?.version);
      return { isEmpty: false, left, until: now + keptMs };
    } catch (error) {
      if (!asAppError(error, 'conflict')) throw error;
      await clock.sleep(ids.number(firstWaitMs * 2 ** tries));
    }
  }
  throw new AppError('busy', 'The calls of this account are counted by too many at once', { retryAfterMs: 1_000 });
}

/** What was left, and what has flowed in since; who was never met has an hour's worth. */
function levelOf(quota: CallQuota | undefined, perHour: number, now: number): number {
  if (!quota) return perHour;
  const hours = Math.max(0, now - quota.at) / hourMs;
  return Math.min(perHour, quota.left + hours * perHour);
}
