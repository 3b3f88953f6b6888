import type { Random } from '../sandbox/kit/random.ts';
import type { Answer, RawShot, Shot } from './shot.ts';
import type { World } from './world.ts';

/** Something that reads what strangers send. */
export interface Target {
  /** Whose process it is that must live on. */
  readonly under: 'application' | 'standIns';
  /** Where shots that are requests go. */
  readonly url: string;
  make(random: Random): Shot | RawShot;
  /** What is wrong about the answer; undefined where it is as it should be. */
  judge(shot: Shot | RawShot, answer: Answer): string | undefined;
  /** What the answer is counted as. */
  outcome(answer: Answer): string;
  /** What is wrong with an ordinary request, after all that. */
  healthy(): Promise<string | undefined>;
  close?(): Promise<void>;
}

export type CreateTarget = (world: World) => Target | Promise<Target>;

export const isRaw = (shot: Shot | RawShot): shot is RawShot => 'pieces' in shot;

export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** A member of what may be an object, by its path. */
export function memberOf(value: unknown, ...path: readonly string[]): unknown {
  return path.reduce<unknown>(
    (found, name) => (typeof found === 'object' && found !== null ? Reflect.get(found, name) : undefined),
    value,
  );
}
