import { expect } from 'vitest';
import { createMsgraphCalendar } from '../../../shared/adapters/msgraph/calendar.ts';
import { people } from '../../../sandbox/seed/people.ts';
import { AppError } from '../../../shared/core/errors.ts';
import { emailOf, oidOf } from '../../sandbox/msgraph/start.ts';
import { verifies } from '../../verifies.ts';
import { never, startGraph } from './start.ts';

const range = { start: '2026-12-01T00:00:00Z', end: '2026-12-02T00:00:00Z', timeZone: 'UTC', limit: 5 };

verifies('adapters:directory', 'the profile of each person, with their own city’s zone', async () => {
  const { directory } = await startGraph();

  const profiles = await Promise.all(
    (['ana', 'ben', 'chloe', 'dmitri', 'eva'] as const).map((who) => directory.loadProfile(who)),
  );

  expect(profiles[0]).toEqual({ oid: oidOf('ana'), name: 'Ana Ribeiro', email: emailOf('ana'), timeZone: 'Europe/Lisbon' });
  expect(profiles.map(({ timeZone }) => timeZone)).toEqual([
    'Europe/Lisbon',
    'Europe/London',
    'America/New_York',
    'Europe/Berlin',
    'Europe/Stockholm',
  ]);
});

verifies('adapters:directory', 'a zone without a name elsewhere is UTC', async () => {
  const zones = ['tzone://Microsoft/Custom', 'Customized Time Zone', 'No/Such_Zone', 'Asia/Kolkata'];

  const profiles = await Promise.all(
    zones.map(async (windowsTimeZone) => {
      const { directory } = await startGraph({ people: people.map((person) => ({ ...person, windowsTimeZone })) });
      return directory.loadProfile('ana');
    }),
  );

  expect(profiles.map(({ timeZone }) => timeZone)).toEqual(['UTC', 'UTC', 'UTC', 'Asia/Kolkata']);
});

verifies('adapters:directory', 'a colleague is found by address, whatever its case; nobody is nobody', async () => {
  const { directory } = await startGraph();

  expect(await directory.findByEmail('ana', 'Ben@AlderFinch.example')).toMatchObject({ oid: oidOf('ben'), name: 'Ben Okafor' });
  expect(await directory.findByEmail('ana', 'nobody@alderfinch.example')).toBeUndefined();
  expect(await directory.findByEmail('ana', "o'brien+x/../me@alderfinch.example")).toBeUndefined();
});

verifies('adapters:directory', 'a colleague who signs in by another name than their address is found by either', async () => {
  const others = people.map((person) =>
    person.email === emailOf('ben') ? { ...person, userPrincipalName: 'u1002@alderfinch.example' } : person,
  );
  const { directory, requests } = await startGraph({ people: others });

  const found = [];
  for (const address of [emailOf('ben'), 'U1002@alderfinch.example']) found.push(await directory.findByEmail('ana', address));

  expect(found).toEqual(Array(2).fill({ oid: oidOf('ben'), name: 'Ben Okafor', email: emailOf('ben') }));
  expect(requests()).toHaveLength(2);
});

verifies('adapters:directory', 'whose address it is comes before whose sign-in name it is', async () => {
  const others = people.map((person) =>
    person.email === emailOf('ana') ? { ...person, userPrincipalName: emailOf('ben') } : person,
  );
  const { directory } = await startGraph({ people: others });

  expect(await directory.findByEmail('chloe', emailOf('ben'))).toMatchObject({ oid: oidOf('ben') });
});

verifies('adapters:directory', 'a mail goes out once, and its unknown outcome is never repeated', async () => {
  const { directory, msgraph } = await startGraph();
  const write = directory.sendMailToSelf('ana', { subject: 'Linked', text: 'Your chat is linked.', to: emailOf('ana') });

  await write.perform('key', never);

  expect(write.settle).toBe('never');
  expect(msgraph.mailbox(emailOf('ana'))).toMatchObject([{ subject: 'Linked', bodyPreview: 'Your chat is linked.' }]);
});

verifies('adapters:directory', 'a token that is not taken asks for a new sign-in', async () => {
  const { adapter } = await startGraph();
  const calendar = createMsgraphCalendar({ ...adapter, tokenFor: () => Promise.resolve('expired') });

  await expect(calendar.listEvents('ana', range)).rejects.toMatchObject({ code: 'sign-in-required', retryable: false });
});

verifies('adapters:directory', 'a token that cannot be had says why, and Graph is not asked', async () => {
  const { adapter, requests } = await startGraph();
  const tokenFor = () => Promise.reject(new AppError('sign-in-required', 'the grant is gone'));

  await expect(createMsgraphCalendar({ ...adapter, tokenFor }).listEvents('ana', range)).rejects.toMatchObject({
    code: 'sign-in-required',
  });
  expect(requests()).toEqual([]);
});

verifies(
  ['adapters:directory', 'adapters:errors'],
  'failures carry the code, the time to wait, and whether it may be done',
  async () => {
    const { calendar, context } = await startGraph({ timeoutMs: 200 });
    const cases = [
      [
        { effect: 'answer', status: 429, retryAfterSeconds: 7 },
        { code: 'rate-limited', retryAfterMs: 7_000, maybeDone: false },
      ],
      [
        { effect: 'answer', status: 503, retryAfterSeconds: 3 },
        { code: 'upstream', retryAfterMs: 3_000, maybeDone: true },
      ],
      [
        { effect: 'answer', status: 403 },
        { code: 'forbidden', retryable: false },
      ],
      [
        { effect: 'answer', status: 404 },
        { code: 'not-found', retryable: false },
      ],
      [{ effect: 'drop' }, { code: 'upstream', maybeDone: true }],
      [{ effect: 'hang' }, { code: 'timeout', maybeDone: true }],
    ] as const;

    for (const [fault, expected] of cases) {
      context.faults.add({ vendor: 'msgraph', ...fault });
      await expect(calendar.listEvents('ana', range)).rejects.toMatchObject({ vendor: 'msgraph', ...expected });
    }
  },
);

verifies('adapters:directory', 'no error names an address or an id of a person', async () => {
  const { directory, context } = await startGraph();
  context.faults.add({ vendor: 'msgraph', match: { path: '/users' }, effect: 'answer', status: 500 });

  const error = await directory.findByEmail('ana', emailOf('ben')).catch((thrown: unknown) => thrown);

  expect(error).toBeInstanceOf(AppError);
  expect(String(error)).not.toContain('ben');
});
