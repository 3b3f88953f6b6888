import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import type { HostLog } from './core/core.ts';

const ClockState = z.object({ version: z.int(), offsetMs: z.number() });

export interface FollowOptions {
  readonly url: string;
  /** Called before the new version is acknowledged. */
  readonly onOffset: (offsetMs: number) => void;
  readonly log: HostLog;
}

// The sandbox answers within 25 s; after that the connection is taken for dead.
const answerWithinMs = 40_000;
const firstAnswerWithinMs = 5_000;
const pauseAfterFailureMs = 500;

/**
 * Follows the sandbox's clock by long polls: `GET <url>?after=<version>` answers `{version, offsetMs}` at once when there
 * is a newer version. Asking with the new version tells that it was taken over.
 */
export async function followClock({ url, onOffset, log }: FollowOptions): Promise<{ stop(): Promise<void> }> {
  const stopping = new AbortController();
  let version = -1;
  const poll = async (timeoutMs: number) => {
    const target = new URL(url);
    target.searchParams.set('after', String(version));
    const response = await fetch(target, { signal: AbortSignal.any([stopping.signal, AbortSignal.timeout(timeoutMs)]) });
    if (!response.ok) throw new Error(`${url} answered ${response.status}`);
    const state = ClockState.parse(await response.json());
    if (state.version === version) return;
    version = state.version;
    onOffset(state.offsetMs);
  };
  const isStopping = () => stopping.signal.aborted;
  const failed = (error: unknown) => log('warning', `the sandbox's clock at ${url} cannot be read: ${String(error)}`);

  await poll(firstAnswerWithinMs).catch(failed);
  const following = (async () => {
    let told = false;
    while (!isStopping()) {
      try {
        await poll(answerWithinMs);
        told = false;
      } catch (error) {
        if (!told && !isStopping()) failed(error);
        told = true;
        await sleep(pauseAfterFailureMs, undefined, { signal: stopping.signal }).catch(() => undefined);
      }
    }
  })();
  return {
    async stop() {
      stopping.abort();
      await following;
    },
  };
}
