import { endsWithin } from '../core/abort.ts';
import type { Clock } from '../ports/clock.ts';
import { errorFields, log } from '../telemetry/index.ts';

export interface CheckpointSetup {
  /**
   * Sets up unless that is done or under way, and half a minute after it failed once more. The first time is waited for, a
   * few seconds in all: an ordinary turn needs no database, and one that does meets a silent one by itself, and is parked.
   */
  begin(): Promise<void>;
}

const patienceMs = 5_000;
const againMs = 30_000;

/** Makes the tables of the checkpoints ready, without a database that is silent or away delaying every bell. */
export function createCheckpointSetup(
  checkpointers: { setup(): Promise<void> },
  { clock }: { clock: Pick<Clock, 'now'> },
): CheckpointSetup {
  let isReady = false;
  let setting: Promise<void> | undefined;
  let firstWait: Promise<unknown> | undefined;
  let notBefore = -Infinity;
  const setUp = async () => {
    try {
      await checkpointers.setup();
      isReady = true;
    } catch (error) {
      notBefore = clock.now() + againMs;
      log('error', 'checkpoints.setup-failed', errorFields(error));
    } finally {
      setting = undefined;
    }
  };
  return {
    async begin() {
      if (!isReady && clock.now() >= notBefore) setting ??= setUp();
      firstWait ??= endsWithin(setting ?? Promise.resolve(), patienceMs);
      await firstWait;
    },
  };
}
