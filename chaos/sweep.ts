import { setTimeout as sleep } from 'node:timers/promises';
import type { Fault } from '../sandbox/kit/faults.ts';
import { settle } from './load.ts';
import { tagOf, type Kind } from './messages.ts';
import { turnSteps, type Step } from './steps.ts';
import { until, type World } from './world.ts';

/** One blow of a sweep: this step, before its request is done or after it. */
export interface Blow {
  readonly step: Step;
  readonly side: 'before' | 'after';
}

export interface SweepOptions {
  readonly effect: 'kill' | 'freeze';
  readonly freezeMs?: number;
  /** How many steps are struck at once: each in another conversation. */
  readonly atOnce: number;
  /** How long the first that is caught waits for the others. */
  readonly gatherMs: number;
  /** These steps alone. */
  readonly only?: readonly string[];
  /** Whether steps within a transaction are left out. */
  readonly outsideTransactions?: boolean;
  /** How often everybody writes again for what was not met. */
  readonly rounds: number;
}

export interface Swept {
  readonly struck: readonly string[];
  /** Steps that nobody's turn came to. */
  readonly missed: readonly string[];
}

const written: readonly Kind[] = ['both', 'arrange', 'look', 'story', 'both', 'talk'];

export const blows: readonly Blow[] = turnSteps.flatMap((step) => [
  { step, side: 'before' },
  { step, side: 'after' },
]);
const nameOf = ({ step, side }: Blow) => `${side} ${step.name}`;

/** Strikes at every step of a turn, before and after it; in each slice of steps everybody writes, and all come to rest. */
export async function sweep(world: World, options: SweepOptions): Promise<Swept> {
  const wanted = blows.filter(
    (blow) => !(options.outsideTransactions && isInTransaction(blow)) && (options.only?.includes(blow.step.name) ?? true),
  );
  for (let round = 0; round < options.rounds; round += 1) {
    const left = wanted.filter((blow) => !isStruck(world, blow, options.effect));
    if (left.length === 0) break;
    for (const slice of slicesOf(left, options.atOnce)) await strikeAll(world, slice, options);
    await settle(world, restless);
  }
  const missed = wanted.filter((blow) => !isStruck(world, blow, options.effect)).map(nameOf);
  return { missed, struck: wanted.map(nameOf).filter((name) => !missed.includes(name)) };
}

/** Whether it comes while a turn that was interrupted is stored. */
const isStoring = ({ step }: Blow): boolean => step.vendor === 'postgres' && step.name !== 'checkpoint read';

/**
 * Whether it comes within a transaction. The database of the sandbox has one session, so that whoever is held there holds up
 * everybody.
 */
export const isInTransaction = (blow: Blow): boolean => isStoring(blow) && nameOf(blow) !== 'before checkpoint begun';

function slicesOf(left: readonly Blow[], atOnce: number): Blow[][] {
  const others = left.filter((blow) => !isStoring(blow));
  const slices = Array.from({ length: Math.ceil(others.length / atOnce) }, (_, index) =>
    others.slice(index * atOnce, (index + 1) * atOnce),
  );
  return [...slices, ...left.filter(isStoring).map((blow) => [blow])];
}

const restless = { quietMs: 800, rounds: 40 };

function isStruck({ sandbox }: World, { step, side }: Blow, effect: SweepOptions['effect']): boolean {
  const wanted = JSON.stringify({ ...step.match, ...(effect === 'freeze' && { application: 1 }) });
  return sandbox.context.applications
    .struck()
    .some(
      (fault) => fault.effect === `${effect}-${side}` && fault.vendor === step.vendor && JSON.stringify(fault.match) === wanted,
    );
}

async function strikeAll(world: World, slice: readonly Blow[], options: SweepOptions): Promise<void> {
  const { sandbox, crowd } = world;
  const { effect, freezeMs } = options;
  const delayMs = slice.length === 1 ? 0 : options.gatherMs;
  for (const { step, side } of slice) {
    const { vendor, match } = step;
    const kind: Fault['effect'] = `${effect}-${side}`;
    // Always the first is frozen: another takes over.
    const frozen = freezeMs === undefined ? {} : { freezeMs, match: { ...match, application: 1 } };
    sandbox.context.faults.add({ vendor, match, effect: kind, delayMs, ...frozen });
  }
  if (slice.some(isStoring))
    sandbox.context.faults.add({ vendor: 'msgraph', match: { path: '/me/' }, effect: 'answer', status: 503, times: 6 });
  const from = world.typed.length;
  // Where one step is struck, a few are enough to come by it.
  const writers = slice.length === 1 ? 5 : crowd.length;
  for (let index = 0; index < writers; index += 1) {
    const number = from + index;
    const person = number % crowd.length;
    world.type({ number, tag: tagOf(number), person, kind: written[number % written.length] ?? 'both' });
  }
  if (freezeMs !== undefined) await thaw(world, slice, delayMs + freezeMs);
  await until(() => sandbox.healthy(), 30_000);
  // Those who were not met yet are met on the way back.
  if (slice.length > 1) await settle(world, restless);
  else await until(() => slice.every((blow) => isStruck(world, blow, effect)) || world.typed.every(world.isAnswered), 10_000);
  sandbox.context.faults.clear();
}

/** While one is frozen time must not be moved: it would go on by a clock that is behind, as no machine's is. */
async function thaw(world: World, slice: readonly Blow[], untilGoesOnMs: number): Promise<void> {
  const isMet = () => slice.some((blow) => isStruck(world, blow, 'freeze'));
  await until(() => isMet() || world.typed.every(world.isAnswered), 10_000);
  if (isMet()) await sleep(untilGoesOnMs - 500);
  // Nobody is frozen a second time.
  world.sandbox.context.faults.clear();
  if (isMet()) await sleep(1_500);
}
