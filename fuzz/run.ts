import type { Agent } from 'node:http';
import type { Child, Memory } from './child.ts';
import { createRandom, mixSeeds } from '../sandbox/kit/random.ts';
import { createAgent, send, sendRaw, type Answer, type RawShot, type Shot } from './shot.ts';
import { isRaw, type CreateTarget, type Target } from './target.ts';
import type { World } from './world.ts';

export interface RunOptions {
  readonly count: number;
  readonly seed: number;
  /** The number of the first shot; each is made of the seed and its number alone. */
  readonly first?: number;
  readonly concurrency?: number;
  /** An answer that takes longer is no answer. */
  readonly timeoutMs?: number;
  readonly onProgress?: (done: number, child: Child) => void;
}

export interface Finding {
  readonly number: number;
  readonly label: string;
  readonly wrong: string;
  readonly shot: string;
  readonly answer: string;
}

export interface FuzzReport {
  readonly count: number;
  readonly seconds: number;
  readonly outcomes: Readonly<Record<string, number>>;
  readonly findings: readonly Finding[];
  /** How many were fired once more, alone. */
  readonly repeated: number;
  readonly slowest: { readonly number: number; readonly ms: number };
  readonly before: Memory;
  readonly after: Memory;
}

const usualConcurrency = 12;
const usualTimeoutMs = 10_000;
const maxFindings = 60;

/** Fires, judges each answer, and looks whether the process still lives, answers and holds no more than it should. */
export async function runFuzz(world: World, create: CreateTarget, options: RunOptions): Promise<FuzzReport> {
  const target = await create(world);
  const child = world[target.under];
  // What is loaded at the first request is no growth.
  const illBefore = await target.healthy();
  if (illBefore !== undefined) throw new Error(`before anything was fired, ${illBefore}`);
  const before = await child.memory();
  const startedAt = performance.now();
  const fired = await fire(target, { ...options, onProgress: (done) => options.onProgress?.(done, child) });
  const seconds = (performance.now() - startedAt) / 1_000;
  const gone = child.alive() ? undefined : `the process ended: ${child.output().slice(-2_000)}`;
  const ill = gone ?? (await target.healthy());
  if (ill !== undefined) fired.findings.push({ number: options.count, label: 'afterwards', wrong: ill, shot: '', answer: '' });
  const after = gone === undefined ? await child.memory() : before;
  await target.close?.();
  return { count: options.count, seconds, ...fired, before, after };
}

async function fire(target: Target, options: Omit<RunOptions, 'onProgress'> & { onProgress(done: number): void }) {
  const { count, seed, first = 0, concurrency = usualConcurrency, timeoutMs = usualTimeoutMs } = options;
  const agent = createAgent(concurrency);
  const outcomes: Record<string, number> = {};
  const findings: Finding[] = [];
  const doubtful: (() => Promise<void>)[] = [];
  let slowest = { number: 0, ms: 0 };
  let next = first;
  const take = (number: number, shot: Shot | RawShot, answer: Answer) => {
    const outcome = target.outcome(answer);
    outcomes[outcome] = (outcomes[outcome] ?? 0) + 1;
    if (answer.tookMs > slowest.ms) slowest = { number, ms: answer.tookMs };
    const wrong = target.judge(shot, answer);
    if (wrong === undefined) return;
    findings.push({ number, label: shot.label, wrong, shot: show(shot), answer: answer.body.slice(0, 600) });
  };
  const worker = async () => {
    for (let number = next++; number < first + count && findings.length < maxFindings; number = next++) {
      const shot = target.make(createRandom(mixSeeds(seed, number)));
      const again = (by: Agent) => send(shot as Shot, { url: target.url, agent: by, timeoutMs });
      const answer = isRaw(shot) ? await sendRaw(shot) : await again(agent);
      if (isRaw(shot) || !isDoubtful(answer)) take(number, shot, answer);
      else doubtful.push(async () => take(number, shot, await again(createAgent(1))));
      if ((number - first) % 1_000 === 999) options.onProgress(number - first + 1);
    }
  };
  await Promise.all(Array.from({ length: concurrency }, worker));
  for (const alone of doubtful) if (findings.length < maxFindings) await alone();
  agent.destroy();
  return { outcomes, findings, slowest, repeated: doubtful.length };
}

/**
 * A kept connection may end in the moment of its use, a busy machine is not a hang, and a dozen people on one link of a
 * sign-in get in each other's way: such a shot is judged by its answer when it is alone.
 */
const isDoubtful = ({ status }: Answer): boolean => typeof status === 'string' || status === 503;

function show(shot: Shot | RawShot): string {
  if (isRaw(shot))
    return shot.pieces
      .map((piece) => piece.toString('hex'))
      .join(' ')
      .slice(0, 2_000);
  const { method, path, headers, body } = shot;
  return `${method} ${path.slice(0, 600)} ${JSON.stringify(headers)}\n${body.toString('latin1').slice(0, 1_000)}`;
}
