import { expect } from 'vitest';
import { createMsgraphCalendar } from '../../shared/adapters/msgraph/calendar.ts';
import { createMsgraphDirectory } from '../../shared/adapters/msgraph/directory.ts';
import { createWahaMessenger } from '../../shared/adapters/waha/messenger.ts';
import { verifies } from '../verifies.ts';

const day = { start: '2026-12-01T00:00:00Z', end: '2026-12-02T00:00:00Z', timeZone: 'UTC', limit: 500 };
const event = { subject: 'Standup', start: '2026-12-01T09:00:00', end: '2026-12-01T09:15:00', timeZone: 'UTC', attendees: [] };
const never = new AbortController().signal;

/** Both vendors, answering whatever `answer` makes of the address asked. */
function answering(answer: (url: string) => unknown) {
  const asked: string[] = [];
  const fetch = (input: string | URL | Request) => {
    const url = input instanceof Request ? input.url : input.toString();
    asked.push(url);
    return Promise.resolve(Response.json(answer(url)));
  };
  const graph = { baseUrl: 'https://graph.example/', timeoutMs: 1_000, tokenFor: () => Promise.resolve('t'), fetch };
  return {
    asked,
    calendar: createMsgraphCalendar(graph),
    directory: createMsgraphDirectory(graph),
    messenger: createWahaMessenger({
      ...{ baseUrl: 'https://waha.example', apiKey: 'k', wahaSession: 'default', timeoutMs: 1_000, fetch },
    }),
  };
}

verifies('adapters:errors', 'an answer in another shape is trouble of the vendor, and what was asked may be done', async () => {
  const { calendar, directory, messenger } = answering(() => ({ is: 'something else' }));

  const answers = await Promise.allSettled([
    calendar.listEvents('ana', day),
    calendar.createEvent('ana', event).perform('k1', never),
    directory.findByEmail('ana', 'bo@alderfinch.example'),
    directory.loadProfile('ana'),
    messenger.listIncoming({ sinceMs: 0, untilMs: Date.now(), limit: 1, offset: 0 }),
    messenger.status(),
  ]);

  const upstream = { code: 'upstream', maybeDone: true };
  expect(answers).toMatchObject([
    ...Array.from({ length: 4 }, () => ({ reason: { ...upstream, vendor: 'msgraph' } })),
    ...Array.from({ length: 2 }, () => ({ reason: { ...upstream, vendor: 'waha' } })),
  ]);
});

verifies('adapters:calendar', 'a next page stands where Graph is, whether its address was set with a slash or not', async () => {
  const { calendar, asked } = answering((url) =>
    url.includes('skip') ? { value: [] } : { value: [], '@odata.nextLink': 'https://graph.example/v1.0/me/calendarView?skip=1' },
  );

  await calendar.listEvents('ana', day);

  expect(asked[0]).toMatch(/^https:\/\/graph\.example\/v1\.0\/me\/calendarView\?/);
  expect(asked[1]).toBe('https://graph.example/v1.0/me/calendarView?skip=1');
});
