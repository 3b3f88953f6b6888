import type { RateLimits } from './rate-buckets.ts';

/** The times and bounds of the way of a message, in milliseconds unless named otherwise; shorter in tests. */
export interface ConversationSettings {
  readonly workspace: string;
  readonly leaseMs: number;
  readonly beatMs: number;
  /** With less than this of the lease left, no write and no send begins. */
  readonly marginMs: number;
  readonly vendorTimeoutMs: number;
  readonly turnBudgetMs: number;
  /** How long after its owner vanished an abandoned lease rests: what the dead worker had sent has landed by then. */
  readonly takeoverMs: number;
  /** The first wait of a parked turn; doubled each time, up to ten minutes. */
  readonly parkMs: number;
  /** How old a signed webhook, and a parked turn, may become. */
  readonly maxAgeMs: number;
  readonly transcriptTtlSeconds: number;
  /** A message that waited longer may read, and is asked before it writes. */
  readonly proposeAfterMs: number;
  /** How long a yes to a proposal counts. */
  readonly approvalMs: number;
  readonly rateLimits: RateLimits;
  /** Tokens of the model, asked and answered, after which a turn gets no more tools. */
  readonly maxTurnTokens: number;
}

/** What a person writes in a burst is one turn, up to so many messages. */
export const maxMessagesPerTurn = 20;

/** Takings without an orderly release in between, after which the turn fails for good. */
export const maxAttempts = 5;

/** The longest a webhook may take to make its message durable and ring: beyond it WAHA gets 503 and repeats. */
export const webhookBudgetMs = 3_000;
