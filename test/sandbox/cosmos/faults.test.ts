import { expect } from 'vitest';
import { verifies } from '../../verifies.ts';
import { refusalOf, startCosmos } from './start-cosmos.ts';

const document = { id: 'm1', conversationId: 'alice' };

verifies('cosmos:faults', 'a 429 tells the client in milliseconds when to come back, and it does', async () => {
  const { context, conversations } = await startCosmos();
  context.faults.add({
    vendor: 'cosmos',
    match: { method: 'POST', path: '/docs' },
    effect: 'answer',
    status: 429,
    retryAfterSeconds: 0.05,
  });

  const startedAt = performance.now();
  const created = await conversations.items.create(document);

  expect(created.statusCode).toBe(201);
  expect(performance.now() - startedAt).toBeGreaterThan(45);
  expect(
    context.journal
      .entries('cosmos')
      .filter(({ path }) => path.endsWith('/docs'))
      .map(({ status }) => status),
  ).toEqual([429, 201]);
});

verifies('cosmos:faults', 'a client that does not retry reads code, message and wait of the 429', async () => {
  const { context, connect } = await startCosmos();
  const impatient = connect({ connectionPolicy: { retryOptions: { maxRetryAttemptCount: 0 } } });
  await impatient.read();
  context.faults.add({ vendor: 'cosmos', effect: 'answer', status: 429 });

  const failure: unknown = await impatient
    .item('m1', 'alice')
    .read()
    .catch((error: unknown) => error);

  expect(failure).toMatchObject({ code: 429, substatus: 3200, retryAfterInMs: 10, body: { code: '429' } });
  expect((failure as Error).message).toContain('Request rate is large');
});

verifies('cosmos:faults', 'before doing it: nothing was written', async () => {
  const { context, conversations } = await startCosmos();
  await conversations.read();
  const statuses: unknown[] = [];

  for (const status of [449, 412]) {
    context.faults.add({ vendor: 'cosmos', match: { method: 'POST' }, effect: 'answer', status });
    statuses.push((await refusalOf(conversations.items.create(document))).status);
  }

  expect(statuses).toEqual([449, 412]);
  expect((await conversations.item('m1', 'alice').read()).statusCode).toBe(404);
});

verifies('cosmos:faults', 'after doing it: the write stands though the client was told otherwise', async () => {
  const { context, cosmos, conversations } = await startCosmos();
  await conversations.read();
  context.faults.add({ vendor: 'cosmos', match: { method: 'POST' }, effect: 'answer-after-doing', status: 503 });

  const refused = await refusalOf(conversations.items.create(document));
  const read = await conversations.item('m1', 'alice').read();

  expect(refused.status).toBe(503);
  expect(read.statusCode).toBe(200);
  expect(cosmos.busy()).toBe(false);
});

verifies('cosmos:faults', 'one that hangs keeps the stand-in busy', async () => {
  const { context, cosmos, conversations } = await startCosmos();
  await conversations.read();
  context.faults.add({ vendor: 'cosmos', match: { method: 'POST' }, effect: 'hang' });
  const abort = new AbortController();

  const hanging = refusalOf(conversations.items.create(document, { abortSignal: abort.signal }));
  await expect.poll(() => cosmos.busy()).toBe(true);
  abort.abort();
  await hanging;

  await expect.poll(() => cosmos.busy()).toBe(false);
});
