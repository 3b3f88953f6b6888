import { setTimeout as sleep } from 'node:timers/promises';
import type { Mischief } from './mischief.ts';
import { until, type World } from './world.ts';

const patienceMs = 5_000;

/**
 * Deals blows one at a time, in the order of the plan: the application is up again before the next.
 * @param breathMs An application that has just come back gets on with its work for so long.
 */
export function createStriker({ sandbox }: World, breathMs: number): { add(mischief: Mischief): void; stop(): Promise<void> } {
  const waiting: Mischief[] = [];
  let stopped = false;

  const strike = async ({ fault }: Mischief) => {
    if (!fault) return;
    const { faults, applications } = sandbox.context;
    const before = applications.struck().length;
    faults.add(fault);
    await until(() => applications.struck().length > before || stopped, patienceMs);
    await sleep(fault.freezeMs ?? 0);
    await until(() => sandbox.healthy() || stopped, 30_000);
    await sleep(stopped ? 0 : breathMs);
  };
  const work = async () => {
    while (!stopped) {
      const next = waiting.shift();
      if (next) await strike(next);
      else await sleep(50);
    }
  };
  const working = work();
  return {
    add: (mischief) => void waiting.push(mischief),
    stop() {
      stopped = true;
      return working;
    },
  };
}
