import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { startSandbox } from '../sandbox/run/sandbox.ts';
import { inventCrowd } from '../chaos/crowd.ts';
import { onboard } from '../sandbox/seed/onboard.ts';
import { people as seed } from '../sandbox/seed/people.ts';
import { machine, option, rounded, table } from './kit/figures.ts';

// Whether the application's process stays as large as it is: so many turns in one process, a few people at a time, against
// its own size once it is warm. `-- --turns 10000 --people 100 --at-once 12`
const [turns, count, atOnce] = [option('turns', 10_000), option('people', 100), option('at-once', 12)];
const samples = 10;
const question = 'What is on my calendar tomorrow?';

const crowd = inventCrowd(count);
const sandbox = await startSandbox({
  people: [...seed, ...crowd],
  onboard: [],
  environment: { PERSON_TURNS_PER_HOUR: '1000000', PERSON_TOKENS_PER_HOUR: '1000000000' },
});
await onboard({ sandboxUrl: sandbox.url, people: crowd, onLine: () => undefined });
await sandbox.waitUntilIdle(60_000);

const waiting = new Map<string, () => void>();
sandbox.context.journal.listen(({ vendor, path, body }) => {
  if (vendor !== 'waha' || path !== '/api/sendText') return;
  const { chatId } = JSON.parse(body) as { chatId: string };
  waiting.get(chatId)?.();
  waiting.delete(chatId);
});

/** One turn; over once the answer is sent. */
async function play({ phone, lid }: { phone: string; lid: string }): Promise<void> {
  const answered = new Promise<void>((resolve) => waiting.set(`${lid}@lid`, resolve));
  sandbox.waha.receive({ from: phone, text: question });
  await Promise.race([answered, sleep(60_000, undefined, { ref: false }).then(tooLate)]);
}

function tooLate(): never {
  throw new Error('A turn was not answered within a minute');
}

/** Of the application's process, in megabytes. */
function sizeMb(): { rss: number; heap: number } {
  const pages = Number(readFileSync(`/proc/${sandbox.pid() ?? 'self'}/statm`, 'utf8').split(' ')[1]);
  const heap = sandbox.collector
    .metrics()
    .findLast(({ name, attributes }) => name === 'adjutant.process.memory' && attributes['kind'] === 'heapUsed');
  return { rss: (pages * 4_096) / 2 ** 20, heap: (heap?.value ?? Number.NaN) / 2 ** 20 };
}

console.log(`${machine()}; ${turns} turns of ${count} people in one process, ${atOnce} at once\n`);
const rows: { played: number; rss: number; heap: number; rate: number }[] = [{ played: 0, ...sizeMb(), rate: Number.NaN }];
let played = 0;
let since = performance.now();
const perSample = Math.ceil(turns / samples);
/** Plays turns of people of its own, one after the other. */
const work = async (first: number) => {
  const own = crowd.filter((_, index) => index % atOnce === first);
  for (let round = 0; played < turns; round += 1) {
    played += 1;
    const isSample = played % perSample === 0;
    const person = own[round % own.length];
    if (person) await play(person);
    if (!isSample) continue;
    const [after, seconds] = [rows.length * perSample, (performance.now() - since) / 1_000];
    rows.push({ played: after, ...sizeMb(), rate: perSample / seconds });
    since = performance.now();
    console.log(`… ${after} turns, ${rounded(rows.at(-1)?.rss ?? 0)} MB`);
  }
};
await Promise.all(Array.from({ length: atOnce }, (_, index) => work(index)));
await sandbox.waitUntilIdle(60_000);
await sandbox.close();

console.log(
  `\n${table(
    ['turns', 'RSS MB', 'heap MB', 'a second'],
    rows.map(({ played: after, rss, heap, rate }) => [String(after), rounded(rss), rounded(heap), rounded(rate, 1)]),
  )}`,
);
