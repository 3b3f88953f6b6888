import { expect } from 'vitest';
import { verifies } from '../../verifies.ts';
import { errorOf, listOf, meeting, startMsgraph, type GraphAnswer } from './start.ts';

const day = 'startDateTime=2027-01-12T00:00:00Z&endDateTime=2027-01-13T00:00:00Z';
const subjects = (answer: GraphAnswer) => listOf(answer).map(({ subject }) => subject);
const at = (from: string, to: string, timeZone = 'UTC') => ({
  start: { dateTime: from, timeZone },
  end: { dateTime: to, timeZone },
});
const filtered = (filter: string) => `GET /me/calendarView?${day}&$filter=${encodeURIComponent(filter)}`;

async function startWith(...events: Record<string, unknown>[]) {
  const started = await startMsgraph();
  for (const event of events) {
    const { status } = await started.call('ana', 'POST /me/events', { body: meeting(event) });
    expect(status).toBe(201);
  }
  return started;
}

verifies('msgraph:calendar-view', 'what meets the window is in it; offsets in its ends rule, and none is UTC', async () => {
  const { call } = await startWith(
    { subject: 'before', ...at('2027-01-11T22:00:00', '2027-01-12T00:00:00') },
    { subject: 'across', ...at('2027-01-11T23:00:00', '2027-01-12T01:00:00') },
    { subject: 'late', ...at('2027-01-12T23:30:00', '2027-01-13T00:30:00') },
    { subject: 'after', ...at('2027-01-13T00:00:00', '2027-01-13T01:00:00') },
  );

  const utc = await call('ana', `GET /me/calendarView?${day}`);
  const offset = '2027-01-12T01:00:00%2B01:00';
  const shifted = await call('ana', `GET /me/calendar/calendarView?startdatetime=${offset}&enddatetime=2027-01-12T23:30:00`, {
    headers: { prefer: 'outlook.timezone="America/New_York"' },
  });

  expect(subjects(utc)).toEqual(['across', 'late']);
  expect(subjects(shifted)).toEqual(['across']);
});

verifies('msgraph:calendar-view', 'times come in the zone asked for, IANA or Windows, with seven digits', async () => {
  const { call } = await startWith({ ...at('2027-01-12T09:00:00', '2027-01-12T10:00:00', 'America/New_York') });
  const startIn = async (prefer?: string) => {
    const answer = await call('ana', `GET /me/calendarView?${day}`, prefer === undefined ? {} : { headers: { prefer } });
    return [listOf(answer)[0]?.['start'], answer.headers.get('preference-applied')];
  };

  const answers = [await startIn(), await startIn('outlook.timezone="Europe/Lisbon"')];
  const windows = await startIn('outlook.timezone="W. Europe Standard Time", outlook.body-content-type="text"');
  const unknown = await call('ana', `GET /me/calendarView?${day}`, { headers: { prefer: 'outlook.timezone="Mars/Olympus"' } });

  expect(answers).toEqual([
    [{ dateTime: '2027-01-12T14:00:00.0000000', timeZone: 'UTC' }, null],
    [{ dateTime: '2027-01-12T14:00:00.0000000', timeZone: 'Europe/Lisbon' }, 'outlook.timezone="Europe/Lisbon"'],
  ]);
  expect(windows).toEqual([
    { dateTime: '2027-01-12T15:00:00.0000000', timeZone: 'W. Europe Standard Time' },
    'outlook.timezone="W. Europe Standard Time", outlook.body-content-type="text"',
  ]);
  expect([unknown.status, errorOf(unknown).code]).toEqual([400, 'TimeZoneNotSupportedException']);
});

verifies('msgraph:calendar-view', 'ten to a page; the link to the next keeps every parameter and leads to the end', async () => {
  const { call, client } = await startWith(...Array.from({ length: 12 }, (_, index) => ({ subject: `event ${index}` })));

  const first = await call('ana', `GET /me/calendarView?${day}&$select=subject&$count=true`);
  const link = String(first.body['@odata.nextLink']);
  const second = (await client('ana').api(link).get()) as Record<string, unknown> & { value: unknown[] };
  const small = await call('ana', `GET /me/calendarView?${day}&$top=5`);

  expect(new URL(link).origin).toBe('https://graph.microsoft.com');
  expect(Object.fromEntries(new URL(link).searchParams)).toMatchObject({
    $skip: '10',
    $select: 'subject',
    startDateTime: '2027-01-12T00:00:00Z',
  });
  expect([listOf(first).length, first.body['@odata.count'], second.value.length]).toEqual([10, 12, 2]);
  expect(second).not.toHaveProperty('@odata.nextLink');
  expect(Object.keys(listOf(first)[0] ?? {}).sort()).toEqual(['@odata.etag', 'id', 'subject']);
  expect(new URL(String(small.body['@odata.nextLink'])).searchParams.get('$skip')).toBe('5');
});

verifies('msgraph:calendar-view', '$filter and $orderby do as they say, without case in text and in UTC for times', async () => {
  const { call } = await startWith(
    { subject: "Ana's review", ...at('2027-01-12T15:00:00', '2027-01-12T16:00:00') },
    { subject: 'Budget Review', ...at('2027-01-12T08:00:00', '2027-01-12T09:00:00') },
    { subject: 'Lunch', ...at('2027-01-12T12:00:00', '2027-01-12T13:00:00') },
  );

  const ordered = await call('ana', `GET /me/calendarView?${day}&$orderby=start/dateTime desc`);
  const contains = await call('ana', filtered("contains(subject,'review') and not startswith(subject,'budget')"));
  const quoted = await call('ana', filtered("subject eq 'Ana''s review'"));
  const afternoon = await call(
    'ana',
    filtered("start/dateTime ge '2027-01-12T12:00:00+00:00' and end/dateTime le '2027-01-12T14:00'"),
  );
  const organizer = await call(
    'ana',
    filtered("organizer/emailAddress/address eq 'ana@alderfinch.example' and isCancelled eq true"),
  );

  expect(subjects(ordered)).toEqual(["Ana's review", 'Lunch', 'Budget Review']);
  expect([subjects(contains), subjects(quoted)]).toEqual([["Ana's review"], ["Ana's review"]]);
  expect([subjects(afternoon), subjects(organizer)]).toEqual([['Lunch'], []]);
});

verifies('msgraph:calendar-view', 'what Graph does not take is refused, whatever the calendar holds', async () => {
  const { call } = await startMsgraph();
  const codeOf = async (query: string) => {
    const answer = await call('ana', `GET /me/calendarView?${query}`);
    return [answer.status, errorOf(answer).code];
  };

  const codes = {
    window: await codeOf('startDateTime=2027-01-12T00:00:00Z'),
    plus: await codeOf('startDateTime=2027-01-12T00:00:00+01:00&endDateTime=2027-01-13T00:00:00Z'),
    select: await codeOf(`${day}&$select=title`),
    filter: await codeOf(`${day}&$filter=title eq 'x'`),
    unfilterable: await codeOf(`${day}&$filter=transactionId eq 'x'`),
    syntax: await codeOf(`${day}&$filter=subject is 'x'`),
    option: await codeOf(`${day}&$page=2`),
    top: await codeOf(`${day}&$top=1001`),
    expand: await codeOf(`${day}&$expand=instances`),
  };

  expect(codes).toEqual({
    window: [400, 'ErrorInvalidParameter'],
    plus: [400, 'ErrorInvalidParameter'],
    select: [400, 'BadRequest'],
    filter: [400, 'BadRequest'],
    unfilterable: [400, 'ErrorInvalidProperty'],
    syntax: [400, 'BadRequest'],
    option: [400, 'BadRequest'],
    top: [400, 'BadRequest'],
    expand: [501, 'NotImplemented'],
  });
});

verifies(
  'msgraph:calendar-view',
  'all-day events are days of the mailbox’s own zone, the same in every zone asked for',
  async () => {
    const allDay = { isAllDay: true, ...at('2027-01-12T00:00:00', '2027-01-13T00:00:00', 'Eastern Standard Time') };
    const { call } = await startMsgraph();
    await call('chloe', 'POST /me/events', { body: meeting(allDay) });
    const view = (from: string, to: string) =>
      call('chloe', `GET /me/calendarView?startDateTime=${from}&endDateTime=${to}`, {
        headers: { prefer: 'outlook.timezone="Asia/Tokyo"' },
      });

    const evening = await view('2027-01-13T03:00:00Z', '2027-01-13T04:59:00Z');
    const nextDay = await view('2027-01-13T05:00:00Z', '2027-01-14T05:00:00Z');

    expect(listOf(evening)).toMatchObject([{ start: { dateTime: '2027-01-12T00:00:00.0000000', timeZone: 'Asia/Tokyo' } }]);
    expect(listOf(nextDay)).toEqual([]);
  },
);
