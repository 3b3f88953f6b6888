import type { Clock } from '../../../shared/ports/clock.ts';

/**
 * Where a worker's world ends for it. `before` and `after` its n-th call of a port took effect; `late`: what it had sent
 * lands only after it was gone, as late as is allowed for. `refused`, `lost` and `overtaken` kill nobody: the call fails
 * once, before it took effect, after it, or while it is still on its way.
 */
export interface Fate {
  readonly at: number;
  /** Only calls of this name count; else all do. */
  readonly call?: string;
  readonly how: 'before' | 'after' | 'late' | 'refused' | 'lost' | 'overtaken';
}

/** What the code of a dead worker meets: it is no error of ours, and nothing it then does has any effect. */
export class CrashError extends Error {
  constructor() {
    super('This worker is dead');
    this.name = 'CrashError';
  }
}

export interface Life {
  readonly isDead: () => boolean;
  /** The call that the fate struck, by name; undefined where the worker did not get that far. */
  readonly struck: () => string | undefined;
  /** The object as this worker sees it: its methods (or those named) count, and refuse all work after death. */
  mortal<T extends object>(name: string, port: T, methods?: readonly string[]): T;
}

const lateMs = 14_000;

/** One worker's life, which ends as its fate says. */
export function createLife(clock: Clock, fate?: Fate & { readonly error?: Error }): Life {
  let [count, dead]: [number, boolean] = [0, false];
  let struck: string | undefined;
  type Act = () => Promise<unknown>;

  const strike = async (how: Fate['how'], error: Error, act: Act): Promise<never> => {
    dead = how === 'before' || how === 'after' || how === 'late';
    const quietly = () => act().catch(() => undefined);
    if (how === 'after' || how === 'lost') await quietly();
    if (how === 'late' || how === 'overtaken') void clock.sleep(lateMs).then(quietly);
    throw dead ? new CrashError() : error;
  };
  const live = async (label: string, act: Act): Promise<unknown> => {
    if (dead) throw new CrashError();
    if ((fate?.call ?? label) === label) count += 1;
    if (fate && struck === undefined && count === fate.at) {
      struck = label;
      return strike(fate.how, fate.error ?? new CrashError(), act);
    }
    const result = await act();
    // eslint-disable-next-line @typescript-eslint/no-unnecessary-condition -- it may have died meanwhile
    if (dead) throw new CrashError();
    return result;
  };
  return {
    isDead: () => dead,
    struck: () => struck,
    mortal: (name, port, methods) =>
      new Proxy(port, {
        get(target, property) {
          const value: unknown = Reflect.get(target, property, target);
          if (typeof value !== 'function' || typeof property !== 'string') return value;
          const method = (...given: unknown[]) => Reflect.apply(value, target, given) as unknown;
          if (methods && !methods.includes(property)) return method;
          return (...given: unknown[]) => live(`${name}.${property}`, () => Promise.resolve(method(...given)));
        },
      }),
  };
}
