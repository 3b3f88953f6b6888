import { expect } from 'vitest';
import { limitFetch } from '../../shared/adapters/limited-fetch.ts';
import { createWahaMessenger } from '../../shared/adapters/waha/messenger.ts';
import { createBulkhead } from '../../shared/core/bulkhead.ts';
import { verifies } from '../verifies.ts';

/** The whole process stands still: no timer, no answer, nothing. */
const standStill = (ms: number) => void Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms);
const waitMs = 40;

verifies('limits:bulkheads', 'a slot that comes late because the process stood still is not used, but handed on', async () => {
  const bulkhead = createBulkhead({ vendor: 'waha', slots: 1, waitMs });
  const ran: string[] = [];
  const run = (name: string) => bulkhead.run(() => Promise.resolve(void ran.push(name)));
  const { promise: answered, resolve: answer } = Promise.withResolvers<undefined>();
  const first = bulkhead.run(() => answered);
  const late = [run('late'), run('late too')];
  standStill(waitMs + 20);
  const inTime = run('in time');

  answer(undefined);
  const outcomes = await Promise.allSettled([first, ...late, inTime]);
  await run('afterwards');

  const busy = { status: 'rejected', reason: { code: 'busy', retryable: true, maybeDone: false } };
  expect(outcomes).toMatchObject([{ status: 'fulfilled' }, busy, busy, { status: 'fulfilled' }]);
  expect(ran).toEqual(['in time', 'afterwards']);
});

verifies('limits:bulkheads', 'a message that waited for a slot while its worker stood still is not sent', async () => {
  const { promise: answered, resolve: answer } = Promise.withResolvers<Response>();
  const sent: string[] = [];
  const fetch = limitFetch(
    (_input, init) => {
      if (typeof init?.body === 'string') sent.push(init.body);
      return answered;
    },
    { vendor: 'waha', slots: 1, waitMs },
  );
  const messenger = createWahaMessenger({
    ...{ baseUrl: 'https://waha.example', apiKey: 'k', wahaSession: 'default', timeoutMs: 1_000, fetch },
  });
  const holding = fetch('https://waha.example');
  const sending = messenger.sendText({ id: 'ABC', chatId: '1@lid', text: 'Good morning.', linkPreview: false });
  const failed = expect(sending).rejects.toMatchObject({ code: 'busy', maybeDone: false });
  await Promise.resolve();

  standStill(waitMs + 20);
  answer(Response.json({}));

  await failed;
  await holding;
  expect(sent).toEqual([]);
});
