import { expect } from 'vitest';
import { datesOf } from '../../../sandbox/msgraph/calendar/recurrence.ts';
import type { Recurrence } from '../../../sandbox/msgraph/calendar/model.ts';
import { verifies } from '../../verifies.ts';
import { emailOf, errorOf, invited, listOf, meeting, startMsgraph, type GraphAnswer } from './start.ts';

const weekly = {
  pattern: { type: 'weekly', interval: 1, daysOfWeek: ['Tuesday', 'thursday'], firstDayOfWeek: 'sunday' },
  range: { type: 'endDate', startDate: '2027-01-12', endDate: '2027-01-21' },
};
const january = 'startDateTime=2027-01-01T00:00:00Z&endDateTime=2027-02-01T00:00:00Z&$orderby=start/dateTime';
const starts = (answer: GraphAnswer) => listOf(answer).map(({ start }) => (start as { dateTime: string }).dateTime.slice(0, 16));

async function startWithSeries() {
  const started = await startMsgraph();
  const created = await started.call('ana', 'POST /me/events', {
    body: meeting({ attendees: invited('ben'), recurrence: weekly }),
  });
  const view = (given: 'ana' | 'ben') => started.call(given, `GET /me/calendarView?${january}`);
  const occurrences = listOf(await view('ana')).map(({ id }) => `/me/events/${String(id)}`);
  return { ...started, master: `/me/events/${String(created.body['id'])}`, created, view, occurrences };
}

verifies('msgraph:series', 'a list has the master alone, a view its dates', async () => {
  const { call, created, view, master } = await startWithSeries();

  const listed = await call('ana', 'GET /me/events');
  const viewed = await view('ana');
  const instances = await call('ana', `GET ${master}/instances?${january}`);

  expect(listOf(listed)).toMatchObject([
    { type: 'seriesMaster', recurrence: { pattern: { daysOfWeek: ['tuesday', 'thursday'] } } },
  ]);
  expect(starts(viewed)).toEqual(['2027-01-12T09:00', '2027-01-14T09:00', '2027-01-19T09:00', '2027-01-21T09:00']);
  expect(listOf(viewed)[1]).toMatchObject({ type: 'occurrence', seriesMasterId: created.body['id'], recurrence: null });
  expect(starts(instances)).toEqual(starts(viewed));
});

verifies('msgraph:series', 'one date is moved or taken out alone, in every calendar', async () => {
  const { call, view, occurrences } = await startWithSeries();
  const [first = '', second = ''] = occurrences;
  const moved = {
    start: { dateTime: '2027-01-13T15:00:00', timeZone: 'Europe/Lisbon' },
    end: { dateTime: '2027-01-13T16:00:00', timeZone: 'Europe/Lisbon' },
  };

  const exception = await call('ana', `PATCH ${first}`, { body: moved });
  const removed = await call('ana', `DELETE ${second}`);

  expect(exception.body).toMatchObject({ type: 'exception', originalStart: '2027-01-12T09:00:00Z' });
  expect([removed.status, starts(await view('ana'))]).toEqual([
    204,
    ['2027-01-13T15:00', '2027-01-19T09:00', '2027-01-21T09:00'],
  ]);
  expect(listOf(await view('ben'))).toMatchObject([
    { type: 'exception', start: { dateTime: '2027-01-13T15:00:00.0000000' } },
    { isCancelled: true, subject: 'Canceled: Sync' },
    { isCancelled: false },
    { isCancelled: false },
  ]);
});

verifies('msgraph:series', 'deleting the master deletes all', async () => {
  const { call, view, master, occurrences } = await startWithSeries();

  const deleted = await call('ana', `DELETE ${master}`);
  const gone = await call('ana', `GET ${occurrences[0] ?? ''}`);

  expect([deleted.status, listOf(await view('ana')), gone.status]).toEqual([204, [], 404]);
  expect(listOf(await view('ben')).every(({ isCancelled }) => isCancelled)).toBe(true);
});

verifies('msgraph:series', 'a plan that does not fit its event is refused', async () => {
  const { call, msgraph } = await startMsgraph();
  const codeOf = async (range: object, pattern: object = {}) => {
    const recurrence = { pattern: { ...weekly.pattern, ...pattern }, range: { ...weekly.range, ...range } };
    return errorOf(await call('ana', 'POST /me/events', { body: meeting({ recurrence }) })).code;
  };

  const codes = [
    await codeOf({ startDate: '2027-01-13' }),
    await codeOf({ recurrenceTimeZone: 'Europe/Berlin' }),
    await codeOf({ type: 'numbered' }),
    await codeOf({}, { daysOfWeek: [] }),
  ];

  expect(new Set(codes)).toEqual(new Set(['ErrorPropertyValidationFailure']));
  expect(msgraph.events(emailOf('ana'))).toEqual([]);
});

verifies('msgraph:series', 'every kind of pattern falls on its dates', () => {
  const plan = (pattern: Partial<Recurrence['pattern']>, range: Partial<Recurrence['range']> = {}): Recurrence => ({
    pattern: {
      type: 'daily',
      interval: 1,
      month: 0,
      dayOfMonth: 0,
      daysOfWeek: [],
      firstDayOfWeek: 'sunday',
      index: 'first',
      ...pattern,
    },
    range: {
      type: 'noEnd',
      startDate: '2027-01-12',
      endDate: '0001-01-01',
      recurrenceTimeZone: 'UTC',
      numberOfOccurrences: 0,
      ...range,
    },
  });

  const daily = datesOf(plan({ interval: 3 }, { type: 'numbered', numberOfOccurrences: 3 }), '2028-01-01');
  const biweekly = datesOf(
    plan({ type: 'weekly', interval: 2, daysOfWeek: ['monday', 'tuesday'], firstDayOfWeek: 'monday' }),
    '2027-02-10',
  );
  const monthly = datesOf(plan({ type: 'absoluteMonthly', dayOfMonth: 31 }), '2027-03-31');
  const relative = datesOf(plan({ type: 'relativeMonthly', daysOfWeek: ['thursday', 'friday'], index: 'last' }), '2027-02-28');
  const yearly = datesOf(plan({ type: 'absoluteYearly', dayOfMonth: 15, month: 4 }), '2028-12-31');
  const relativeYearly = datesOf(
    plan({ type: 'relativeYearly', daysOfWeek: ['wednesday'], index: 'second', month: 11 }),
    '2027-12-31',
  );

  expect(daily).toEqual(['2027-01-12', '2027-01-15', '2027-01-18']);
  expect(biweekly).toEqual(['2027-01-12', '2027-01-25', '2027-01-26', '2027-02-08', '2027-02-09']);
  expect(monthly).toEqual(['2027-01-31', '2027-02-28', '2027-03-31']);
  expect(relative).toEqual(['2027-01-29', '2027-02-26']);
  expect([yearly, relativeYearly]).toEqual([['2027-04-15', '2028-04-15'], ['2027-11-10']]);
});
