import { expect } from 'vitest';
import { verifies } from '../../verifies.ts';
import { ask, startOpenai } from './support.ts';

interface Times {
  readonly start: string;
  readonly end: string;
}

async function startTold() {
  const { client } = await startOpenai();
  return {
    /** What is listed for a phrase: `22T00:00–23T00:00` of November 2026. */
    listed: async (when: string, instructions?: string) => {
      const { calls } = await ask(client, `What is on my calendar ${when}?`, instructions === undefined ? {} : { instructions });
      const { start, end } = calls[0]?.arguments as Times;
      return `${start.slice(5, 16)}–${end.slice(5, 16)}`;
    },
    booked: async (when: string, instructions?: string) => {
      const { calls, text } = await ask(client, `Book a review ${when}`, instructions === undefined ? {} : { instructions });
      const { start, end } = (calls[0]?.arguments ?? { start: text, end: '' }) as Times;
      return end === '' ? start : `${start.slice(5, 16)}–${end.slice(11, 16)}`;
    },
  };
}

const ranges: readonly [string, string][] = [
  ['today', '11-21T00:00–11-22T00:00'],
  ['tomorrow', '11-22T00:00–11-23T00:00'],
  ['yesterday', '11-20T00:00–11-21T00:00'],
  ['this afternoon', '11-21T12:00–11-21T18:00'],
  ['tonight', '11-21T18:00–11-22T00:00'],
  ['tomorrow morning', '11-22T06:00–11-22T12:00'],
  ['on Friday', '11-27T00:00–11-28T00:00'],
  ['this week', '11-16T00:00–11-23T00:00'],
  ['next week', '11-23T00:00–11-30T00:00'],
  ['next month', '12-01T00:00–01-01T00:00'],
  ['in the next three days', '11-21T09:30–11-25T00:00'],
  ['today and tomorrow', '11-21T00:00–11-23T00:00'],
  ['from Monday to Wednesday', '11-23T00:00–11-26T00:00'],
  ['tomorrow after 3pm', '11-22T15:00–11-23T00:00'],
  ['tomorrow before noon', '11-22T00:00–11-22T12:00'],
  ['on 3/12', '12-03T00:00–12-04T00:00'],
];

verifies('openai:rules-dates', 'stretches of time', async () => {
  const { listed } = await startTold();

  const read = await Promise.all(ranges.map(async ([when]) => [when, await listed(when)]));

  expect(read).toEqual(ranges);
});

const moments: readonly [string, string][] = [
  ['tomorrow at 3pm', '11-22T15:00–15:30'],
  ['next Tuesday 3pm', '11-24T15:00–15:30'],
  ['in two hours', '11-21T11:30–12:00'],
  ['on 3 December at 10:30 for 45 minutes', '12-03T10:30–11:15'],
  ['tomorrow at 3', '11-22T15:00–15:30'],
  ['tomorrow at 03:00', '11-22T03:00–03:30'],
  ['tomorrow at 9', '11-22T09:00–09:30'],
  ['at 3pm', '11-21T15:00–15:30'],
  ['at 8am', '11-22T08:00–08:30'],
  ['tomorrow from 3 to 4pm', '11-22T15:00–16:00'],
  ['on Monday between 11 and 1', '11-23T11:00–13:00'],
  ['tomorrow at noon for an hour and a half', '11-22T12:00–13:30'],
  ['on the 5th at half past two', '12-05T14:30–15:00'],
  ['tomorrow at quarter to five', '11-22T16:45–17:15'],
  ['tomorrow at 14h', '11-22T14:00–14:30'],
  ['on Friday at 8 in the evening', '11-27T20:00–20:30'],
  ['tomorrow at three for 2h', '11-22T15:00–17:00'],
  ['tomorrow at 15:00 UTC', '11-22T15:00–15:30'],
  ['tomorrow at 3pm New York time', '11-22T20:00–20:30'],
];

verifies('openai:rules-dates', 'moments and lengths', async () => {
  const { booked } = await startTold();

  const read = await Promise.all(moments.map(async ([when]) => [when, await booked(when)]));

  expect(read).toEqual(moments);
});

verifies(
  'openai:rules-dates',
  'all in the zone that the prompt states, across its changes of the clock; else in UTC',
  async () => {
    const { booked, listed } = await startTold();
    const late = 'Now: 2026-03-28T23:30:00-04:00\nThe time zone of the person matters.\nTime zone: America/New_York';
    const eve = 'Now: 2026-03-28T12:00:00Z\nTime zone: Europe/Berlin';

    const [tomorrow, american] = [await listed('tomorrow', late), await booked('on 4/5 at 9', late)];
    const [overnight, nextDay] = [await booked('in 24 hours', eve), await booked('tomorrow at 10', eve)];
    const unstated = await booked('in two hours', 'Now: 2026-11-21T09:30:00+01:00');

    expect(tomorrow).toBe('03-29T00:00–03-30T00:00');
    expect(american).toBe('04-05T09:00–09:30');
    // Clocks go forward that night: 24 hours later is 14:00 where it was 13:00.
    expect(overnight).toBe('03-29T14:00–14:30');
    expect(nextDay).toBe('03-29T10:00–10:30');
    expect(unstated).toBe('11-21T10:30–11:00');
  },
);

verifies('openai:rules-dates', 'what stands in quotations and addresses is no date', async () => {
  const { client } = await startOpenai();

  const { calls } = await ask(client, 'Book a call titled "Monday at 8 review" with may@alderfinch.example tomorrow at 11');

  expect(calls[0]?.arguments).toMatchObject({ subject: 'Monday at 8 review', start: '2026-11-22T11:00:00' });
});
