import { expect } from 'vitest';
import { verifies } from '../verifies.ts';
import { ana, ben, chloe, onRealPostgres, until, useJourney } from './journey.ts';

const journey = useJourney();

const answersIn = async (phone: string, after: string) =>
  (await journey.shown(phone, after)).filter(({ fromMe }) => !fromMe).map(({ text }) => text);

// Each outage: who asks, what fails, and what the person is told it is.
const outages = [
  {
    phone: chloe,
    told: 'my language model',
    fault: { vendor: 'openai', match: { path: '/responses' }, effect: 'answer', status: 503, times: 1_000 },
  },
  {
    phone: ana,
    told: 'Microsoft 365',
    fault: { vendor: 'msgraph', match: { path: '/me/calendarView' }, effect: 'answer', status: 504, times: 1_000 },
  },
] as const;

verifies('turn:vendor-down', 'model or Microsoft 365 down: told once, and answered when it is back', async () => {
  for (const { phone, told, fault } of outages) {
    await journey.fault(fault);
    const id = await journey.type(phone, 'What is on my calendar tomorrow?');
    await until(async () => (await answersIn(phone, id)).length === 1);
    // A second try, at the least, while it is still down: it is not told again.
    await new Promise((resolve) => setTimeout(resolve, 2_500));

    await journey.clearFaults();
    await until(async () => (await answersIn(phone, id)).length > 1);
    const [first, second, ...more] = await journey.answersTo(phone, id);

    expect(first).toContain(`I cannot reach ${told} at the moment`);
    expect(second).toMatch(/calendar tomorrow/i);
    expect(more).toEqual([]);
  }
});

// What is real cannot be made to fail from here.
if (!onRealPostgres)
  verifies('turn:vendor-down', 'with the database down, who writes is answered all the same', async () => {
    await journey.fault({ vendor: 'postgres', effect: 'drop', times: 1_000 });

    const answers = await journey.ask(ben, 'What is on my calendar tomorrow?');

    await journey.clearFaults();
    expect(answers).toEqual([expect.stringMatching(/calendar tomorrow/i)]);
  });

verifies('conversation:parked', 'what came later waits behind a parked turn, and is answered after it', async () => {
  await journey.fault({ vendor: 'msgraph', match: { path: '/me/calendarView' }, effect: 'answer', status: 503, times: 1_000 });
  const first = await journey.type(ana, 'What is on my calendar today?');
  await until(async () => (await answersIn(ana, first)).length === 1);
  await journey.type(ana, 'Who am I?');
  await new Promise((resolve) => setTimeout(resolve, 1_500));
  const early = await answersIn(ana, first);

  await journey.clearFaults();
  await until(async () => (await answersIn(ana, first)).length === 3);

  const [parked, calendar, who] = await journey.answersTo(ana, first);
  expect(early).toEqual([parked]);
  expect(calendar).toMatch(/calendar today/i);
  expect(who).toContain('Ana Ribeiro');
});
