import type { Checkpointer } from './turn-graph.ts';

/** A checkpointer that keeps what is to be stored until it is known to be of use. */
export interface HeldCheckpoints {
  readonly checkpointer: Checkpointer;
  /** Stores what was held, in order. */
  store(): Promise<void>;
}

type Put = Checkpointer['put'];
type PutWrites = Checkpointer['putWrites'];

const nothing = () => Promise.resolve(undefined);

/**
 * A turn that ends is committed by its own batch a moment later, and nobody reads its checkpoint: of the twenty statements
 * that storing it takes, a turn that is parked alone needs any. One that is fresh has none to be read either: it needs no
 * database at all.
 */
export function holdCheckpoints(checkpointer: Checkpointer, { isFresh }: { isFresh: boolean }): HeldCheckpoints {
  const held: (() => Promise<unknown>)[] = [];
  const put: Put = (...given) => {
    const [config, checkpoint] = given;
    held.push(() => checkpointer.put(...given));
    return Promise.resolve({ configurable: { ...config.configurable, checkpoint_id: checkpoint.id } });
  };
  const putWrites: PutWrites = (config, writes, taskId) => {
    held.push(() => checkpointer.putWrites(config, writes, taskId));
    return Promise.resolve();
  };
  const holding = new Proxy(checkpointer, {
    get(target, property) {
      if (property === 'getTuple' && isFresh) return nothing;
      if (property === 'put') return put;
      if (property === 'putWrites') return putWrites;
      const value: unknown = Reflect.get(target, property, target);
      return typeof value === 'function' ? (...given: unknown[]) => Reflect.apply(value, target, given) as unknown : value;
    },
  });
  return {
    checkpointer: holding,
    async store() {
      for (const one of held.splice(0)) await one();
    },
  };
}
