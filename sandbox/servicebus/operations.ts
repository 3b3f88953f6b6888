import { strikes, type Asker } from '../kit/applications.ts';
import type { SandboxContext } from '../kit/context.ts';
import type { Fault } from '../kit/faults.ts';
import { done, refusalOfStatus, refusals, refuse, type Outcome } from './errors.ts';
import type { Described } from './message.ts';

export type Method =
  'SEND' | 'SCHEDULE' | 'CANCEL' | 'RECEIVE' | 'PEEK' | 'COMPLETE' | 'ABANDON' | 'DEAD-LETTER' | 'DEFER' | 'RENEW-LOCK';

/** One thing a client asked for: what faults are matched by and the journal tells, and how it is done and answered. */
export interface Operation<T> {
  readonly method: Method;
  /** The entity. */
  readonly path: string;
  /** The messages it is about; one line of the journal each. */
  readonly messages: readonly Described[];
  /** Whose connection it came over. */
  asker(): Asker;
  perform(): Outcome<T>;
  answer(outcome: Outcome<T>): void;
  /** Cuts the client's connection. */
  drop(): void;
  /** What `lose-lock` does in place of performing; without it the fault changes nothing. */
  performLosingLock?(): Outcome<T>;
  /** What `duplicate` does instead of performing twice. */
  performTwice?(): Outcome<T>;
}

export interface Operations {
  run<T>(operation: Operation<T>): void;
  stop(): void;
}

/** Plays faults around the operations of the broker and writes each down. */
export function createOperations(context: SandboxContext): Operations {
  const timers = new Set<NodeJS.Timeout>();
  const later = (delayMs: number, task: () => void) => {
    const timer = setTimeout(() => {
      timers.delete(timer);
      task();
    }, delayMs);
    timers.add(timer);
  };

  return {
    run(operation) {
      const startedAt = context.clock.now();
      const body = operation.messages.map((message) => message.body).join('\n');
      const isOf = (application: number) => context.applications.isOf(application, operation.asker());
      const fault = context.faults.take('servicebus', { method: operation.method, path: operation.path, body, isOf });
      const ended = (status: number, response = '') => record(context, operation, { startedAt, status, response });
      if (fault && strikes(fault)) void playStrike(context, operation, { fault, ended });
      else if (fault) play(operation, fault, { later, ended });
      else finish(operation, operation.perform(), ended);
    },
    stop() {
      for (const timer of timers) clearTimeout(timer);
      timers.clear();
    },
  };
}

interface Stage {
  later(delayMs: number, task: () => void): void;
  ended(status: number, response?: string): void;
}

function finish<T>(operation: Operation<T>, outcome: Outcome<T>, ended: Stage['ended']): void {
  operation.answer(outcome);
  if (outcome.refused) ended(outcome.refused.status, `${outcome.refused.condition}: ${outcome.refused.description}`);
  else ended(200);
}

function play<T>(operation: Operation<T>, fault: Fault, stage: Stage): void {
  const { later, ended } = stage;
  const drop = () => {
    operation.drop();
    ended(0);
  };
  switch (fault.effect) {
    case 'answer':
    case 'duplicate':
    case 'lose-lock':
      finish(operation, outcomeUnder(fault, operation), ended);
      break;
    case 'answer-after-doing':
      operation.perform();
      if (fault.status === undefined) drop();
      else finish(operation, outcomeUnder(fault, operation), ended);
      break;
    case 'drop':
      drop();
      break;
    case 'hang':
      ended(0);
      if (fault.delayMs !== undefined) later(fault.delayMs, () => operation.drop());
      break;
    case 'delay':
      later(fault.delayMs ?? 1_000, () => finish(operation, operation.perform(), ended));
  }
}

/** As the kit plays it around HTTP: killed, the client hears nothing; frozen, it is done or answered when it goes on. */
async function playStrike<T>(
  { applications }: SandboxContext,
  operation: Operation<T>,
  { fault, ended }: { fault: Fault; ended: Stage['ended'] },
): Promise<void> {
  const isBefore = fault.effect.endsWith('-before');
  const done = isBefore ? undefined : operation.perform();
  const isStruck = await applications.strike(fault, operation.asker());
  if (isStruck && fault.effect.startsWith('kill-')) {
    operation.drop();
    ended(0);
    return;
  }
  finish(operation, done ?? operation.perform(), ended);
}

function outcomeUnder<T>({ effect, status = 500, body }: Fault, operation: Operation<T>): Outcome<T> {
  if (effect === 'duplicate') return twice(operation);
  if (effect === 'lose-lock') return operation.performLosingLock?.() ?? operation.perform();
  // Accepted, and never seen again. Only a send has no value to answer.
  if (status < 300 && operation.method === 'SEND') return done(undefined as T);
  return refuse(refusalOfStatus(status, body));
}

function twice<T>(operation: Operation<T>): Outcome<T> {
  if (operation.performTwice) return operation.performTwice();
  operation.perform();
  return operation.perform();
}

interface Ending {
  readonly startedAt: number;
  readonly status: number;
  readonly response: string;
}

function record<T>({ clock, journal }: SandboxContext, operation: Operation<T>, ending: Ending): void {
  const { method, path, messages } = operation;
  const at = new Date(ending.startedAt).toISOString();
  const durationMs = clock.now() - ending.startedAt;
  for (const { headers, body } of messages.length > 0 ? messages : [{ headers: {}, body: '' }]) {
    const { status, response } = ending;
    journal.record({ vendor: 'servicebus', at, method, path, headers, body, status, response, durationMs });
  }
}

/** The refusal a malformed message deserves; any other error is a bug of ours and goes on. */
export function refuseMalformed<T>(work: () => T): Outcome<T> {
  try {
    return { value: work() };
  } catch (error) {
    if (error instanceof RangeError) return refuse(refusals.badMessage(error.message));
    throw error;
  }
}
