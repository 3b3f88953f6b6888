import { expect, vi } from 'vitest';
import { judge } from '../../chaos/judge/judge.ts';
import { steps } from '../../chaos/steps.ts';
import { sweep } from '../../chaos/sweep.ts';
import { verifies } from '../verifies.ts';
import { useWorld } from './chaos-world.ts';

vi.setConfig({ testTimeout: 300_000 });

const { world, write, expectSound } = useWorld({ people: 14 });

verifies(
  'chaos:steps-listed',
  'a read, a write, an answer in parts and a parked turn make no request that is not named',
  async () => {
    world().sandbox.context.faults.add({
      ...{ vendor: 'msgraph', match: { path: '/me/calendarView' }, effect: 'answer', status: 503, times: 2 },
    });

    write(['look', 'arrange', 'story', 'both', 'talk', 'boast']);
    await expectSound();

    const { seen } = world().watch;
    const unseen = steps.filter(({ when, name }) => (when === 'turn' || when === 'sometimes') && !seen.has(name));
    expect(unseen.map(({ name }) => name)).toEqual([]);
    expect(seen.get('turn parked')).toBeGreaterThan(0);
  },
);

verifies(
  ['chaos:every-step', 'chaos:second-wording'],
  'killed before and after every step, by a model that words nothing twice the same',
  async () => {
    const { missed } = await sweep(world(), { effect: 'kill', atOnce: 12, gatherMs: 500, rounds: 3 });

    expect(missed).toEqual([]);
    expect(judge(world()).findings).toEqual([]);
    await expectSound();
    expect(world().sandbox.starts()).toBeGreaterThan(10);
  },
);
