import type { SandboxClock } from '../kit/clock.ts';
import { done, refusals, refuse, type Outcome } from './errors.ts';
import { createLocks, type Lock } from './locks.ts';
import { describeContent, withApplicationProperties, type Described } from './message.ts';
import { messageState, type Entity, type Store, type StoredRow } from './store.ts';

export interface QueueSettings {
  readonly name: string;
  readonly lockDurationMs: number;
  readonly maxDeliveryCount: number;
}

export type ApplicationProperties = Readonly<Record<string, unknown>>;

/** What becomes of a message in somebody's hands; `modify` sets application properties. */
export type Settlement =
  { readonly kind: 'complete' } | { readonly kind: 'abandon' | 'defer' | 'dead-letter'; readonly modify: ApplicationProperties };

/** A message handed out; without a lock where it was received and deleted. */
export interface HandedOut {
  readonly row: StoredRow;
  readonly described: Described;
  readonly lock: Lock | undefined;
}

interface CustodyOptions {
  readonly clock: SandboxClock;
  readonly store: Store;
  readonly settingsOf: (entity: Entity) => QueueSettings;
  /** Told of each entity that has a message to hand out again. */
  readonly ready: (entity: Entity) => void;
}

/** Who holds which message, and what becomes of it. */
export function createCustody({ clock, store, settingsOf, ready }: CustodyOptions) {
  const { fail, bury } = createReturns({ store, settingsOf, ready });
  const locks = createLocks(clock, ({ row }) => fail(row, {}));

  const handOut = (row: StoredRow): HandedOut => {
    const described = describeContent(row.content);
    return { row, described, lock: locks.add({ row, described, until: clock.now() + settingsOf(row).lockDurationMs }) };
  };

  const held = (entity: Entity, token: string) => {
    const lock = locks.find(token);
    return lock?.row.queue === entity.queue && lock.row.dead === entity.dead ? lock : undefined;
  };

  return {
    /** Gives back what a process that is no more had locked: each of those deliveries failed. */
    recover: () => store.atomically(() => store.locked().forEach((row) => fail(row, {}))),

    /** The next messages, each under a lock of its own. */
    lockNext: (entity: Entity, count: number): HandedOut[] => store.lockNext(entity, count).map(handOut),

    /** The next messages, no longer in the queue. */
    takeNext: (entity: Entity, count: number): HandedOut[] =>
      store.takeNext(entity, count).map((row) => ({ row, described: describeContent(row.content), lock: undefined })),

    lockDeferred(entity: Entity, sequence: number): HandedOut | undefined {
      const row = store.lockDeferred(entity, sequence);
      return row && handOut(row);
    },

    settle(entity: Entity, token: string, settlement: Settlement): Outcome<undefined> {
      const lock = held(entity, token);
      if (!lock) return refuse(refusals.lockLost);
      locks.remove(token);
      const { row } = lock;
      if (settlement.kind === 'complete') store.remove(row.sequence);
      else if (settlement.kind === 'abandon') fail(row, settlement.modify);
      else if (settlement.kind === 'dead-letter') bury(row, settlement.modify);
      else {
        const content = withApplicationProperties(row.content, settlement.modify);
        store.unlock({ ...row, state: messageState.deferred, content });
      }
      return done(undefined);
    },

    /** @returns until when the lock holds now. */
    renew(entity: Entity, token: string): Outcome<number> {
      const lock = held(entity, token);
      if (!lock) return refuse(refusals.lockLost);
      lock.until = clock.now() + settingsOf(entity).lockDurationMs;
      return done(lock.until);
    },

    /** Ends a lock before its time, as the service does when a queue moves to another of its nodes. */
    loseLock(token: string): void {
      const lock = locks.remove(token);
      if (lock) fail(lock.row, {});
    },

    /** Puts a message back that never left: no failed delivery. */
    putBack({ row, lock }: HandedOut): void {
      if (!lock || !locks.remove(lock.token)) return;
      store.unlock(row);
      ready(row);
    },

    describeLock: (token: string): Described => locks.describe(token),
    stop: () => locks.stop(),
  };
}

function createReturns({ store, settingsOf, ready }: Pick<CustodyOptions, 'store' | 'settingsOf' | 'ready'>) {
  const bury = (row: StoredRow, modify: ApplicationProperties) => {
    const content = withApplicationProperties(row.content, modify);
    store.unlock({ ...row, dead: true, state: messageState.active, content });
    ready({ queue: row.queue, dead: true });
  };

  /** A delivery that came to nothing: the message goes back to its place, or to the dead letters at the last one. */
  const fail = (row: StoredRow, modify: ApplicationProperties) => {
    const deliveryCount = row.deliveryCount + 1;
    const { maxDeliveryCount } = settingsOf(row);
    if (!row.dead && deliveryCount >= maxDeliveryCount) {
      bury({ ...row, deliveryCount }, { ...modify, ...exhausted(maxDeliveryCount) });
    } else {
      store.unlock({ ...row, deliveryCount, content: withApplicationProperties(row.content, modify) });
      ready(row);
    }
  };
  return { fail, bury };
}

const exhausted = (maxDeliveryCount: number): ApplicationProperties => ({
  DeadLetterReason: 'MaxDeliveryCountExceeded',
  DeadLetterErrorDescription: `Message could not be consumed after ${maxDeliveryCount} delivery attempts.`,
});
