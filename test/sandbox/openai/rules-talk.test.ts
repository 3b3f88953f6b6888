import { expect } from 'vitest';
import { verifies } from '../../verifies.ts';
import { answered, ask, assistant, startOpenai, user } from './support.ts';

const booking = {
  subject: 'Meeting with Ben',
  start: '2026-11-22T15:00:00',
  end: '2026-11-22T15:30:00',
  attendees: ['ben@alderfinch.example'],
};

verifies('openai:rules-ask', 'for the time, the day, the length of nothing, and the address behind a name', async () => {
  const { client } = await startOpenai();
  const said = async (text: string) => {
    const { text: answer, calls } = await ask(client, text);
    return [answer, calls.length];
  };

  expect(await said('Book a meeting with ben@alderfinch.example tomorrow')).toEqual(['At what time should I book it?', 0]);
  expect(await said('Book a meeting next week')).toEqual(['On which day should it be?', 0]);
  expect(await said('Book a meeting')).toEqual(['When should it be?', 0]);
  expect(await said('Book a meeting with Ben tomorrow at 3pm')).toEqual(["What is Ben's e-mail address?", 0]);
});

verifies('openai:rules-ask', 'the answer completes the request, over as many questions as it takes', async () => {
  const { client } = await startOpenai();
  const history = [user('Book a meeting with Ben'), assistant('When should it be?'), user('tomorrow')];

  const second = await ask(client, history);
  const third = await ask(client, [...history, assistant(second.text), user('at 3pm')]);
  const fourth = await ask(client, [
    ...history,
    assistant(second.text),
    user('at 3pm'),
    assistant(third.text),
    user('It is bo@alderfinch.example'),
  ]);

  expect(second.text).toBe('At what time should I book it?');
  expect(third.text).toBe("What is Ben's e-mail address?");
  expect(fourth.calls).toEqual([
    { name: 'calendar_create_event', arguments: { ...booking, attendees: ['bo@alderfinch.example'] } },
  ]);
});

verifies('openai:rules-ask', 'a later word goes before an earlier one', async () => {
  const { client } = await startOpenai();

  const { calls } = await ask(client, [
    user('Book a meeting with Ben tomorrow at 2pm'),
    assistant("What is Ben's e-mail address?"),
    user('ben@alderfinch.example, and make it 3pm'),
  ]);

  expect(calls).toEqual([{ name: 'calendar_create_event', arguments: booking }]);
});

verifies('openai:rules-ask', 'who changes the subject, gives up or merely agrees completes nothing', async () => {
  const { client } = await startOpenai();
  const asked = [user('Book a meeting with ben@alderfinch.example tomorrow'), assistant('At what time should I book it?')];
  const done = [
    user('Book a meeting with ben@alderfinch.example tomorrow at 3pm'),
    assistant('Here is what happened:\n\n✓ Booked. Anything else?'),
  ];

  const changed = await ask(client, [...asked, user('Who am I?')]);
  const givenUp = await ask(client, [...asked, user('never mind')]);
  const agreed = await ask(client, [...done, user('yes, at 4pm')]);

  expect(changed.calls).toEqual([{ name: 'people_whoami', arguments: {} }]);
  expect(givenUp).toEqual({ text: 'All right, I leave it at that.', calls: [] });
  expect(agreed.calls).toEqual([]);
});

verifies('openai:rules-several', 'requests of several messages and of one are called for together', async () => {
  const { client } = await startOpenai();
  const names = async (...messages: string[]) => (await ask(client, messages.map(user))).calls.map(({ name }) => name);

  expect(await names("What's on today?", 'who am I?')).toEqual(['calendar_list_events', 'people_whoami']);
  expect(await names("What's on today and who am I?")).toEqual(['calendar_list_events', 'people_whoami']);
  expect(await names("What's on today? And also book lunch with ben@alderfinch.example tomorrow at 1pm")).toEqual([
    'calendar_list_events',
    'calendar_create_event',
  ]);
});

verifies(
  'openai:rules-several',
  'a message that asks for nothing itself belongs to the one before; a day is carried on',
  async () => {
    const { client } = await startOpenai();

    const burst = await ask(client, [user('Book a meeting with ben@alderfinch.example'), user('tomorrow'), user('3pm')]);
    const carried = await ask(client, "What's on tomorrow, and book a meeting with ben@alderfinch.example at 3pm");
    const two = await ask(client, 'Book lunch tomorrow at 1pm. Also book dinner on Monday at 8pm.');

    expect(burst.calls).toEqual([{ name: 'calendar_create_event', arguments: booking }]);
    expect(carried.calls[1]).toEqual({ name: 'calendar_create_event', arguments: booking });
    expect(two.calls).toMatchObject([
      { arguments: { subject: 'Lunch', start: '2026-11-22T13:00:00' } },
      { arguments: { subject: 'Dinner', start: '2026-11-23T20:00:00' } },
    ]);
  },
);

verifies('openai:rules-several', 'what can be done is done first; then the rest is asked for', async () => {
  const { client } = await startOpenai();
  const question = "What's on tomorrow? And book a meeting with Ben at 3pm";
  const range = { start: '2026-11-22T00:00:00', end: '2026-11-23T00:00:00' };

  const first = await ask(client, question);
  const second = await ask(
    client,
    answered(question, [{ tool: 'calendar_list_events', arguments: range, result: { events: [] } }]),
  );

  expect(first.calls.map(({ name }) => name)).toEqual(['calendar_list_events']);
  expect(second).toEqual({ text: "Nothing on your calendar tomorrow.\n\nWhat is Ben's e-mail address?", calls: [] });
});

verifies('openai:rules-several', 'a call that was made is not made again, even where the moment has moved on', async () => {
  const { client } = await startOpenai();
  const question = 'Book a review in two hours. Also book a call in three hours';
  const made = { subject: 'Review', start: '2026-11-21T11:29:00', end: '2026-11-21T11:59:00', attendees: [] };

  const { calls } = await ask(
    client,
    answered(question, [{ tool: 'calendar_create_event', arguments: made, result: { id: 'e1' } }]),
  );

  expect(calls).toHaveLength(1);
  expect(calls).toMatchObject([{ arguments: { subject: 'Call', start: '2026-11-21T12:30:00' } }]);
});
