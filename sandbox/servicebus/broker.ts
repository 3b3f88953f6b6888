import type { SandboxContext } from '../kit/context.ts';
import { createCustody, type HandedOut, type QueueSettings } from './custody.ts';
import { done, refusals, refuse, type Outcome } from './errors.ts';
import type { ReceivedMessage } from './message.ts';
import { messageState, openStore, type Entity, type Store, type StoredRow } from './store.ts';

export type Broker = ReturnType<typeof createBroker>;

/** The path an entity is known by, in the journal and on the wire. */
export const pathOf = ({ queue, dead }: Entity): string => (dead ? `${queue}/$deadletterqueue` : queue);

/** The queues themselves, without a wire: what a function does is on disk when it returns. */
export function createBroker(context: SandboxContext, queues: readonly QueueSettings[]) {
  const { clock } = context;
  const store = openStore(context);
  const settings = new Map(queues.map((queue) => [queue.name.toLowerCase(), queue]));
  const listeners = new Set<(entity: Entity) => void>();
  const ready = (entity: Entity) => {
    for (const listener of listeners) listener(entity);
  };
  const custody = createCustody({ clock, store, settingsOf: settingsIn(settings), ready });
  const schedule = createSchedule(context, store, () => {
    for (const queue of settings.keys()) ready({ queue, dead: false });
  });
  custody.recover();
  schedule.activate();

  return {
    ...custody,
    ...createCounts(context, store, [...settings.values()]),
    /** The messages whose next lock is to be lost as soon as they are delivered. */
    losesLock: new Set<number>(),
    onReady: (listener: (entity: Entity) => void) => void listeners.add(listener),

    entityOf: (path: string) => entityIn(settings, path),

    /** Stores all of the messages or none; those whose time is yet to come are scheduled. */
    send({ queue }: Entity, messages: readonly ReceivedMessage[]): number[] {
      const now = clock.now();
      const dueAt = ({ scheduledAt = now }: ReceivedMessage) => (scheduledAt > now ? scheduledAt : undefined);
      const sequences = store.atomically(() =>
        messages.map((message) => store.insert({ ...message, queue, now, dueAt: dueAt(message) })),
      );
      if (messages.some((message) => dueAt(message) !== undefined)) schedule.arm();
      ready({ queue, dead: false });
      return sequences;
    },

    cancel({ queue }: Entity, sequences: readonly number[]): Outcome<undefined> {
      for (const sequence of sequences) {
        if (!store.cancel(queue, sequence)) return refuse(refusals.messageNotFound(sequence));
      }
      return done(undefined);
    },

    lockNext(entity: Entity, count: number): HandedOut[] {
      store.removeExpired(clock.now());
      return custody.lockNext(entity, count);
    },

    takeNext(entity: Entity, count: number): HandedOut[] {
      store.removeExpired(clock.now());
      return custody.takeNext(entity, count);
    },

    peek(entity: Entity, from: number, count: number): StoredRow[] {
      store.removeExpired(clock.now());
      return store.peek(entity, from, count);
    },

    /** Stores the message once more, as the service may after a failure of its own. */
    duplicate(row: StoredRow): void {
      store.insert({ ...row, now: clock.now(), dueAt: undefined });
      ready(row);
    },

    close() {
      custody.stop();
      schedule.stop();
      store.close();
    },
  };
}

function entityIn(settings: ReadonlyMap<string, QueueSettings>, path: string): Entity | undefined {
  const [queue = '', sub, ...more] = path.replace(/^\//, '').toLowerCase().split('/');
  if (!settings.has(queue) || more.length > 0 || (sub !== undefined && sub !== '$deadletterqueue')) return undefined;
  return { queue, dead: sub !== undefined };
}

/** A queue taken out of the settings keeps its messages, untouched, until it is there again. */
const settingsIn = (settings: ReadonlyMap<string, QueueSettings>) => {
  const unknown = { name: '', lockDurationMs: 0, maxDeliveryCount: Infinity };
  return ({ queue }: Entity) => settings.get(queue) ?? unknown;
};

/** Makes scheduled messages active at their time; one alarm, for the first of them. */
function createSchedule({ clock }: SandboxContext, store: Store, onActive: () => void) {
  let alarm: { at: number; cancel(): void } | undefined;

  const arm = () => {
    const at = store.nextDueAt();
    if (at === null || (alarm && alarm.at <= at)) return;
    alarm?.cancel();
    alarm = { at, ...clock.after(Math.max(0, at - clock.now()), activate) };
  };
  const activate = () => {
    alarm?.cancel();
    alarm = undefined;
    if (store.atomically(() => store.activateDue(clock.now()))) onActive();
    arm();
  };
  return { arm, activate, stop: () => alarm?.cancel() };
}

function createCounts({ clock }: SandboxContext, store: Store, queues: readonly QueueSettings[]) {
  return {
    counts() {
      store.removeExpired(clock.now());
      const counts = store.counts();
      const count = (name: string, dead: boolean, state: number) =>
        counts.find((each) => each.queue === name.toLowerCase() && each.dead === dead && each.state === state)?.count ?? 0;
      return queues.map(({ name }) => ({
        name,
        active: count(name, false, messageState.active),
        scheduled: count(name, false, messageState.scheduled),
        deadLettered: count(name, true, messageState.active),
      }));
    },

    /** Whether there is work due now; what is scheduled for later, deferred or dead is none. */
    busy(): boolean {
      store.removeExpired(clock.now());
      const dueAt = store.nextDueAt();
      return (dueAt !== null && dueAt <= clock.now()) || queues.some(({ name }) => store.hasActive(name.toLowerCase()));
    },
  };
}
