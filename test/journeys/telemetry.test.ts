import { expect } from 'vitest';
import { people } from '../../sandbox/seed/people.ts';
import type { CollectedSpan } from '../../sandbox/otlp/collector.ts';
import { metricCatalogue } from '../../shared/telemetry/index.ts';
import { verifies } from '../verifies.ts';
import { ana, ben, dmitri, eva, until, useJourney } from './journey.ts';
import { clientTrace, toldAtOtherDoors, useOtherDoors } from './doors.ts';
import { foundIn, secretsOf } from './secrets.ts';

const journey = useJourney({ environment: { METRICS_SECONDS: '1', VENDOR_TIMEOUT_SECONDS: '3' } });

const booking = 'Book a review with ben@alderfinch.example tomorrow at 3pm';
const question = 'What is on my calendar tomorrow?';

const spans = () => journey.sandbox().collector.spans();

/** The spans of the trace that this message began, once its reply is sent and told of; WAHA's request id joins the two. */
async function traceOf(phone: string, text: string): Promise<CollectedSpan[]> {
  const id = await journey.type(phone, text);
  await journey.answersTo(phone, id);
  const isOwn = ({ messageId, event }: { messageId: string | undefined; event: string }) =>
    messageId === id && event.startsWith('message') && !event.endsWith('ack');
  const ownTrace = () => {
    const requests = journey.sandbox().waha.deliveries().filter(isOwn);
    const webhook = spans().find(({ attributes }) =>
      requests.some(({ requestId }) => attributes['waha.request_id'] === requestId),
    );
    return spans().filter(({ traceId }) => traceId === webhook?.traceId);
  };
  await until(() => ownTrace().some(({ name }) => name === 'wake'));
  return ownTrace();
}

/** Name by name, each under its parent, in the order in which they began; what ended in a moment may have begun in one. */
function treeOf(trace: readonly CollectedSpan[], parent: CollectedSpan | undefined): unknown[] {
  const isRoot = ({ parentSpanId }: CollectedSpan) => !trace.some(({ spanId }) => spanId === parentSpanId);
  const children = trace.filter((span) => (parent ? span.parentSpanId === parent.spanId : isRoot(span)));
  return children
    .toSorted((a, b) => a.startedAt - b.startedAt || trace.indexOf(a) - trace.indexOf(b))
    .map((span) => {
      const below = treeOf(trace, span);
      return below.length === 0 ? span.name : { [span.name]: below };
    });
}

const turnWith = (tools: unknown) => [
  { 'node security': ['sign-in chat'] },
  'node context',
  { 'node reasoning': ['model'] },
  { 'node tools': tools },
  { 'node reasoning': ['model'] },
  'node communication',
  'node remember',
];

verifies('telemetry:one-trace', 'a question and a booking are each one trace from webhook to send', async () => {
  const asked = await traceOf(ben, question);
  const booked = await traceOf(ana, booking);

  expect(treeOf(asked, undefined)).toEqual([
    { webhook: [{ wake: ['lease', { turn: turnWith(['tool calendar_list_events']) }, 'send'] }] },
  ]);
  expect(treeOf(booked, undefined)).toEqual([
    { webhook: [{ wake: ['lease', { turn: turnWith([{ 'tool calendar_create_event': ['write create-event'] }]) }, 'send'] }] },
  ]);
  for (const { attributes } of booked.filter(({ name }) => name === 'model')) {
    expect(attributes).toMatchObject({ model: 'adjutant-rules-1', inputTokens: expect.stringMatching(/^[1-9]\d*$/) as string });
    expect(Number(attributes['outputTokens'])).toBeGreaterThan(0);
  }
});

verifies('telemetry:one-trace', 'every vendor is told under which span it is asked', async () => {
  const trace = await traceOf(ana, question);
  const spanOf = (traceparent = '') => trace.find(({ spanId }) => traceparent.includes(spanId))?.name;
  const entries = journey.sandbox().context.journal.entries();

  const asked = entries.flatMap(({ vendor, path, method, headers }) => {
    const name = headers['traceparent']?.includes(trace[0]?.traceId ?? '') === true ? spanOf(headers['traceparent']) : undefined;
    return name === undefined ? [] : [`${vendor} ${vendor === 'servicebus' ? method : path.split('?')[0]} in ${name}`];
  });

  expect(asked).toEqual(
    expect.arrayContaining([
      'servicebus SEND in webhook',
      'openai /v1/responses in model',
      'msgraph /v1.0/me/calendarView in tool calendar_list_events',
      'waha /api/sendText in send',
    ]) as string[],
  );
});

verifies('telemetry:metrics', 'every metric of the catalogue arrives by its name', async () => {
  await journey.fault({ vendor: 'openai', match: { path: '/responses' }, effect: 'answer', status: 500, times: 2 });
  await journey.ask(dmitri, question);
  const run = await fetch(`${journey.sandbox().applicationUrl}/admin/functions/ring-overdue`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: '{}',
  });
  expect(run.status).toBe(202);
  const metrics = () => journey.sandbox().collector.metrics();
  const all = Object.keys(metricCatalogue);

  const find = (name: string, attributes: object = {}) =>
    metrics().find(
      (metric) => metric.name === name && Object.entries(attributes).every(([key, value]) => metric.attributes[key] === value),
    );
  // What is told of a process is a second old, at most.
  const isTold = () => all.every((name) => find(name)) && (find('adjutant.people.active')?.value ?? 0) >= 3;
  await until(isTold, 30_000);

  for (const name of ['webhook', 'turn', 'model', 'tool', 'send'].map((what) => `adjutant.${what}.duration`))
    expect(find(name)?.histogram).toMatchObject({ p50: expect.any(Number) as number, p95: expect.any(Number) as number });
  expect(find('adjutant.turn.wait')?.histogram?.count).toBeGreaterThanOrEqual(1);
  expect(find('adjutant.errors', { module: 'openai' })).toMatchObject({ attributes: { code: 'upstream' } });
  expect(find('adjutant.events', { event: 'model.failed' })?.value).toBeGreaterThanOrEqual(1);
});

verifies('telemetry:no-personal-data', 'nothing of a person is in any span, metric or line, whatever goes wrong', async () => {
  const seedEva = people.filter(({ phone }) => phone === eva);
  await journey.ask(eva, 'Hello, I am Eva Lindqvist, +46 70 123 45 67');
  await journey.ask(eva, '123456');
  await journey.sandbox().onboard(seedEva);
  const call = { type: 'function_call', call_id: 'c1', name: 'call_Ben_Okafor_15550100002', arguments: '{"to":"Ben Okafor"}' };
  await journey.post('/sandbox/model/script', { replies: [{ match: { contains: 'Phone Ben' }, response: { output: [call] } }] });
  await journey.ask(eva, 'Phone Ben Okafor for me');
  await journey.fault({ vendor: 'msgraph', match: { path: '/me/events' }, effect: 'answer-after-doing', status: 500, times: 1 });
  await journey.fault({ vendor: 'waha', match: { path: '/api/sendText' }, effect: 'drop', times: 1 });
  await journey.ask(ana, 'Book a salary talk with chloe@alderfinch.example tomorrow at 5pm');
  await useOtherDoors(journey);
  await journey.sandbox().stopApplication();

  const bodies = journey
    .sandbox()
    .context.journal.entries('otlp')
    .map(({ body }) => body);
  const exported = [...bodies, journey.sandbox().applicationOutput()].join('\n');
  const secrets = [...(await secretsOf(journey)), ...toldAtOtherDoors];

  expect(foundIn(exported, secrets)).toEqual([]);
  expect(secrets.length).toBeGreaterThan(50);
  // It looks where things are told: ids and events are found.
  const known = ['tool unknown', 'write.outcome-unknown', 'send.outcome-unknown', 'send.repeated', 'adjutant.turn.wait'];
  known.push('mcp.refused', 'erasure.done');
  expect(known.filter((event) => !exported.includes(event))).toEqual([]);
});

verifies('mcp:one-trace', 'what the host says of a request is its place, in the trace that the client began', () => {
  const trace = spans().filter(({ traceId }) => traceId === clientTrace.traceId);
  const requests = trace.filter(({ name }) => name === 'mcp');
  const tools = trace.filter(({ name }) => name === 'tool calendar_create_event');

  expect(tools).toHaveLength(1);
  expect(requests.map(({ spanId }) => spanId)).toContain(tools[0]?.parentSpanId);
  // The host's own span stands between the client's and ours.
  for (const { parentSpanId } of requests) expect([undefined, '', clientTrace.spanId]).not.toContain(parentSpanId);
});
