import type { Buckets } from '../ports/documents.ts';

/** What one person may make us do within an hour; each bucket holds an hour's worth and fills steadily. */
export interface RateLimits {
  readonly turnsPerHour: number;
  /** Tokens of the model, asked and answered. */
  readonly tokensPerHour: number;
}

const hourMs = 3_600_000;

/** The levels now: what was left, and what has flowed in since. A person met for the first time has an hour's worth. */
export function refill(buckets: Buckets | undefined, limits: RateLimits, now: number): Buckets {
  const { turnsPerHour, tokensPerHour } = limits;
  if (!buckets) return { at: now, turns: turnsPerHour, tokens: tokensPerHour };
  const hours = Math.max(0, now - buckets.at) / hourMs;
  return {
    at: Math.max(now, buckets.at),
    turns: Math.min(turnsPerHour, buckets.turns + hours * turnsPerHour),
    tokens: Math.min(tokensPerHour, buckets.tokens + hours * tokensPerHour),
  };
}

/** How long until another turn may begin, in milliseconds; 0 where it may now. */
export function waitFor({ turns, tokens }: Buckets, { turnsPerHour, tokensPerHour }: RateLimits): number {
  // What the tokens of a turn will be is known only afterwards: it may begin while any are left.
  const missing = Math.max((1 - turns) / turnsPerHour, tokens > 0 ? 0 : (1 - tokens) / tokensPerHour);
  return missing <= 0 ? 0 : Math.ceil(missing * hourMs);
}

/** The levels after one turn whose last try took so many tokens: they may fall below nothing, and are then waited out. */
export function spend(buckets: Buckets, tokens: number): Buckets {
  const { turns } = buckets;
  return { ...spendTokens(buckets, tokens), turns: turns - 1 };
}

/** The levels after a try that did not end its turn: what the model was asked is paid for, the turn is not over. */
export function spendTokens(buckets: Buckets, tokens: number): Buckets {
  return { ...buckets, tokens: buckets.tokens - tokens };
}
