import { judge } from './judge/judge.ts';
import { settle } from './load.ts';
import type { Report } from './report.ts';
import type { ChaosOptions } from './run-chaos.ts';
import { sweep, type SweepOptions } from './sweep.ts';
import { turnSteps } from './steps.ts';
import { startWorld } from './world.ts';

const sweeps: Readonly<Record<SweepOptions['effect'], SweepOptions>> = {
  kill: { effect: 'kill', atOnce: 12, gatherMs: 500, rounds: 4 },
  freeze: { effect: 'freeze', freezeMs: 14_000, atOnce: 10, gatherMs: 2_000, rounds: 6 },
};

/** A sweep over every step of a turn, judged as a run is. A step that nobody came to is told, and is not sound. */
export const runSweep =
  (effect: SweepOptions['effect']) =>
  async ({ seed, people = 24, instances = effect === 'freeze' ? 2 : 1, databaseUrl, onLine }: ChaosOptions): Promise<Report> => {
    const world = await startWorld({
      ...{ seed, people, databaseUrl, onLine },
      instances: Math.max(instances, effect === 'freeze' ? 2 : 1),
    });
    const startedAt = performance.now();
    try {
      // What is asked of a real database does not pass the sandbox.
      const played = turnSteps.filter(({ vendor }) => databaseUrl === undefined || vendor !== 'postgres');
      const { missed, struck } = await sweep(world, { ...sweeps[effect], only: played.map(({ name }) => name) });
      const isAtRest = await settle(world);
      return {
        ...{ seed, instances, people, isAtRest, judgement: judge(world), mischief: { [`${effect}s`]: struck.length } },
        starts: world.sandbox.starts(),
        unnamed: [...world.watch.unnamed, ...missed.map((name) => `nobody came by: ${name}`)],
        seconds: (performance.now() - startedAt) / 1_000,
      };
    } finally {
      await world.close();
    }
  };
