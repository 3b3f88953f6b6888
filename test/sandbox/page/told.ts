import type { JournalEntry } from '../../../sandbox/kit/journal.ts';
import type { CollectedSpan } from '../../../sandbox/otlp/collector.ts';
import type { Story, StorySources, StoryStep } from '../../../sandbox/page/story/model.ts';
import type { WebhookDelivery } from '../../../sandbox/waha/waha.ts';

const origin = Date.parse('2026-11-21T09:30:00.000Z');
const hex = (name: string, length: number) => Buffer.from(name).toString('hex').padEnd(length, '0').slice(0, length);

export const traceIdOf = (name: string): string => hex(name, 32);
export const spanIdOf = (name: string): string => hex(name, 16);
export const traceparentOf = (trace: string, span: string): string => `00-${traceIdOf(trace)}-${spanIdOf(span)}-01`;

/** A span as the application exports it: `at` in milliseconds of the story, ids by name. */
export function span(
  name: string,
  given: {
    trace?: string;
    id?: string;
    parent?: string;
    at: number;
    ms: number;
    failed?: boolean;
    attributes?: Record<string, string>;
  },
): CollectedSpan {
  return {
    traceId: traceIdOf(given.trace ?? 'one'),
    spanId: spanIdOf(given.id ?? name),
    parentSpanId: given.parent === undefined ? undefined : spanIdOf(given.parent),
    name,
    startedAt: origin + given.at,
    durationMs: given.ms,
    attributes: given.attributes ?? {},
    failed: given.failed ?? false,
  };
}

/** A request of a stand-in, made within the span `under`. */
export function entry(
  vendor: JournalEntry['vendor'],
  given: { under: string; trace?: string; at: number; ms?: number } & Partial<Omit<JournalEntry, 'vendor' | 'at' | 'headers'>>,
): JournalEntry {
  const { under, trace = 'one', at, ms = 1, ...rest } = given;
  const headers = { traceparent: traceparentOf(trace, under) };
  const usual = { method: 'POST', path: '/', body: '', status: 200, response: '' };
  return { ...usual, ...rest, vendor, headers, at: new Date(origin + at).toISOString(), durationMs: ms };
}

export const delivery = (messageId: string, requestId: string, rest: Partial<WebhookDelivery> = {}): WebhookDelivery => ({
  ...{ messageId, requestId, event: 'message', attempts: 1, status: 'delivered', answered: 202 },
  ...rest,
});

export const nothing: StorySources = { spans: [], entries: [], deliveries: [] };

/** The titles of a story, each level indented. */
export function outline({ steps }: Pick<Story, 'steps'>, indent = ''): string[] {
  return steps.flatMap((step) => [`${indent}${step.kind} ${step.title}`, ...outline({ steps: step.children }, `${indent}  `)]);
}

export function stepsOf({ steps }: Pick<Story, 'steps'>): StoryStep[] {
  return steps.flatMap((step) => [step, ...stepsOf({ steps: step.children })]);
}

/** One message worked from the webhook to the send, with one tool called. */
export function wholeMessage(): StorySources {
  const call = { type: 'function_call', call_id: 'call_1', name: 'calendar_list_events', arguments: '{"day":"tomorrow"}' };
  const result = { type: 'function_call_output', call_id: 'call_1', output: '{"events":[{"subject":"Budget"}]}' };
  const usage = (input: number, output: number) => ({ usage: { input_tokens: input, output_tokens: output } });
  const openai = { method: 'POST', path: '/v1/responses', ms: 20 };
  const input = [{ role: 'user', content: 'What is on tomorrow?' }];
  return {
    deliveries: [delivery('M1', 'request-1')],
    spans: [
      span('webhook', { at: 0, ms: 12, attributes: { 'waha.request_id': 'request-1', kind: 'message', outcome: 'stored' } }),
      span('wake', { parent: 'webhook', at: 20, ms: 280, attributes: { conversation: 'c1' } }),
      span('lease', { parent: 'wake', at: 21, ms: 4 }),
      span('turn', { parent: 'webhook', at: 30, ms: 220, attributes: { turn: 't1', outcome: 'answered' } }),
      span('node reasoning', { parent: 'turn', at: 40, ms: 30 }),
      span('model', {
        parent: 'node reasoning',
        at: 41,
        ms: 25,
        attributes: { model: 'rules', inputTokens: '100', outputTokens: '7' },
      }),
      span('node tools', { parent: 'turn', at: 80, ms: 40 }),
      span('tool calendar_list_events', { parent: 'node tools', at: 81, ms: 35, attributes: { position: '0' } }),
      span('send', { parent: 'wake', at: 260, ms: 20, attributes: { reply: 'r1' } }),
    ],
    entries: [
      entry('cosmos', {
        under: 'webhook',
        at: 2,
        path: '/dbs/adjutant/colls/conversations/docs',
        body: '[{"resourceBody":{"type":"message","id":"d1"}}]',
      }),
      entry('servicebus', { under: 'webhook', at: 6, method: 'SEND', path: 'bells' }),
      entry('servicebus', { under: 'webhook', at: 8, method: 'RECEIVE', path: 'bells' }),
      entry('openai', {
        ...{ ...openai, under: 'model', at: 42 },
        body: JSON.stringify({ model: 'rules', instructions: 'Be kind.', input, tools: [{ type: 'function', name: call.name }] }),
        response: JSON.stringify({ output: [call], ...usage(100, 7) }),
      }),
      entry('msgraph', { under: 'tool calendar_list_events', at: 85, ms: 20, method: 'GET', path: '/me/calendarView?top=5' }),
      entry('openai', {
        ...{ ...openai, under: 'node reasoning', at: 45 + 80 },
        body: JSON.stringify({ model: 'rules', input: [...input, call, result] }),
        response: JSON.stringify({ output: [{ type: 'message' }], ...usage(150, 9) }),
      }),
      entry('servicebus', { under: 'webhook', at: 305, method: 'COMPLETE', path: 'bells' }),
      entry('waha', { under: 'send', at: 262, path: '/api/sendText', body: '{"id":"3EB0AA"}', status: 201 }),
    ],
  };
}
