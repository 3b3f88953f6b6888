import { expect } from 'vitest';
import { tellStory } from '../../../sandbox/page/story/story.ts';
import { verifies } from '../../verifies.ts';
import { delivery, entry, nothing, outline, span, stepsOf, wholeMessage } from './told.ts';

verifies('page:story', 'a message is told from webhook to send, each call under the span that made it', () => {
  const story = tellStory('M1', wholeMessage());

  expect(outline(story)).toEqual([
    'webhook from WAHA',
    '  storage cosmos POST conversations',
    '  bell rung',
    'bell delivered',
    'wake at a bell',
    '  lease of the conversation',
    '  turn due messages worked off',
    '    node reasoning',
    '      model asked',
    '        model rules',
    '      model rules',
    '    node tools',
    '      tool calendar_list_events',
    '        vendor msgraph GET /me/calendarView',
    '  send the reply',
    '    send waha POST /sendText',
    'bell done',
  ]);
  expect(story).toMatchObject({ startedAt: '2026-11-21T09:30:00.000Z', answeredMs: 263 });
  expect(story.totals).toEqual({ model: 2, tools: 1, vendor: 2, storage: 1, tokens: 266 });
});

verifies('page:story', 'a tool call shows its arguments and result, from what the model was sent', () => {
  const story = tellStory('M1', wholeMessage());

  const tool = stepsOf(story).find(({ kind }) => kind === 'tool');
  expect(tool?.details.slice(0, 2)).toEqual([
    { title: 'Arguments', text: '{\n  "day": "tomorrow"\n}' },
    { title: 'Result', text: '{\n  "events": [\n    {\n      "subject": "Budget"\n    }\n  ]\n}' },
  ]);
  expect(tool).toMatchObject({ startMs: 81, durationMs: 35 });
});

verifies('page:story', 'a tool call is found though the stand-in noted the end of its answer after the tool began', () => {
  const { spans, entries, deliveries } = wholeMessage();
  const slow = entries.map((each) => (each.body.includes('Be kind.') ? { ...each, durationMs: 60 } : each));

  const story = tellStory('M1', { spans, deliveries, entries: slow });

  expect(stepsOf(story).find(({ kind }) => kind === 'tool')?.details[0]?.title).toBe('Arguments');
});

verifies('page:story', 'a tool whose result the model was never told says so; another call at its position is not it', () => {
  const { spans, entries, deliveries } = wholeMessage();
  const untold = tellStory('M1', { spans, deliveries, entries: entries.filter(({ body }) => !body.includes('call_output')) });
  const renamed = spans.map((each) => (each.name.startsWith('tool') ? { ...each, name: 'tool other' } : each));

  const other = tellStory('M1', { spans: renamed, entries, deliveries });

  const details = (story: typeof other) =>
    stepsOf(story)
      .find(({ kind }) => kind === 'tool')
      ?.details.map(({ text }) => text);
  expect(details(untold)?.[1]).toBe('not told to the model (yet)');
  expect(details(other)).toHaveLength(1);
});

verifies('page:story', 'a model call shows instructions, input, tools by name, answer and tokens', () => {
  const story = tellStory('M1', wholeMessage());

  const model = stepsOf(story).find(({ kind, facts }) => kind === 'model' && facts.includes('200'));
  expect(model?.facts).toEqual(['200', '100 → 7 tokens']);
  expect(model?.details.map(({ title }) => title)).toEqual(['Instructions', 'Input', 'Tools (1)', 'Settings', 'Answer']);
  expect(model?.details[4]?.text).toContain('"name": "calendar_list_events"');
});

verifies('page:story', 'the answer of the assistant has the same story as what it answers', () => {
  const sources = wholeMessage();

  expect(outline(tellStory('3EB0AA', sources))).toEqual(outline(tellStory('M1', sources)));
});

verifies('page:story', 'what failed is marked: a span, a refusal, a request without an answer', () => {
  const story = tellStory('M1', {
    deliveries: [delivery('M1', 'request-1', { attempts: 3, answered: 503, status: 'pending' })],
    spans: [span('webhook', { at: 0, ms: 9, failed: true, attributes: { 'waha.request_id': 'request-1' } })],
    entries: [
      entry('cosmos', { under: 'webhook', at: 1, status: 503 }),
      entry('cosmos', { under: 'webhook', at: 2, status: 0 }),
      entry('cosmos', { under: 'webhook', at: 3, status: 404 }),
      entry('msgraph', { under: 'webhook', at: 4, status: 404 }),
    ],
  });

  expect(stepsOf(story).map(({ failed, facts }) => [failed, ...facts])).toEqual([
    [true, 'answered 503', '3 attempts'],
    [true, '503'],
    [true, 'no answer'],
    [false, '404'],
    [true, '404'],
  ]);
});

verifies('page:story', 'messages of a burst share the turn; the wake it ran in belongs to both', () => {
  const sources = wholeMessage();
  const burst = {
    deliveries: [...sources.deliveries, delivery('M2', 'request-2')],
    spans: [
      ...sources.spans,
      span('webhook', { trace: 'two', id: 'webhook2', at: 3, ms: 10, attributes: { 'waha.request_id': 'request-2' } }),
      span('wake', { trace: 'two', id: 'wake2', parent: 'webhook2', at: 310, ms: 5, attributes: { conversation: 'c1' } }),
    ],
    entries: [
      ...sources.entries,
      entry('cosmos', {
        trace: 'two',
        under: 'webhook2',
        at: 5,
        path: '/colls/conversations/docs',
        body: '[{"resourceBody":{"type":"message","id":"d2"}}]',
      }),
      entry('cosmos', { under: 'turn', at: 35, path: '/batch', body: '[{"operationType":"Patch","id":"d1"},{"id":"d2"}]' }),
    ],
  };

  const [first, second] = [outline(tellStory('M1', burst)), outline(tellStory('M2', burst))];

  expect(first.filter((line) => /^(webhook|wake)/.test(line))).toEqual(['webhook from WAHA', 'wake at a bell']);
  expect(second.filter((line) => !/^ {3}/.test(line))).toEqual([
    'webhook from WAHA',
    '  storage cosmos POST conversations',
    'wake at a bell',
    '  lease of the conversation',
    '  turn due messages worked off',
    '  send the reply',
    'wake at a bell',
  ]);
  expect(second).toContain('      tool calendar_list_events');
});

verifies('page:story', 'a turn under the bell of another message brings along the wake it ran in, and nothing else of it', () => {
  const { deliveries, spans, entries } = wholeMessage();
  const moved = spans.map((each) => ({ ...each, ...(/^(wake|lease|send)$/.test(each.name) ? { traceId: 'f'.repeat(32) } : {}) }));
  const other = span('webhook', { id: 'other', at: -9, ms: 3, attributes: { 'waha.request_id': 'request-0' } });
  const own = span('wake', { id: 'late', parent: 'webhook', at: 400, ms: 3, attributes: { conversation: 'c1' } });
  const sources = { deliveries, entries, spans: [...moved, own, { ...other, traceId: 'f'.repeat(32) }] };

  const lines = outline(tellStory('M1', sources)).filter((line) => !/^ {3}/.test(line) && !/^ *(bell|storage)/.test(line));

  expect(lines).toEqual([
    'webhook from WAHA',
    'wake at a bell',
    '  lease of the conversation',
    '  turn due messages worked off',
    '  send the reply',
    'wake at a bell',
  ]);
});

verifies('page:story', 'a message of nobody’s turn is told by the trace it was sent in; other traces stay out', () => {
  const sources = {
    ...nothing,
    spans: [span('send-reminders', { trace: 'timer', at: 0, ms: 90 }), span('webhook', { trace: 'else', id: 'w', at: 0, ms: 1 })],
    entries: [
      entry('waha', { trace: 'timer', under: 'send-reminders', at: 5, path: '/api/sendText', body: '{"id":"3EB0BB"}' }),
      entry('waha', { trace: 'else', under: 'w', at: 6, method: 'GET', path: '/api/messages/3EB0BB' }),
      entry('waha', { trace: 'else', under: 'w', at: 7, path: '/api/sendSeen', body: '{"id":"3EB0BB"}' }),
      entry('waha', { trace: 'else', under: 'w', at: 8, path: '/api/sendText', body: '{"id":"3EB0CC","reply_to":"3EB0BB"}' }),
    ],
  };

  expect(outline(tellStory('3EB0BB', sources))).toEqual(['step send-reminders', '  send waha POST /sendText']);
});

verifies('page:story', 'what is not known yet is an empty story, and a span whose parent is still open stands for itself', () => {
  const { spans, deliveries, entries } = wholeMessage();
  const early = spans.filter(({ name }) => name === 'webhook' || name === 'lease');

  expect(tellStory('M9', wholeMessage())).toEqual({
    ...{ messageId: 'M9', startedAt: null, answeredMs: null, steps: [] },
    totals: { model: 0, tools: 0, vendor: 0, storage: 0, tokens: 0 },
  });
  expect(outline(tellStory('M1', { spans: early, deliveries, entries: entries.slice(0, 1) }))).toEqual([
    'webhook from WAHA',
    '  storage cosmos POST conversations',
    'lease of the conversation',
  ]);
});

verifies('page:story', 'bodies cut short or of another shape are shown as they are', () => {
  const { spans, deliveries } = wholeMessage();
  const cut = { path: '/v1/responses', body: '{"model":"rules","input":[{"ro', response: '{"output":[{"ty' };

  const story = tellStory('M1', { spans, deliveries, entries: [entry('openai', { under: 'model', at: 42, ...cut })] });

  const model = stepsOf(story).find(({ id }) => id.startsWith('openai'));
  expect(model?.details.map(({ text }) => text)).toEqual([`POST /v1/responses\n\n${cut.body}`, `200\n\n${cut.response}`]);
});

verifies('page:story', 'the ids of steps stay the same over repeated tellings and differ within one', () => {
  const sources = wholeMessage();
  const twins = { ...sources, entries: [...sources.entries, ...sources.entries.slice(0, 1)] };

  const ids = stepsOf(tellStory('M1', twins)).map(({ id }) => id);

  expect(new Set(ids).size).toBe(ids.length);
  expect(stepsOf(tellStory('M1', twins)).map(({ id }) => id)).toEqual(ids);
});
