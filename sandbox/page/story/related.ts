import { z } from 'zod';
import type { JournalEntry } from '../../kit/journal.ts';
import type { CollectedSpan } from '../../otlp/collector.ts';
import { parseJson } from './json.ts';
import { isSend } from './steps.ts';
import type { StorySources } from './model.ts';
import { placeOf } from './traceparent.ts';

interface Related {
  readonly spans: CollectedSpan[];
  readonly entries: JournalEntry[];
}

/**
 * What belongs to one message: the traces that its webhooks began, or for one of the assistant's the trace it was sent in.
 * A burst is worked in one turn, which continues the trace of its first message and runs under whichever bell came first;
 * so a turn that took the message along is added, and the wake a turn ran in.
 */
export function selectRelated(messageId: string, sources: StorySources): Related {
  const traceIds = new Set([...webhookTraces(messageId, sources), ...sendTraces(messageId, sources)]);
  const within = (span: CollectedSpan) => traceIds.has(span.traceId);
  const turns = new Set([
    ...sources.spans.filter((span) => span.name === 'turn' && within(span)),
    ...turnsTakingAlong(traceIds, sources),
    ...turnsSentIn(messageId, sources),
  ]);
  const wakes = [...turns].flatMap((turn) => wakeOf(turn, sources.spans) ?? []);
  const spanIds = descendants([...turns, ...wakes], sources.spans);
  return {
    spans: sources.spans.filter((span) => within(span) || spanIds.has(span.spanId)),
    entries: sources.entries.filter((entry) => {
      const place = placeOf(entry);
      return place !== undefined && (traceIds.has(place.traceId) || spanIds.has(place.spanId));
    }),
  };
}

/** WAHA's request id joins a message to the span of its webhook. */
function webhookTraces(messageId: string, { deliveries, spans }: StorySources): string[] {
  const requestIds = new Set(
    deliveries
      .filter((delivery) => delivery.messageId === messageId && /^message(\.any)?$/.test(delivery.event))
      .map(({ requestId }) => requestId),
  );
  return spans.filter((span) => requestIds.has(span.attributes['waha.request_id'] ?? '')).map(({ traceId }) => traceId);
}

/** A message of the assistant: the trace of its turn where it was sent in one, else of whatever sent it. */
function sendTraces(messageId: string, sources: StorySources): string[] {
  const turns = turnsSentIn(messageId, sources);
  if (turns.length > 0) return turns.map(({ traceId }) => traceId);
  return sendsOf(messageId, sources).flatMap((entry) => placeOf(entry)?.traceId ?? []);
}

function sendsOf(messageId: string, { entries }: StorySources): JournalEntry[] {
  return entries.filter((entry) => isSend(entry) && [entry.body, entry.response].some((text) => idIn(text)?.endsWith(messageId)));
}

const Sent = z.union([
  z.object({ id: z.string() }).transform(({ id }) => id),
  z.object({ key: z.object({ id: z.string() }) }).transform(({ key }) => key.id),
]);

/** The id that a send asks for or is answered with, by the shape of either engine. */
function idIn(text: string): string | undefined {
  return Sent.safeParse(parseJson(text)).data;
}

function turnsSentIn(messageId: string, sources: StorySources): CollectedSpan[] {
  const { spans } = sources;
  return sendsOf(messageId, sources).flatMap((entry) => {
    const at = Date.parse(entry.at);
    const traceId = placeOf(entry)?.traceId;
    const wake = spans.find((span) => span.traceId === traceId && span.name === 'wake' && covers(span, at, at));
    return wake ? spans.filter((span) => span.name === 'turn' && wakeOf(span, spans) === wake) : [];
  });
}

/** Turns of other traces whose batches wrote the document that this message's webhook created. */
function turnsTakingAlong(traceIds: ReadonlySet<string>, { entries, spans }: StorySources): CollectedSpan[] {
  const writes = entries.flatMap((entry) => {
    const place = placeOf(entry);
    return entry.vendor === 'cosmos' && entry.method === 'POST' && place ? [{ ...place, body: entry.body }] : [];
  });
  const ids = writes.filter(({ traceId }) => traceIds.has(traceId)).flatMap(({ body }) => createdMessages(body));
  const others = writes.filter(({ traceId, body }) => !traceIds.has(traceId) && ids.some((id) => body.includes(`"${id}"`)));
  const taking = new Set(others.map(({ traceId }) => traceId));
  return spans.filter((span) => span.name === 'turn' && taking.has(span.traceId));
}

function createdMessages(body: string): string[] {
  const operations = parseJson(body);
  if (!Array.isArray(operations)) return [];
  return operations.flatMap((operation: { resourceBody?: { type?: unknown; id?: unknown } } | null) => {
    const document = operation?.resourceBody;
    return document?.type === 'message' && typeof document.id === 'string' ? [document.id] : [];
  });
}

/** The wake a turn ran in: of the same conversation, around it in time; the lease lets only one work at a time. */
function wakeOf(turn: CollectedSpan, spans: readonly CollectedSpan[]): CollectedSpan | undefined {
  const wakes = spans.filter(({ name }) => name === 'wake');
  const conversations = new Set(
    wakes.filter(({ traceId }) => traceId === turn.traceId).map(({ attributes }) => attributes.conversation),
  );
  return wakes.find(
    (wake) => conversations.has(wake.attributes.conversation) && covers(wake, turn.startedAt, turn.startedAt + turn.durationMs),
  );
}

// Both ends are whole milliseconds of the application's clock; a stand-in's may round the other way.
const slackMs = 1;

function covers(span: CollectedSpan, from: number, to: number): boolean {
  return span.startedAt <= from + slackMs && span.startedAt + span.durationMs >= to - slackMs;
}

function descendants(roots: readonly CollectedSpan[], spans: readonly CollectedSpan[]): Set<string> {
  const found = new Set(roots.map(({ spanId }) => spanId));
  for (let before = -1; before !== found.size;) {
    before = found.size;
    for (const { spanId, parentSpanId } of spans) if (found.has(parentSpanId ?? '')) found.add(spanId);
  }
  return found;
}
