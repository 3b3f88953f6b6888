import { expect } from 'vitest';
import { inventCrowd } from '../../chaos/crowd.ts';
import { verifies } from '../verifies.ts';
import { ben, until, useJourney } from './journey.ts';

// More than the 32 turns that a process works on at once, all of them for Microsoft Graph, which has 16 slots.
const crowd = inventCrowd(34);
const slots = 16;
const journey = useJourney({ crowd, environment: { VENDOR_TIMEOUT_SECONDS: '45' } });

verifies('limits:bulkheads', 'while Microsoft Graph hangs under a crowd, who asks for nothing of it is answered', async () => {
  const { faults } = journey.sandbox().context;
  const reached = faults.add({ vendor: 'msgraph', match: { path: '/me/calendarView' }, effect: 'hang', times: 10_000 });
  await Promise.all(crowd.map(({ phone }) => journey.type(phone, 'What is on my calendar tomorrow?')));
  await until(() => reached() >= slots);
  const before = performance.now();

  const id = await journey.type(ben, 'Who am I?');
  await until(async () => (await journey.shown(ben, id)).some(({ text }) => text.includes('Ben Okafor')));

  expect(performance.now() - before).toBeLessThan(15_000);
  expect(reached()).toBe(slots);
});
