import { expect } from 'vitest';
import { verifies } from '../verifies.ts';
import { ana, ben, chloe, dmitri, until, useJourney } from './journey.ts';

const journey = useJourney();

interface Recorded {
  readonly method: string;
  readonly path: string;
  readonly body: string;
  readonly status: number;
}

const requests = async (vendor: string) => (await journey.get(`/sandbox/requests?vendor=${vendor}`)) as Recorded[];
const { fault, clearFaults } = journey;

/** The events created in anybody's calendar under this subject, by the requests that Graph answered 201. */
const createdEvents = async (subject: string) =>
  (await requests('msgraph')).filter(
    ({ method, path, body, status }) =>
      method === 'POST' && path.includes('/me/events') && status === 201 && body.includes(subject),
  );

verifies('journey:guarantee-1', 'a message that met a dead store is answered once the store is back', async () => {
  await fault({
    vendor: 'cosmos',
    match: { method: 'POST', path: '/colls/conversations/docs' },
    effect: 'answer',
    status: 503,
    times: 1_000,
  });
  const id = await journey.type(chloe, 'Who am I?');
  const refused = () =>
    journey
      .sandbox()
      .waha.deliveries()
      .some((delivery) => delivery.messageId === id && delivery.answered === 503);
  await until(refused);

  await clearFaults();
  await journey.post('/sandbox/clock', { advanceSeconds: 10 });

  const answers = await journey.answersTo(chloe, id);
  expect(answers).toHaveLength(1);
  expect(answers[0]).toContain('Chloe Martin');
});

verifies('journey:guarantee-2', 'repeated by WAHA and rung for twice, a message is answered once', async () => {
  await fault({ vendor: 'waha', match: { method: 'WEBHOOK', path: 'message' }, effect: 'duplicate' });
  await fault({ vendor: 'servicebus', match: { method: 'SEND' }, effect: 'duplicate', times: 2 });

  const answers = await journey.ask(dmitri, 'Who am I?');

  expect(answers).toHaveLength(1);
  expect(
    journey
      .sandbox()
      .waha.deliveries()
      .filter(({ event }) => event === 'message').length,
  ).toBeGreaterThan(1);
});

verifies(
  ['journey:guarantee-3', 'application:restarted'],
  'killed between a write and its answer, it writes once and answers once',
  async () => {
    const { sandbox } = journey;
    await fault({ vendor: 'openai', match: { path: '/responses', body: 'function_call_output' }, effect: 'hang' });
    const id = await journey.type(ana, 'Book a crash rehearsal tomorrow at 11am');
    await until(async () => (await createdEvents('rehearsal')).length === 1);
    const starts = sandbox().starts();

    await sandbox().killApplication('SIGKILL');
    await clearFaults(); // killed before it asked the model, it would else meet the silence after its start
    await sandbox().startApplication();
    await sandbox().advanceClock(31); // the broker holds the dead worker's bell for half a minute

    const answers = await journey.answersTo(ana, id);
    expect(sandbox().starts()).toBe(starts + 1);
    expect(answers).toHaveLength(1);
    expect(answers[0]).toMatch(/✓ Booked: .*“.*rehearsal.*”/i);
    expect(await createdEvents('rehearsal')).toHaveLength(1);
  },
);

verifies('journey:guarantee-4', 'a send that failed after it was done is looked up, not repeated', async () => {
  await fault({ vendor: 'waha', match: { method: 'POST', path: '/api/sendText' }, effect: 'answer-after-doing', status: 500 });
  const before = (await requests('waha')).filter(({ path }) => path === '/api/sendText').length;

  const answers = await journey.ask(ben, 'Who am I?');

  const after = (await requests('waha')).filter(({ path }) => path === '/api/sendText').length;
  expect(answers).toHaveLength(1);
  expect(after - before).toBe(1);
});

verifies('journey:guarantee-5', 'a turn that cannot succeed is recorded, told once, and harms nobody else', async () => {
  const refusal = {
    status: 400,
    error: { message: 'refused', type: 'invalid_request_error', param: null, code: 'content_filter' },
  };
  await journey.post('/sandbox/model/script', {
    replies: [1, 2].map(() => ({ match: { contains: 'poisonous' }, response: refusal })),
  });

  const [poisoned, healthy] = await Promise.all([journey.ask(dmitri, 'This is poisonous'), journey.ask(ben, 'Who am I?')]);

  expect(poisoned).toEqual([expect.stringContaining('Sorry, I could not do that.')]);
  expect(healthy).toEqual([expect.stringContaining('Ben Okafor')]);
  const failures = (await requests('cosmos')).filter(({ body }) => body.includes('"type":"failure"'));
  expect(failures.length).toBeGreaterThan(0);
  expect(failures[0]?.body).toContain('"reason":"invalid-input"');
});
