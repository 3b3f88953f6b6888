import { expect } from 'vitest';
import { people } from '../../sandbox/seed/people.ts';
import { verifies } from '../verifies.ts';
import { ben, eva, useJourney } from './journey.ts';

const journey = useJourney();

const link = /http:\/\/127\.0\.0\.1:\d+\/api\/sign-in\/[^\s]+/;

verifies('journey:eva-signs-in', 'from her first hello through the door of sign-in to her first answer', async () => {
  const [greeting = ''] = await journey.ask(eva, 'Hello');
  const seedEva = people.find(({ phone }) => phone === eva);

  await journey.sandbox().onboard(seedEva ? [seedEva] : []);
  const [who = ''] = await journey.ask(eva, 'Who am I?');
  const [calendar = ''] = await journey.ask(eva, 'What is on my calendar tomorrow?');

  expect(greeting).toMatch(link);
  expect(who).toContain('Eva Lindqvist (eva@alderfinch.example), role user, time zone Europe/Stockholm');
  expect(calendar).toMatch(/calendar tomorrow/i);
  const mails = journey.sandbox().msgraph.mailbox('eva@alderfinch.example');
  expect(mails.filter(({ subject }) => /whatsapp|linked/i.test(subject))).toHaveLength(1);
});

verifies('journey:expired-grant', 'a grant that ran out brings a new link, in plain words', async () => {
  journey.sandbox().entra.revoke('ben@alderfinch.example');
  await journey.sandbox().advanceClock(2 * 3_600); // the access token in hand has run out too

  const [renewal = ''] = await journey.ask(ben, 'What is on my calendar tomorrow?');

  expect(renewal).toMatch(link);
  expect(renewal).not.toMatch(/error|stack|invalid_grant/i);
});
