import { judge } from './judge/judge.ts';
import { runLoad, settle } from './load.ts';
import { planBursts, type PlannedMessage } from './messages.ts';
import { planMischief, type Family, type Mischief } from './mischief.ts';
import { createRandom } from '../sandbox/kit/random.ts';
import type { Report } from './report.ts';
import { createStriker } from './striker.ts';
import { startWorld, type Typing, type World } from './world.ts';

export interface ChaosOptions {
  readonly messages: number;
  readonly seed: number;
  readonly people?: number | undefined;
  readonly instances?: number | undefined;
  readonly only?: Family | undefined;
  /** How long the application is left in peace after each blow, in seconds. */
  readonly breath?: number | undefined;
  /** How long somebody waits for an answer before they write on, in seconds. */
  readonly patience?: number | undefined;
  readonly databaseUrl?: string | undefined;
  readonly onLine?: ((line: string) => void) | undefined;
}

/** A crowd writes while everything goes wrong; then, all at rest, it is judged what came of each message. */
export async function runChaos(options: ChaosOptions): Promise<Report> {
  const { messages, seed, only, instances = 1 } = options;
  const people = options.people ?? Math.min(50, Math.max(5, Math.ceil(messages / 15)));
  const say = options.onLine ?? (() => undefined);
  const startedAt = performance.now();
  say(`Seed ${seed}: ${messages} messages of ${people} people, ${instances} instance(s)${only ? `, ${only} alone` : ''}.`);
  const world = await startWorld({ ...options, people });
  try {
    const readyAt = performance.now();
    say(`${people} people are signed in after ${seconds(readyAt - startedAt)} s.`);
    const bursts = planBursts(createRandom(seed), { messages, people });
    const plan = planMischief(createRandom(seed + 1), { messages, only });
    const stop = tellProgress(world, messages, say);
    const striker = createStriker(world, (options.breath ?? 4) * 1_000);
    const done: Done[] = [];
    await runLoad(world, {
      ...{ seed, bursts },
      patienceMs: options.patience === undefined ? undefined : options.patience * 1_000,
      before: (message) => {
        const mischiefs = plan.get(message.number) ?? [];
        return make({ world, striker, done }, mischiefs, message);
      },
    });
    stop();
    await striker.stop();
    say(`All is typed after ${seconds(performance.now() - readyAt)} s; waiting until all is at rest.`);
    world.sandbox.context.faults.clear();
    const isAtRest = await settle(world);
    return {
      ...{
        seed,
        instances,
        people,
        isAtRest,
        judgement: judge(world),
        mischief: countBy([...blowsDealt(world), ...done.filter(({ hasMet }) => hasMet()).map(({ family }) => family)]),
      },
      starts: world.sandbox.starts(),
      unnamed: [...world.watch.unnamed],
      seconds: (performance.now() - readyAt) / 1_000,
    };
  } finally {
    await world.close();
  }
}

const seconds = (milliseconds: number) => (milliseconds / 1_000).toFixed(1);

const countBy = (names: readonly string[]): Record<string, number> =>
  Object.fromEntries([...Map.groupBy(names, (name) => name)].map(([name, group]) => [name, group.length]));

const isBlow = (family: Family): boolean => family === 'kills' || family === 'freezes';

const blowsDealt = ({ sandbox }: World): Family[] =>
  sandbox.context.applications.struck().map(({ effect }) => (effect.startsWith('kill') ? 'kills' : 'freezes'));

/** What was set up to go wrong, and whether anything met it. */
interface Done {
  readonly family: Family;
  readonly hasMet: () => boolean;
}

interface Making {
  readonly world: World;
  readonly striker: ReturnType<typeof createStriker>;
  readonly done: Done[];
}

/** Sets up what goes wrong; answers how the message is typed. */
function make(
  { world: { sandbox, say }, striker, done }: Making,
  mischiefs: readonly Mischief[],
  { tag }: PlannedMessage,
): Typing {
  let typing: Typing = {};
  for (const mischief of mischiefs) {
    if (process.env['CHAOS_VERBOSE']) say(`  ${tag} ${mischief.family}: ${mischief.what}`);
    if (isBlow(mischief.family)) striker.add(mischief);
    else {
      const met = mischief.fault ? sandbox.context.faults.add(mischief.fault) : () => 1;
      done.push({ family: mischief.family, hasMet: () => met() > 0 });
    }
    if (mischief.typing) typing = { ...typing, ...mischief.typing };
    if (mischief.sessionAwayMs !== undefined) {
      sandbox.waha.setSessionStatus('FAILED');
      sandbox.context.clock.after(mischief.sessionAwayMs, () => sandbox.waha.setSessionStatus('WORKING'));
    }
  }
  return typing;
}

function tellProgress({ typed, isAnswered, sandbox }: World, messages: number, say: (line: string) => void): () => void {
  const timer = setInterval(() => {
    const answered = typed.filter(isAnswered).length;
    say(`  ${typed.length} of ${messages} typed, ${answered} answered, ${sandbox.starts()} starts`);
  }, 10_000);
  return () => clearInterval(timer);
}
