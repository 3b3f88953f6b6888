import { setTimeout as sleep } from 'node:timers/promises';
import { messageKeyOf } from './judge/cases.ts';
import type { PlannedMessage } from './messages.ts';
import { createRandom, type Random } from '../sandbox/kit/random.ts';
import { until, type TypedMessage, type Typing, type World } from './world.ts';

export interface LoadOptions {
  readonly seed: number;
  readonly bursts: readonly (readonly PlannedMessage[])[];
  /** Done right before a message is typed; says how it is typed. */
  readonly before?: ((message: PlannedMessage) => Typing | Promise<Typing | undefined> | undefined) | undefined;
  /** How long somebody waits for an answer before they write on all the same. */
  readonly patienceMs?: number | undefined;
}

/** Everybody types their bursts, one after the other; most wait for the answer to one before they begin the next. */
export async function runLoad(world: World, options: LoadOptions): Promise<void> {
  const { bursts, seed } = options;
  const byPerson = new Map<number, (readonly PlannedMessage[])[]>();
  for (const burst of bursts) {
    const person = burst[0]?.person ?? 0;
    byPerson.set(person, [...(byPerson.get(person) ?? []), burst]);
  }
  // Not all in one moment.
  const arriveMs = Math.max(3_000, byPerson.size * 60);
  await Promise.all(
    [...byPerson].map(async ([person, own]) => {
      const random = createRandom(seed + person);
      await sleep(random.below(arriveMs));
      await typeAll(world, { ...options, bursts: own }, random);
    }),
  );
}

async function typeAll(world: World, { bursts, before, patienceMs = 12_000 }: LoadOptions, random: Random): Promise<void> {
  for (const burst of bursts) {
    const typed: TypedMessage[] = [];
    for (const message of burst) {
      typed.push(world.type(message, (await before?.(message)) ?? {}));
      await sleep(random.below(60));
    }
    const isImpatient = burst[0]?.kind !== 'boast' && random.chance(0.2);
    if (!isImpatient) await until(() => typed.every(world.isAnswered), patienceMs);
  }
}

export interface SettleOptions {
  /** How long nothing must have been asked of any vendor before time is moved. */
  readonly quietMs?: number;
  readonly rounds?: number;
}

const timers = ['ring-overdue', 'catch-up'] as const;

/**
 * Waits until all is answered and at rest. Where nothing moves any more, time does: a minute and more at once, so that what is
 * parked, locked, lost or missing falls due, and the timers run that look for it.
 * @returns whether it came to rest.
 */
export async function settle(world: World, { quietMs = 2_500, rounds = 40 }: SettleOptions = {}): Promise<boolean> {
  const { sandbox, watch } = world;
  const isQuiet = () => performance.now() - watch.lastAskedAt() > quietMs;
  const isOver = atItsPace(() => isAtRest(world));
  for (let round = 0; round < rounds; round += 1) {
    await until(() => isQuiet() || isOver(), 60_000);
    if (isAtRest(world)) return true;
    await until(() => sandbox.healthy(), 20_000);
    await sandbox.advanceClock(75 + round * 15);
    for (const name of timers) await runTimer(world, name);
  }
  return isAtRest(world);
}

/** A check that is made again only after ten times as long as it took: of 100,000 messages one takes seconds. */
function atItsPace(holds: () => boolean): () => boolean {
  let notBefore = 0;
  return () => {
    const startedAt = performance.now();
    if (startedAt < notBefore) return false;
    const result = holds();
    notBefore = performance.now() + 10 * (performance.now() - startedAt);
    return result;
  };
}

function isAtRest({ sandbox, typed, isAnswered }: World): boolean {
  if (!sandbox.idle()) return false;
  const documents = sandbox.cosmos.documents('conversations');
  if (!nothingDue(documents)) return false;
  // What failed for good is at rest too.
  const ended = new Set(documents.flatMap(({ id, turnId }) => (turnId === undefined ? [] : [id])));
  return typed.every((message) => isAnswered(message) || ended.has(messageKeyOf(message)));
}

const nothingDue = (documents: readonly object[]) => documents.every((document) => !('dueAt' in document));

/** Runs a timer of the application now. */
export async function runTimer({ sandbox }: World, name: (typeof timers)[number] | 'maintenance'): Promise<void> {
  const response = await fetch(`${sandbox.applicationUrl}/admin/functions/${name}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ input: '' }),
  }).catch(() => undefined); // it was killed meanwhile
  if (response && response.status !== 202) throw new Error(`${name} could not be run: ${response.status}`);
}
