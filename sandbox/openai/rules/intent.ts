import type { DateTime } from 'luxon';
import type { FillDefaults } from './slot-values/slot-reader.ts';
import type { SlotKind } from './slots.ts';

/** One kind of request that the rules understand. Adding one is a file in `intents/` and a line in its index. */
export interface Intent {
  readonly name: string;
  readonly effect: 'read' | 'write';
  /** The tools that can do it, by their names, best first. */
  readonly tools: readonly RegExp[];
  /** The phrases that ask for it. */
  readonly triggers: readonly RegExp[];
  /** Takes what nothing else does: a tool named in the request goes first. */
  readonly catchAll?: true;
  /** What the assistant says it can do where such a tool is given; undefined to stay unmentioned. */
  readonly offer?: string;
  readonly defaults?: FillDefaults;
  /** How what is missing is asked for, where the usual question does not do. */
  readonly questions?: Partial<Record<SlotKind, string>>;
  /** The request names something that has an id: found with this tool first, by its time and its words. */
  readonly lookUp?: RegExp;
  /** Splits `move my 3pm to 4pm` into what is meant and what is to become of it. */
  readonly target?: RegExp;
  /** Words a result; undefined leaves it to the wording by shape. */
  readonly word?: (result: unknown, context: WordingContext) => string | undefined;
}

export interface WordingContext {
  readonly now: DateTime;
  /** The arguments that were called with. */
  readonly arguments: Readonly<Record<string, unknown>>;
  /** What the person asked. */
  readonly question: string;
}

/** A tool as the request gives it. */
export interface RulesTool {
  readonly name: string;
  readonly description: string;
  readonly parameters: Readonly<Record<string, unknown>>;
}
