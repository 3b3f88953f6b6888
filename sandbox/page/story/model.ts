import type { JournalEntry } from '../../kit/journal.ts';
import type { CollectedSpan } from '../../otlp/collector.ts';
import type { WebhookDelivery } from '../../waha/waha.ts';
import type { Bar } from './lanes.ts';

/** The two sources, and what WAHA knows of its own webhooks. */
export interface StorySources {
  readonly spans: readonly CollectedSpan[];
  readonly entries: readonly JournalEntry[];
  readonly deliveries: readonly WebhookDelivery[];
}

export type StepKind =
  'webhook' | 'bell' | 'wake' | 'lease' | 'turn' | 'node' | 'model' | 'tool' | 'write' | 'send' | 'vendor' | 'storage' | 'step';

/** One line of the timeline. */
export interface StoryStep {
  /** The same over repeated tellings. */
  readonly id: string;
  readonly kind: StepKind;
  readonly title: string;
  /** Milliseconds since the story began. */
  readonly startMs: number;
  readonly durationMs: number;
  readonly bar: Bar;
  /** How long nothing happened before it, where that was long. */
  readonly pauseMs: number;
  readonly failed: boolean;
  /** A few words: outcomes, statuses, tokens. */
  readonly facts: readonly string[];
  readonly details: readonly StoryDetail[];
  readonly children: readonly StoryStep[];
}

/** What a step shows when it is opened: JSON laid out, or text. */
export interface StoryDetail {
  readonly title: string;
  readonly text: string;
}

export interface Story {
  readonly messageId: string;
  /** ISO 8601; null where nothing is known of the message yet. */
  readonly startedAt: string | null;
  /** From the beginning to the end of the last send; null where nothing was sent (yet). */
  readonly answeredMs: number | null;
  /** Each request is counted once: one to OpenAI as the model's, one of a store as storage, any other as the vendor's. */
  readonly totals: Readonly<Record<'model' | 'tools' | 'vendor' | 'storage' | 'tokens', number>>;
  readonly steps: readonly StoryStep[];
}
