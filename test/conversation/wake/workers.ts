import { createPauseCheck } from '../../../shared/conversation/pause.ts';
import { ringOverdue } from '../../../shared/conversation/ring-overdue.ts';
import type { TurnWork } from '../../../shared/conversation/turn/turn-work.ts';
import { wake } from '../../../shared/conversation/wake.ts';
import type { Rung } from '../../support/fakes/fake-bell.ts';
import { ref } from './ana.ts';
import { createLife, type Life } from './life.ts';
import type { Outside } from './outside.ts';

// More bells than any of these stories needs: a conversation that rings for ever is noticed.
const maxBells = 80;
// How long a broker holds the bell of a worker that is gone.
const lockMs = 30_000;

/** The workers: a broker that repeats the bell of one that failed, as long as there are bells. */
export function workersOf({ clock, ports }: Outside, workOf: (life: Life) => TurnWork) {
  const immortal = () => createLife(clock);
  const repeats = new WeakSet<Rung>();
  /** Takes the bell that is next, waiting for its time; undefined where none is. */
  const nextBell = () => {
    const [first] = ports.bell.rung.sort((a, b) => (a.atMs ?? 0) - (b.atMs ?? 0));
    if (first) ports.bell.rung.splice(ports.bell.rung.indexOf(first), 1);
    return first;
  };
  const deliver = async (life: Life, bell: Rung): Promise<'completed' | 'failed'> => {
    try {
      await wake(workOf(life), ref, { isRepeat: repeats.has(bell) });
    } catch {
      return 'failed';
    }
    return life.isDead() ? 'failed' : 'completed';
  };
  return {
    wakeNow: (life: Life = immortal()) => wake(workOf(life), ref),
    /**
     * Rings and works until no bell is left, as the queue does: the bell of a worker that failed comes again.
     * @param lives The processes, one after the other: each works until its fate has struck; the last lives on.
     * @param options.until Bells after this time stay in the queue.
     * @param options.losesBells The bells of the dead are lost instead.
     */
    async run(lives: readonly Life[] = [], options: { until?: number; losesBells?: boolean } = {}): Promise<void> {
      const waiting = [...lives];
      for (let bells = 0; bells < maxBells; bells += 1) {
        const bell = nextBell();
        if (!bell) return;
        if ((bell.atMs ?? 0) > (options.until ?? Infinity)) return void ports.bell.rung.push(bell);
        if ((bell.atMs ?? 0) > clock.now()) clock.set(bell.atMs ?? 0);
        const life = waiting[0] ?? immortal();
        const ended = await deliver(life, bell);
        if (life.struck() !== undefined) waiting.shift();
        if (ended === 'completed' || options.losesBells) continue;
        const repeat = { ref, atMs: clock.now() + lockMs };
        repeats.add(repeat);
        ports.bell.rung.push(repeat);
      }
      throw new Error('The conversation does not come to rest');
    },
    /** What the timer does, so many minutes later. */
    async ringOverdue(minutes = 3): Promise<number> {
      clock.advance(minutes * 60_000);
      return (await ringOverdue(ports, { workspace: 'acme', isPaused: createPauseCheck(ports).isPaused })).rung;
    },
  };
}
