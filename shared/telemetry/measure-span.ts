import { notePerson } from './active-people.ts';
import { count, keep, measure } from './metrics.ts';
import type { FinishedSpan } from './span.ts';

type Rule = (span: FinishedSpan, durationMs: number) => void;

const textOf = (value: unknown) => (typeof value === 'string' ? value : undefined);
const numberOf = (value: unknown) => (typeof value === 'number' ? value : 0);
const outcomeOf = ({ attributes, failed }: FinishedSpan) => textOf(attributes['outcome']) ?? (failed ? 'thrown' : undefined);
const failedOf = ({ failed }: FinishedSpan) => ({ failed: String(failed) });

// What a span measures is measured by nothing else. By the first word of the span's name.
const rules: Readonly<Record<string, Rule>> = {
  webhook(span, durationMs) {
    measure('adjutant.webhook.duration', durationMs, { outcome: outcomeOf(span) });
  },
  turn(span, durationMs) {
    measure('adjutant.turn.duration', durationMs, { outcome: outcomeOf(span) });
    const { waitMs, person } = span.attributes;
    if (typeof waitMs === 'number') measure('adjutant.turn.wait', waitMs);
    if (typeof person === 'string') notePerson(person);
  },
  model(span, durationMs) {
    const model = textOf(span.attributes['model']);
    measure('adjutant.model.duration', durationMs, { model, ...failedOf(span) });
    if (model === undefined) return;
    count('adjutant.model.tokens', { model, direction: 'in' }, numberOf(span.attributes['inputTokens']));
    count('adjutant.model.tokens', { model, direction: 'out' }, numberOf(span.attributes['outputTokens']));
  },
  tool(span, durationMs) {
    measure('adjutant.tool.duration', durationMs, { tool: span.name.slice('tool '.length), ...failedOf(span) });
  },
  'ring-overdue'({ attributes: { due, overdue, oldestDueAt }, endedAt }) {
    if (typeof due === 'number') keep('adjutant.due.depth', due);
    // While all is paused nobody looks for what is overdue, and what was seen last stands.
    if (typeof overdue !== 'number') return;
    keep('adjutant.due.conversations', overdue);
    keep('adjutant.due.age', typeof oldestDueAt === 'number' ? Math.max(0, endedAt - oldestDueAt) / 1_000 : 0);
  },
  send(span, durationMs) {
    measure('adjutant.send.duration', durationMs, { outcome: outcomeOf(span) });
    const sent = numberOf(span.attributes['sent']);
    if (sent > 0) count('adjutant.messages', { direction: 'out' }, sent);
  },
};

/** Turns a finished span into the metrics it measures. */
export function measureSpan(span: FinishedSpan): void {
  const [kind = ''] = span.name.split(' ');
  if (Object.hasOwn(rules, kind)) rules[kind]?.(span, span.endedAt - span.startedAt);
}
