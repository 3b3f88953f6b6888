import { postgresForTests } from '../test/support/postgres.ts';
import { machine, mean, option, percentile, rounded, table } from './kit/figures.ts';
import { createBareGraph } from './turns/bare-graph.ts';
import { startConversation, type TurnUse } from './turns/conversation.ts';

// One conversation, turn after turn: what a turn takes without the model's time, against a bare LangGraph graph with one
// tool, the same checkpointer and durability; and what it uses as the conversation grows. `-- --turns 1000`, on PGlite, or
// on the PostgreSQL of DATABASE_URL.
const turns = option('turns', 1_000);
const around = 10;
const aims = { ratio: 2, growth: 1.2, ms: 100 } as const;
const places = [...new Set([1, 1 + around, Math.min(100, turns), turns])].filter((place) => place <= turns);
const question = 'What is on my calendar tomorrow?';

/** The `around` values that end at a place: one alone says little. The first is that of a process that has worked on nothing. */
const near = <T>(values: readonly T[], place: number) => values.slice(Math.max(0, place - around), place);
const of = (uses: readonly TurnUse[], field: keyof TurnUse) => uses.map((use) => use[field]);

async function playBare(databaseUrl: string): Promise<number[]> {
  const graph = await createBareGraph(databaseUrl);
  const times: number[] = [];
  for (let count = 0; count < turns; count += 1) times.push(await graph.turn('a conversation'));
  await graph.close();
  return times;
}

async function playWhole(databaseUrl: string): Promise<TurnUse[]> {
  const conversation = await startConversation(databaseUrl);
  try {
    for (let count = 0; count < turns; count += 1) {
      await conversation.turn(question);
      if ((count + 1) % 100 === 0) console.log(`… ${count + 1} turns`);
    }
    return await conversation.uses();
  } finally {
    await conversation.close();
  }
}

const isReal = (process.env['DATABASE_URL'] ?? '') !== '';
const [forBare, forWhole] = [await postgresForTests(), await postgresForTests()];
console.log(`${machine()}; ${isReal ? 'a real PostgreSQL' : 'PGlite'}; ${turns} turns of one conversation\n`);
const bare = await playBare(forBare.url);
const whole = await playWhole(forWhole.url);
await forBare.close();
await forWhole.close();

const ms = of(whole, 'ms');
const times = (values: readonly number[], place: number, share: number) => percentile(near(values, place), share);
console.log(`\nTime of a turn without the model's, in ms: the ${around} turns up to the one named`);
console.log(
  table(
    ['turn', 'p50', 'p99', 'bare graph p50', 'bare p99', 'ratio of p50'],
    places.map((place) => {
      const [own, its] = [times(ms, place, 0.5), times(bare, place, 0.5)];
      const [slow, itsSlow] = [times(ms, place, 0.99), times(bare, place, 0.99)];
      return [String(place), rounded(own, 1), rounded(slow, 1), rounded(its, 1), rounded(itsSlow, 1), rounded(own / its, 2)];
    }),
  ),
);
const growth = times(ms, turns, 0.5) / times(ms, 1 + around, 0.5);
console.log(
  `all: p50 ${rounded(percentile(ms, 0.5), 1)}, p99 ${rounded(percentile(ms, 0.99), 1)}; growth ×${rounded(growth, 2)}`,
);
console.log(`aims: at most ×${aims.ratio} of the bare graph, ×${aims.growth} from the first to the last, ${aims.ms} ms at p50\n`);

const columns = [
  'statements',
  'rows',
  'sqlBytes',
  'cosmosRequests',
  'cosmosUnits',
  'cosmosBytes',
  'promptTokens',
  'rssMb',
] as const;
console.log(`What a turn uses, on average of those ${around} (window of history: 20 messages, so turn 2 is shown less)`);
console.log(
  table(
    ['turn', ...columns],
    [2, ...places, ...(turns > 40 ? [40] : [])]
      .sort((one, other) => one - other)
      .map((place) => {
        const some = place === 2 ? whole.slice(1, 2) : near(whole, place);
        return [String(place), ...columns.map((column) => rounded(mean(of(some, column))))];
      }),
  ),
);
