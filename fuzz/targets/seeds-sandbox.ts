import type { Seed } from './seeds.ts';

const nano = '1795221875000000000';
const span = {
  ...{
    traceId: '0123456789abcdef0123456789abcdef',
    spanId: '0123456789abcdef',
    parentSpanId: '',
    name: 'turn',
    kind: 1,
    startTimeUnixNano: nano,
    endTimeUnixNano: nano,
  },
  attributes: [
    { key: 'a', value: { stringValue: 'b' } },
    { key: 'n', value: { intValue: '5' } },
  ],
  status: { code: 1 },
};
const resource = { attributes: [{ key: 'service.name', value: { stringValue: 'adjutant' } }] };
const point = {
  asInt: '3',
  timeUnixNano: nano,
  startTimeUnixNano: nano,
  attributes: [{ key: 'state', value: { stringValue: 'x' } }],
};

export const otlpSeeds: readonly Seed[] = [
  {
    method: 'POST',
    path: '/v1/traces',
    json: { resourceSpans: [{ resource, scopeSpans: [{ scope: { name: 'a' }, spans: [span] }] }] },
  },
  {
    method: 'POST',
    path: '/v1/metrics',
    json: {
      resourceMetrics: [
        {
          resource,
          scopeMetrics: [
            {
              scope: { name: 'a' },
              metrics: [{ name: 'm', unit: '1', sum: { aggregationTemporality: 2, isMonotonic: true, dataPoints: [point] } }],
            },
          ],
        },
      ],
    },
  },
  { method: 'GET', path: '/metrics' },
];

const ana = '+15550100001';

/** Without what would hang, fail or move time when it is right: the others are still to be served. */
export const controlSeeds: readonly Seed[] = [
  { method: 'GET', path: '/sandbox/status' },
  { method: 'POST', path: '/sandbox/messages', json: { from: ana, text: 'Good morning' } },
  { method: 'GET', path: `/sandbox/chats/${encodeURIComponent(ana)}`, query: [['after', 'x']] },
  { method: 'GET', path: '/sandbox/people' },
  { method: 'GET', path: '/sandbox/queues' },
  { method: 'GET', path: '/sandbox/mailbox/ana@alderfinch.example' },
  { method: 'POST', path: '/sandbox/token', json: { person: ana, audience: 'msgraph' } },
  {
    method: 'POST',
    path: '/sandbox/model/script',
    json: {
      replies: [{ match: { contains: 'never said', model: 'none' }, response: { output: [{ type: 'message', content: [] }] } }],
    },
  },
  {
    method: 'POST',
    path: '/sandbox/faults',
    json: { vendor: 'otlp', match: { path: '/nowhere', bodyMatches: 'a+' }, effect: 'answer', status: 503, times: 1 },
  },
  { method: 'GET', path: '/sandbox/requests', query: [['vendor', 'otlp']] },
  { method: 'POST', path: '/sandbox/clock', json: { advanceSeconds: 'soon' } },
  { method: 'GET', path: '/' },
  { method: 'GET', path: '/api.js' },
];
