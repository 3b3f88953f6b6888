import { onTestFinished } from 'vitest';
import { performSingleCall } from '../../../shared/conversation/single-call.ts';
import { settleSingleCall, type SingleCallWork } from '../../../shared/conversation/single-lease.ts';
import { ringOverdue } from '../../../shared/conversation/ring-overdue.ts';
import type { PersonCaller } from '../../../shared/core/caller.ts';
import { AppError, asAppError } from '../../../shared/core/errors.ts';
import type { CallResult } from '../../../shared/ports/documents.ts';
import { setLogSink } from '../../../shared/telemetry/index.ts';
import { createTestDataKeys } from '../../support/data-keys.ts';
import { createFakeAudit } from '../../support/fakes/fake-audit.ts';
import { createFakeBell } from '../../support/fakes/fake-bell.ts';
import { createBookingTools, createFakeBookings, type Bookings, type Settling } from '../../support/fakes/fake-bookings.ts';
import { createFakeClock } from '../../support/fakes/fake-clock.ts';
import { createFakeConversations } from '../../support/fakes/fake-conversations.ts';
import { createFakeIds } from '../../support/fakes/fake-ids.ts';
import { createFakeOwnLeases } from '../../support/fakes/fake-own-leases.ts';
import { CrashError, createLife, type Life } from '../wake/life.ts';

export const ana: PersonCaller = {
  ...{ kind: 'person', personId: 'acme:person-ana', name: 'Ana Ribeiro', email: 'ana@alderfinch.example' },
  ...{ role: 'user', timeZone: 'Europe/Lisbon' },
};

const settings = {
  ...{ workspace: 'acme', leaseMs: 20_000, beatMs: 7_000, marginMs: 3_000 },
  ...{ vendorTimeoutMs: 15_000, takeoverMs: 15_000, parkMs: 15_000 },
};
export const client = '00000000-0000-4000-8000-0000000000d1';
export const ttlSeconds = 86_400;

export interface Wish {
  readonly key?: string;
  readonly subject?: string;
  readonly person?: string;
  readonly life?: Life;
}

export type Answer = { readonly result: CallResult; readonly repeated: boolean };

/** Somebody outside who books by single calls, with everything in memory and a vendor that may fold repeats or not. */
export function startCalls({ settling = 'look-up' }: { settling?: Settling } = {}) {
  const clock = createFakeClock();
  const conversations = createFakeConversations();
  const outside = {
    audit: createFakeAudit(),
    conversations,
    dataKeys: createTestDataKeys(clock),
    ownLeases: createFakeOwnLeases(conversations),
  };
  const [ids, bell] = [createFakeIds(), createFakeBell()];
  const bookings = createFakeBookings({ folds: settling === 'repeat' });
  const lines: string[] = [];
  onTestFinished(setLogSink((_level, line) => lines.push(line)));
  /** Who waits moves time on, and whatever was to happen meanwhile happens. */
  const pass = async (delayMs: number) => {
    clock.advance(delayMs);
    await new Promise((resolve) => setImmediate(resolve));
  };
  const workOf = (life: Life): SingleCallWork => {
    const mortal = Object.entries(outside).map(([name, port]) => [name, life.mortal<object>(name, port)]);
    const ports = { clock: { now: clock.now, sleep: pass }, ids, ...(Object.fromEntries(mortal) as typeof outside) };
    return { ports, settings, ttlSeconds };
  };
  const book = (life: Life) => {
    const vendor: Bookings = life.mortal('bookings', bookings, ['create', 'find', 'list']);
    const [tool] = createBookingTools(vendor, settling);
    if (!tool) throw new Error('There is no tool to book with');
    return tool;
  };
  const ask = (wish: Wish = {}): Promise<Answer> => {
    const { key = 'k1', subject = 'Review', person = ana.personId, life = createLife(clock) } = wish;
    const signal = new AbortController().signal;
    const caller = { ...ana, personId: person };
    return performSingleCall(workOf(life), { personId: person, client, key, name: 'book', input: { subject }, signal }, (call) =>
      book(life).run({ subject }, { caller, ...call }),
    );
  };
  return {
    ...outside,
    clock,
    bookings,
    lines,
    pass,
    ask,
    workOf,
    ...clientOf({ ask, pass }),
    ...timersOf({ outside, clock, bell, ids }),
  };
}

export type Calls = ReturnType<typeof startCalls>;

/** A client that asks again, as it is told to, until it knows how its call ended. */
function clientOf({ ask, pass }: { ask: (wish: Wish) => Promise<Answer>; pass: (delayMs: number) => Promise<void> }) {
  const settledOnce = async (wish: Wish): Promise<Answer | undefined> => {
    try {
      return await ask(wish);
    } catch (error) {
      const known = asAppError(error);
      if (!(error instanceof CrashError) && known?.retryable !== true) throw error;
      await pass(known?.retryAfterMs ?? 1_000);
      return undefined;
    }
  };
  return {
    async insist(wish: Wish = {}, lives: readonly Life[] = []): Promise<Answer> {
      for (let times = 0; times < 40; times += 1) {
        const life = lives.find((one) => one.struck() === undefined);
        const answer = await settledOnce({ ...wish, ...(life && { life }) });
        if (answer) return answer;
      }
      throw new AppError('timeout', 'The call does not come to its end');
    },
  };
}

/** What the timer and the bells do, some minutes later. */
function timersOf({
  outside,
  clock,
  bell,
  ids,
}: {
  outside: Pick<SingleCallWork['ports'], 'audit' | 'conversations' | 'dataKeys'>;
  clock: ReturnType<typeof createFakeClock>;
  bell: ReturnType<typeof createFakeBell>;
  ids: ReturnType<typeof createFakeIds>;
}) {
  const ports = { ...outside, clock, bell, ids };
  return {
    /** Rings for what is overdue and answers those bells; tells how many there were. */
    async ringOverdue(minutes = 3): Promise<number> {
      clock.advance(minutes * 60_000);
      const { rung } = await ringOverdue(ports, { workspace: 'acme', isPaused: () => Promise.resolve(false) });
      for (const { ref } of bell.rung.splice(0)) await settleSingleCall({ ports, settings }, ref);
      return rung;
    },
  };
}
