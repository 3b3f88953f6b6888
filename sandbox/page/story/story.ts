import { findToolCalls } from './calls.ts';
import { rounded } from './lanes.ts';
import type { Story, StorySources } from './model.ts';
import { entryStep, spanStep } from './steps.ts';
import { selectRelated } from './related.ts';
import { nest, type Placed } from './tree.ts';

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
