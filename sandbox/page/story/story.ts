import type { JournalEntry } from '../../kit/journal.ts';
import type { CollectedSpan } from '../../otlp/collector.ts';
import type { WebhookDelivery } from '../../waha/waha.ts';
import { findToolCalls } from './calls.ts';
import type { Bar } from './lanes.ts';
import { entryStep, spanStep } from './steps.ts';
import { selectRelated } from './related.ts';
import { nest, type Placed } from './tree.ts';

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

/** What happened for one message of a chat, whichever side wrote it. */
export function tellStory(messageId: string, sources: StorySources): Story {
  const { spans, entries } = selectRelated(messageId, sources);
  const calls = findToolCalls(spans, entries);
  const placed: Placed[] = [
    ...spans.map((span) => spanStep(span, { call: calls.get(span.spanId), deliveries: sources.deliveries })),
    ...entries.map(entryStep),
  ];
  const startedAt = Math.min(...placed.map((step) => step.startedAt));
  const sentAt = placed.filter(({ kind, isEntry }) => kind === 'send' && isEntry).map((step) => step.startedAt + step.durationMs);
  const isEmpty = placed.length === 0;
  return {
    messageId,
    startedAt: isEmpty ? null : new Date(startedAt).toISOString(),
    answeredMs: sentAt.length === 0 ? null : rounded(Math.max(...sentAt) - startedAt),
    totals: {
      model: placed.filter(({ kind, isEntry }) => kind === 'model' && isEntry).length,
      tools: placed.filter(({ kind }) => kind === 'tool').length,
      vendor: placed.filter(({ kind, isEntry }) => isEntry && (kind === 'vendor' || kind === 'send')).length,
      storage: placed.filter(({ kind }) => kind === 'storage').length,
      tokens: placed.reduce((sum, { tokens }) => sum + tokens, 0),
    },
    steps: nest(placed, startedAt),
  };
}

export const rounded = (milliseconds: number): number => Math.round(milliseconds * 10) / 10;
