import type { Seed } from './seeds.ts';

const model = 'adjutant-rules-1';
const instructions =
  'You are an assistant.\nNow: 2026-11-21T09:30:00+00:00 (Saturday)\nTime zone: Europe/Lisbon\nPerson: Ana Ribeiro <ana@alderfinch.example>, role admin';
const parameters = {
  type: 'object',
  properties: {
    start: { type: 'string', description: 'ISO 8601 date or local date and time: 2026-12-01 or 2026-12-01T09:00' },
    end: { type: 'string', description: 'ISO 8601' },
    attendees: { type: 'array', items: { type: 'string', format: 'email' }, minItems: 0 },
    subject: { anyOf: [{ type: 'string' }, { type: 'null' }] },
  },
  required: ['start', 'end', 'attendees', 'subject'],
  additionalProperties: false,
};
const tools = [
  { type: 'function', name: 'calendar_create_event', description: 'Creates a meeting.', parameters, strict: true },
  { type: 'function', name: 'calendar_list_events', description: 'Lists the events of a range.', parameters, strict: false },
];
const input = [
  { role: 'user', content: 'Set up a meeting with ben@alderfinch.example tomorrow at 10 for 30 minutes about the budget' },
  {
    type: 'function_call',
    call_id: 'call_1',
    name: 'calendar_list_events',
    arguments: '{"start":"2026-11-21","end":"2026-11-22"}',
  },
  {
    type: 'function_call_output',
    call_id: 'call_1',
    output: '{"events":[{"subject":"Stand-up","start":"2026-11-21T10:00","end":"2026-11-21T10:15"}]}',
  },
  { role: 'user', content: [{ type: 'input_text', text: 'And what about next Tuesday from 3pm to 4?' }] },
];

export const openaiSeeds: readonly Seed[] = [
  { method: 'POST', path: '/v1/responses', json: { model, instructions, input: 'Hello', store: false } },
  {
    method: 'POST',
    path: '/v1/responses',
    json: {
      model,
      instructions,
      input,
      tools,
      tool_choice: 'auto',
      parallel_tool_calls: true,
      max_output_tokens: 500,
      temperature: 0.5,
    },
  },
  {
    method: 'POST',
    path: '/v1/responses',
    json: {
      model,
      instructions,
      input: 'Am I free on Friday between 2 and 3.30 pm, or the 3rd of December at noon?',
      tools,
      stream: true,
    },
  },
  {
    method: 'POST',
    path: '/v1/responses',
    json: {
      model,
      input: 'Move the review of Monday to half past four',
      text: { format: { type: 'json_schema', name: 'answer', strict: true, schema: { ...parameters } } },
      reasoning: { effort: 'low' },
      metadata: { a: 'b' },
    },
  },
  { method: 'POST', path: '/v1/responses/input_tokens', json: { model, input: 'Hello' } },
  { method: 'GET', path: '/v1/responses/resp_1' },
  { method: 'GET', path: '/v1/responses/resp_1/input_items', query: [['order', 'asc']] },
  {
    method: 'POST',
    path: '/v1/embeddings',
    json: { model: 'text-embedding-3-small', input: ['one', 'two'], dimensions: 64, encoding_format: 'float' },
  },
  { method: 'GET', path: '/v1/models' },
  { method: 'GET', path: `/v1/models/${model}` },
];
