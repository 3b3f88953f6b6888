import type { JournalEntry } from '../../kit/journal.ts';
import type { CollectedSpan } from '../../otlp/collector.ts';
import type { WebhookDelivery } from '../../waha/waha.ts';
import { isModelCall, type ToolCall } from './calls.ts';
import { modelDetails, modelTokens, requestDetails } from './details.ts';
import { prettyJson } from './json.ts';
import type { StepKind, StoryDetail } from './model.ts';
import { placeOf } from './traceparent.ts';
import type { Placed } from './tree.ts';

const spanKinds: Readonly<Record<string, StepKind>> = {
  webhook: 'webhook',
  wake: 'wake',
  lease: 'lease',
  turn: 'turn',
  node: 'node',
  model: 'model',
  tool: 'tool',
  write: 'write',
  send: 'send',
};

/** A span of the application; what a tool was given and answered is known from the model's side. */
export function spanStep(
  span: CollectedSpan,
  known: { call: ToolCall | undefined; deliveries: readonly WebhookDelivery[] },
): Placed {
  const [word = '', ...rest] = span.name.split(' ');
  const kind = spanKinds[word] ?? 'step';
  const name = rest.join(' ');
  return {
    id: span.spanId,
    kind,
    title: kind === 'step' ? span.name : (spanTitles[span.name] ?? name),
    startedAt: span.startedAt,
    durationMs: span.durationMs,
    failed: span.failed || span.attributes.outcome === 'failed',
    facts: spanFacts(span, known.deliveries),
    details: [...callDetails(known.call), ...attributeDetails(span)],
    spanId: span.spanId,
    parentSpanId: span.parentSpanId,
    stands: kind === 'wake' ? 'beside' : 'within',
    isEntry: false,
    tokens: 0,
  };
}

function spanFacts({ attributes }: CollectedSpan, deliveries: readonly WebhookDelivery[]): string[] {
  const delivery = deliveries.find(({ requestId }) => requestId === attributes['waha.request_id']);
  const told = [attributes.kind, attributes.outcome, attributes.reason, attributes.lease, attributes.model];
  const tokens =
    attributes.inputTokens === undefined ? [] : [`${attributes.inputTokens} → ${attributes.outputTokens ?? '?'} tokens`];
  return [
    ...told.filter((fact) => fact !== undefined && fact !== ''),
    ...tokens,
    ...(attributes.fallback === 'true' ? ['second model'] : []),
    ...(attributes.resumed === 'true' ? ['resumed'] : []),
    ...(attributes.settled === undefined ? [] : [`settled: ${attributes.settled}`]),
    ...(delivery ? [`answered ${delivery.answered ?? 'nothing'}`] : []),
    ...(delivery && delivery.attempts > 1 ? [`${delivery.attempts} attempts`] : []),
  ].filter((fact) => fact !== undefined);
}

function callDetails(call: ToolCall | undefined): StoryDetail[] {
  if (!call) return [];
  return [
    { title: 'Arguments', text: prettyJson(call.arguments) },
    { title: 'Result', text: call.result === undefined ? 'not told to the model (yet)' : prettyJson(call.result) },
  ];
}

function attributeDetails({ attributes, traceId, spanId }: CollectedSpan): StoryDetail[] {
  return [{ title: 'Span', text: JSON.stringify({ traceId, spanId, ...attributes }, undefined, 2) }];
}

const spanTitles: Readonly<Record<string, string>> = {
  webhook: 'from WAHA',
  wake: 'at a bell',
  lease: 'of the conversation',
  turn: 'due messages worked off',
  model: 'asked',
  send: 'the reply',
};

const storageVendors: readonly string[] = ['cosmos', 'postgres', 'storage'];

/** A request that a stand-in was sent. */
export function entryStep(entry: JournalEntry): Placed {
  const kind = entryKind(entry);
  const tokens = kind === 'model' ? modelTokens(entry) : undefined;
  const status = entry.status === 0 ? 'no answer' : String(entry.status);
  return {
    id: `${entry.vendor}-${entry.at}-${entry.method}`.replaceAll(/[^\w-]/g, '_'),
    kind,
    title: entryTitle(entry, kind),
    startedAt: Date.parse(entry.at),
    durationMs: entry.durationMs,
    failed: isFailure(entry, kind),
    facts: [
      ...(kind === 'bell' && entry.status === 200 ? [] : [status]),
      ...(tokens ? [`${tokens.input} → ${tokens.output} tokens`] : []),
    ],
    details: kind === 'model' ? modelDetails(entry) : requestDetails(entry),
    spanId: undefined,
    parentSpanId: placeOf(entry)?.spanId,
    // The bell is rung within a span; it is delivered, done and dropped by the broker's own time.
    stands: kind === 'bell' && entry.method !== 'SEND' && entry.method !== 'SCHEDULE' ? 'beside' : 'within',
    isEntry: true,
    tokens: tokens ? tokens.input + tokens.output : 0,
  };
}

/** Whether WAHA was asked to send something. */
export const isSend = ({ vendor, method, path }: JournalEntry): boolean =>
  vendor === 'waha' && method === 'POST' && /^\/api\/send(?!Seen)/.test(path);

function entryKind(entry: JournalEntry): StepKind {
  if (entry.vendor === 'servicebus') return entry.method === 'RENEW-LOCK' ? 'storage' : 'bell';
  if (isModelCall(entry)) return 'model';
  if (isSend(entry)) return 'send';
  return storageVendors.includes(entry.vendor) ? 'storage' : 'vendor';
}

/** Not there, there already, changed meanwhile: of a store those are answers, not failures. */
function isFailure({ status }: JournalEntry, kind: StepKind): boolean {
  if (status === 0 || status === 429 || status >= 500) return true;
  return status >= 400 && !(kind === 'storage' && [404, 409, 412].includes(status));
}

const bellTitles: Readonly<Record<string, string>> = {
  SEND: 'rung',
  SCHEDULE: 'set for later',
  RECEIVE: 'delivered',
  COMPLETE: 'done',
  ABANDON: 'given back',
  'DEAD-LETTER': 'dead-lettered',
};

function entryTitle({ vendor, method, path, body }: JournalEntry, kind: StepKind): string {
  if (kind === 'bell') return bellTitles[method] ?? method.toLowerCase();
  if (kind === 'model') return modelName(body);
  const [shown = ''] = path.split('?');
  // Of Cosmos the container tells most, the rest of its path are ids; of others the version tells nothing.
  const named =
    vendor === 'cosmos' ? (/\/colls\/([^/]+)/.exec(shown)?.[1] ?? shown) : decodePath(shown.replace(/^\/(v1\.0|api)\//, '/'));
  return `${vendor} ${method} ${named}`;
}

function modelName(body: string): string {
  return /"model":"([^"\\]+)"/.exec(body)?.[1] ?? 'model';
}

function decodePath(path: string): string {
  try {
    return decodeURIComponent(path);
  } catch {
    return path;
  }
}
