import type { Random } from '../sandbox/kit/random.ts';

/** What a message is about; the voice that plays the model does as it is told. */
export const kinds = {
  /** Small talk. */
  talk: 'Just telling you',
  /** One read. */
  look: 'Look at my day',
  /** One write. */
  arrange: 'Please arrange',
  /** A read and a write in one answer. */
  both: 'Look, then arrange',
  /** An answer of several parts. */
  story: 'Tell me a story',
  /** The model calls a tool that is not there. */
  oracle: 'Ask the oracle',
  /** The model sends arguments that do not fit. */
  clumsy: 'Be clumsy with',
  /** The model asks for the same read again and again. */
  circle: 'Go in circles for',
  /** The model claims a write that it never asked for. */
  boast: 'Boast about',
} as const;
export type Kind = keyof typeof kinds;

/** One message that somebody is to type. */
export interface PlannedMessage {
  readonly number: number;
  /** Stands in its text, and in whatever comes of it. */
  readonly tag: string;
  /** Index into the crowd. */
  readonly person: number;
  readonly kind: Kind;
}

export const tagOf = (number: number): string => `m${String(number).padStart(6, '0')}`;
export const tagPattern = /\bm\d{6}\b/g;

export const textOf = ({ kind, tag }: Pick<PlannedMessage, 'kind' | 'tag'>): string => `${kinds[kind]} ${tag}.`;

const usual: readonly Kind[] = ['talk', 'talk', 'look', 'look', 'arrange', 'arrange', 'both', 'story'];
const odd: readonly Kind[] = ['oracle', 'clumsy', 'circle'];

/** Bursts of one to three messages, each of one person; a boast stands alone, for its answer repeats nothing of it. */
export function planBursts(
  random: Random,
  { messages, people, from = 0 }: { messages: number; people: number; from?: number },
): PlannedMessage[][] {
  const bursts: PlannedMessage[][] = [];
  for (let number = from; number < from + messages;) {
    const person = random.below(people);
    const length = Math.min(random.pick([1, 1, 2, 3]), from + messages - number);
    const isBoast = length === 1 && random.chance(0.05);
    const burst = Array.from({ length }, (_, index): PlannedMessage => {
      const kind = isBoast ? 'boast' : random.chance(0.06) ? random.pick(odd) : random.pick(usual);
      return { number: number + index, tag: tagOf(number + index), person, kind };
    });
    bursts.push(burst);
    number += length;
  }
  return bursts;
}
