import { expect } from 'vitest';
import { verifies } from '../../verifies.ts';
import { answered, ask, instructions, startOpenai, user } from './support.ts';

const tool = 'calendar_list_events';
const event = (subject: string, [start, end]: [string, string], more: object = {}) => ({
  ...{ id: subject, subject, start: `2026-11-${start}:00+00:00`, end: `2026-11-${end}:00+00:00`, isAllDay: false, attendees: [] },
  ...more,
});
const day = { start: '2026-11-22T00:00:00', end: '2026-11-23T00:00:00' };
const week = { start: '2026-11-23T00:00:00', end: '2026-11-30T00:00:00' };

verifies('openai:rules-answer', 'a day of events as short lines, with their local times', async () => {
  const { client } = await startOpenai();
  const events = [
    event('Stand-up', ['22T09:00', '22T09:15'], { location: 'Room 1' }),
    event('Call with New York', ['22T15:00', '22T16:00'], { start: '2026-11-22T10:00:00-05:00' }),
    event('Off-site', ['22T00:00', '23T00:00'], { isAllDay: true }),
  ];

  const { text, calls } = await ask(
    client,
    answered("What's on tomorrow?", [{ tool, arguments: day, result: { events, more: true } }]),
  );

  expect(calls).toEqual([]);
  expect(text.split('\n')).toEqual([
    'On your calendar tomorrow:',
    '• 09:00–09:15 Stand-up (Room 1)',
    '• 15:00–16:00 Call with New York',
    '• All day Off-site',
    'There is more than this.',
  ]);
});

verifies('openai:rules-answer', 'a week by its days, and emptiness in words', async () => {
  const { client } = await startOpenai();
  const events = [event('Stand-up', ['23T09:00', '23T09:15']), event('Review', ['25T15:00', '25T16:00'])];
  const told = async (question: string, range: object, result: object) =>
    (await ask(client, answered(question, [{ tool, arguments: range, result }]))).text;

  expect(await told("What's on next week?", week, { events })).toBe(
    'On your calendar next week:\nMon 23 Nov:\n• 09:00–09:15 Stand-up\nWed 25 Nov:\n• 15:00–16:00 Review',
  );
  expect(await told("What's on tomorrow?", day, { events: [] })).toBe('Nothing on your calendar tomorrow.');
  expect(await told("What's on Friday?", { start: '2026-11-27', end: '2026-11-28' }, { events: [] })).toBe(
    'Nothing on your calendar on Friday 27 November.',
  );
});

verifies('openai:rules-answer', 'of a write nothing is claimed, done or not known', async () => {
  const { client } = await startOpenai();
  const question = 'Book a review tomorrow at 3pm';
  const told = async (result: unknown) =>
    (await ask(client, answered(question, [{ tool: 'calendar_create_event', result }]))).text;

  expect(await told({ id: 'e1', subject: 'Review' })).toBe('Here is what happened:');
  expect(await told({ error: 'unknown-outcome', message: 'It may or may not be booked' })).toBe('Here is what happened:');
});

verifies('openai:rules-answer', 'errors in plain words, however they are wrapped', async () => {
  const { client } = await startOpenai();
  const told = async (result: unknown) =>
    (await ask(client, answered('Book a review tomorrow at 3pm', [{ tool: 'calendar_create_event', result }]))).text;
  const said = 'That did not work: That time is in the past.';

  expect(await told({ error: 'invalid-input', tool: 'x', message: 'That time is in the past.' })).toBe(said);
  expect(await told({ error: { code: 'invalid-input', message: 'That time is in the past' } })).toBe(said);
  expect(await told({ isError: true, content: [{ type: 'text', text: '{"message":"That time is in the past."}' }] })).toBe(said);
  expect(await told('Error: That time is in the past.')).toBe(said);
  expect(await told({ error: { code: 'rate-limited' } })).toBe('That did not work: rate limited.');
});

verifies('openai:rules-answer', 'several results in one answer, the neutral line of a write at its end', async () => {
  const { client } = await startOpenai();
  const calls = [
    { tool: 'calendar_create_event', result: { id: 'e1' } },
    {
      tool: 'people_whoami',
      result: { name: 'Ana Ribeiro', email: 'ana@alderfinch.example', role: 'admin', timeZone: 'Europe/Lisbon' },
    },
  ];

  const { text } = await ask(client, answered('Book a review tomorrow at 3pm. Who am I?', calls));

  expect(text).toBe(
    'You are Ana Ribeiro (ana@alderfinch.example), role admin, time zone Europe/Lisbon.\n\nHere is what happened:',
  );
});

verifies('openai:rules-answer', 'results of tools that nobody wrote words for, by their shape', async () => {
  const { client } = await startOpenai();
  const told = async (name: string, result: unknown) =>
    (await ask(client, answered('Go on', [{ tool: name, result }]), { tools: [] })).text;

  expect(await told('help', { examples: ['Who am I?', 'Book a review'] })).toBe('• Who am I?\n• Book a review');
  expect(await told('rooms_list', { rooms: [{ id: 'r1', name: 'Oak', seats: 8 }] })).toBe('• Oak, 8');
  expect(await told('rooms_list', { rooms: [] })).toBe('I found nothing.');
  expect(await told('tickets_count', { openTickets: 12, overdue: false })).toBe('Open tickets: 12\nOverdue: no');
  expect(await told('knowledge_read', 'Plain text')).toBe('Plain text');
  expect(await told('calendar_delete_event', { id: 'e1' })).toBe('Here is what happened:');
});

verifies('openai:rules-answer', 'results are still worded when no more tools may be called', async () => {
  const { client } = await startOpenai();

  const { text } = await ask(client, answered("What's on tomorrow?", [{ tool, arguments: day, result: { events: [] } }]), {
    tools: [],
  });

  expect(text).toBe('Nothing on your calendar tomorrow.');
});

verifies('openai:rules-answer', 'a summary is made of what was said, and shorter', async () => {
  const { client } = await startOpenai();
  const lines = Array.from(
    { length: 40 },
    (_, index) => `user: The budget review number ${index} needs Ben and the budget figures.`,
  );
  const input = [...lines, 'user: ok'].join('\n');

  const { text } = await ask(client, input, {
    instructions: 'Summarise the conversation between a person and their assistant.',
    tools: [],
  });

  expect(text.length).toBeLessThan(input.length / 2);
  expect(text).toContain('budget review');
  for (const sentence of text.split(/(?<=\.)\s/)) expect(input).toContain(sentence);
});

verifies('openai:rules-answer', 'that a file came along is said, and what was written with it is done', async () => {
  const { client } = await startOpenai();
  const note = '[The person attached a file. You cannot open files sent in the chat yet: say so.]';

  const alone = await ask(client, [user(note)]);
  const withText = await ask(client, [user(`Who am I?\n${note}`)], { instructions });

  expect(alone).toEqual({ text: 'I cannot open files sent in the chat yet.', calls: [] });
  expect(withText.calls).toEqual([{ name: 'people_whoami', arguments: {} }]);
});
