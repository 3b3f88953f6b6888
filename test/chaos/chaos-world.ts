import { afterAll, beforeAll, expect } from 'vitest';
import { judge } from '../../chaos/judge/judge.ts';
import { settle } from '../../chaos/load.ts';
import { tagOf, type Kind } from '../../chaos/messages.ts';
import { startWorld, type TypedMessage, type Typing, type World, type WorldOptions } from '../../chaos/world.ts';

export interface ChaosWorld {
  readonly world: () => World;
  /** One message after the other, each by the next of the crowd unless it says by whom. */
  write(kinds: readonly Kind[], how?: Typing & { person?: number }): TypedMessage[];
  /** Waits until all is at rest, and expects that everything so far is as it must be, and that every fault met something. */
  expectSound(): Promise<void>;
}

// What tests do to the database themselves.
const ownSql = /^postgres (?:TRUNCATE|UPDATE) /;

/** One world with its crowd for the tests of a file. */
export function useWorld(options: Omit<WorldOptions, 'seed'>): ChaosWorld {
  let started: World | undefined;
  beforeAll(async () => {
    started = await startWorld({ seed: 1, ...options });
  }, 240_000);
  afterAll(() => started?.close(), 60_000);
  const world = () => {
    if (started) return started;
    throw new Error('The world has not started');
  };
  return {
    world,
    write(kinds, { person, ...how } = {}) {
      const from = world().typed.length;
      return kinds.map((kind, index) => {
        const number = from + index;
        return world().type({ number, tag: tagOf(number), person: person ?? number, kind }, how);
      });
    },
    async expectSound() {
      const { sandbox, watch } = world();
      await settle(world(), { quietMs: 800 });
      expect(sandbox.context.faults.left()).toEqual([]);
      const { messages, answered, findings } = judge(world());
      expect(findings).toEqual([]);
      expect(answered).toBe(messages);
      expect([...watch.unnamed].filter((request) => !ownSql.test(request))).toEqual([]);
    },
  };
}
