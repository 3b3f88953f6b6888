import { setTimeout as sleep } from 'node:timers/promises';
import { inventCrowd } from '../chaos/crowd.ts';
import { startSandbox } from '../sandbox/run/sandbox.ts';
import { onboard } from '../sandbox/seed/onboard.ts';
import { people as seed, type SeedPerson } from '../sandbox/seed/people.ts';
import { machine, option, percentile, rounded, table } from './kit/figures.ts';

// Many people who write in the same moment: how soon each is answered, and whether anybody waits for all the others;
// against the same people one after the other. `-- --people 200`
const count = option('people', 200);
const aims = { fairness: 3 } as const;
const signingInAtOnce = 8;
const oneByOne = Math.min(count, 25);

const crowd = inventCrowd(count);
const sandbox = await startSandbox({ people: [...seed, ...crowd], onboard: [] });
for (let at = 0; at < count; at += signingInAtOnce) {
  await onboard({ sandboxUrl: sandbox.url, people: crowd.slice(at, at + signingInAtOnce), onLine: () => undefined });
  if (at % 200 === 192) console.log(`… ${at + signingInAtOnce} people signed in`);
}
await sandbox.waitUntilIdle(60_000);

const answeredAt = new Map<string, number>();
sandbox.context.journal.listen(({ vendor, path, body }) => {
  if (vendor !== 'waha' || path !== '/api/sendText') return;
  const { chatId } = JSON.parse(body) as { chatId: string };
  if (!answeredAt.has(chatId)) answeredAt.set(chatId, performance.now());
});

/** Everybody of them writes now; answers how long each waited, in milliseconds. */
async function write(people: readonly SeedPerson[]): Promise<number[]> {
  answeredAt.clear();
  const startedAt = performance.now();
  for (const { phone } of people) sandbox.waha.receive({ from: phone, text: 'What is on my calendar tomorrow?' });
  const deadline = startedAt + 600_000;
  while (answeredAt.size < people.length && performance.now() < deadline) await sleep(2);
  if (answeredAt.size < people.length)
    throw new Error(`${people.length - answeredAt.size} people were not answered in ten minutes`);
  return [...answeredAt.values()].map((at) => at - startedAt);
}

console.log(`${machine()}; ${count} people, one process of the application, the rules as model\n`);
await write(crowd.slice(0, 10)); // warm
await sandbox.waitUntilIdle(60_000);
const alone: number[] = [];
const startedAt = performance.now();
for (const person of crowd.slice(0, oneByOne)) alone.push(...(await write([person])));
const aloneRate = oneByOne / ((performance.now() - startedAt) / 1_000);
await sandbox.waitUntilIdle(60_000);
const together = await write(crowd);
const seconds = Math.max(...together) / 1_000;
await sandbox.waitUntilIdle(120_000);
await sandbox.close();

const row = (name: string, times: readonly number[], rate: number) => [
  name,
  rounded(percentile(times, 0.5)),
  rounded(percentile(times, 0.95)),
  rounded(Math.max(...times)),
  rounded(Math.max(...times) / percentile(times, 0.5), 2),
  rounded(rate, 1),
];
console.log(
  table(
    ['', 'median ms', 'p95 ms', 'longest ms', 'longest / median', 'answers a second'],
    [row('one after the other', alone, aloneRate), row(`${count} at once`, together, count / seconds)],
  ),
);
console.log(`aim: nobody waits more than ${aims.fairness} times the median`);
