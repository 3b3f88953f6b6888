import type { Broker } from '../../broker.ts';
import { done, refuse, type Outcome, type Refusal } from '../../errors.ts';
import type { Operation, Operations } from '../../operations.ts';
import type { Entity } from '../../store.ts';

export interface Services {
  readonly broker: Broker;
  readonly operations: Operations;
}

/** A request to one entity's `$management`, and how it is answered. */
export interface Call extends Services {
  readonly entity: Entity;
  readonly body: unknown;
  answer(outcome: Outcome<unknown>): void;
  drop(): void;
  asker: Operation<unknown>['asker'];
}

/** What an operation answers that found nothing. */
export const nothingFound = Symbol('204');

/** Runs one operation for each part of a request and answers once, with all the values or the first refusal. */
export function runAll<T>(
  call: Call,
  parts: readonly Omit<Operation<T>, 'answer' | 'drop' | 'asker'>[],
  toBody: (values: T[]) => unknown,
): void {
  const values: T[] = [];
  let refused: Refusal | undefined;
  const answer = (outcome: Outcome<T>) => {
    if (refused) return;
    if (outcome.refused) call.answer(refuse((refused = outcome.refused)));
    else if (values.push(outcome.value) === parts.length) call.answer(done(toBody(values)));
  };
  for (const part of parts) call.operations.run<T>({ ...part, answer, drop: call.drop, asker: call.asker });
}
