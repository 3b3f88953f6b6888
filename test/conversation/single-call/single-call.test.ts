import { expect } from 'vitest';
import { isSingleCall } from '../../../shared/conversation/single-lease.ts';
import { AppError } from '../../../shared/core/errors.ts';
import { verifies } from '../../verifies.ts';
import { createLife } from '../wake/life.ts';
import { ana, client, startCalls, ttlSeconds, type Calls } from './calls.ts';

/** The partition of the one call that a test makes. */
async function refOfOne({ conversations, clock }: Calls) {
  clock.advance(3_600_000);
  const [ref] = await conversations.listOverdue({ workspace: 'acme', beforeMs: clock.now(), limit: 1 });
  return ref;
}

verifies('mcp:idempotency', 'the same key again is the same answer, without a second write', async () => {
  const { ask, bookings } = startCalls();

  const [first, second] = [await ask(), await ask()];

  expect(first).toMatchObject({ repeated: false, result: { status: 'done', receipt: '✓ Booked: Review' } });
  expect(second).toEqual({ ...first, repeated: true });
  expect(bookings.booked).toHaveLength(1);
});

verifies('mcp:idempotency', 'another key, and the same key of somebody else, is another write', async () => {
  const { ask, bookings } = startCalls();

  await ask({ key: 'k1' });
  await ask({ key: 'k2' });
  await ask({ key: 'k1', person: 'acme:person-ben' });

  expect(new Set(bookings.booked.map(({ key }) => key)).size).toBe(3);
});

verifies('mcp:idempotency', 'the key of another call is refused, and stands for the one it was used for', async () => {
  const { ask, bookings } = startCalls();
  await ask({ subject: 'Review' });

  const refused = ask({ subject: 'Party' });

  await expect(refused).rejects.toMatchObject({ code: 'conflict', retryable: false });
  await expect(ask({ subject: 'Review' })).resolves.toMatchObject({ repeated: true });
  expect(bookings.booked).toHaveLength(1);
});

verifies('mcp:idempotency', 'a second request meanwhile is told to wait, and then gets the same answer', async () => {
  const { ask, pass, bookings } = startCalls();

  const [one, other] = await Promise.allSettled([ask(), ask()]);

  expect(one).toMatchObject({ status: 'fulfilled', value: { repeated: false } });
  expect(other).toMatchObject({ reason: { code: 'lease-lost', retryable: true } });
  const { retryAfterMs = 0 } = (other as PromiseRejectedResult).reason as AppError;
  expect(retryAfterMs).toBeGreaterThan(0);
  expect(retryAfterMs).toBeLessThanOrEqual(20_000);
  await pass(retryAfterMs);
  expect(await ask()).toMatchObject({ repeated: true });
  expect(bookings.booked).toHaveLength(1);
});

verifies('mcp:idempotency', 'what cannot be done stays so under its key; what may pass later is gone on with', async () => {
  const { ask, insist, bookings, pass } = startCalls();
  bookings.nextCreates({ fails: new AppError('forbidden', 'Not in this room'), done: false });
  const refused = await ask({ key: 'no' });
  const away = new AppError('upstream', 'The vendor is away');
  bookings.nextCreates({ fails: away, done: false });

  const first = await ask({ key: 'later' }).catch((error: unknown) => error);

  expect(first).toMatchObject({ code: 'upstream', retryAfterMs: 15_000 });
  await expect(ask({ key: 'later' })).rejects.toMatchObject({ code: 'lease-lost' });
  await pass(15_000);
  expect((await insist({ key: 'later' })).result.status).toBe('done');
  expect(refused.result).toMatchObject({
    status: 'failed',
    output: JSON.stringify({ error: 'forbidden', message: 'Not in this room' }),
  });
  expect(await ask({ key: 'no' })).toEqual({ ...refused, repeated: true });
  expect(bookings.booked).toHaveLength(1);
});

verifies('mcp:idempotency', 'what an earlier request may have done is not denied because it is refused now', async () => {
  const { ask, bookings, pass } = startCalls();
  const { find } = bookings;
  bookings.nextCreates({ fails: new AppError('timeout', 'It took too long', { maybeDone: true }), done: true });
  bookings.find = () => Promise.reject(new AppError('upstream', 'The vendor is away'));
  await expect(ask({ key: 'lost' })).rejects.toMatchObject({ code: 'upstream' });
  await pass(15_000);
  bookings.find = () => Promise.reject(new AppError('forbidden', 'Not any more'));

  const { result } = await ask({ key: 'lost' });

  expect(result).toMatchObject({
    status: 'unknown',
    output: JSON.stringify({ error: 'unknown-outcome', message: 'Not any more' }),
  });
  bookings.find = find;
  expect(await ask({ key: 'lost' })).toMatchObject({ repeated: true, result: { status: 'unknown' } });
  expect(bookings.booked).toHaveLength(1);
});

verifies('mcp:idempotency', 'the record goes by itself, names nobody and opens for its person alone', async () => {
  const calls = startCalls();
  await calls
    .ask({
      key: 'a-key-of-hers',
      subject: 'Surgery',
      life: createLife(calls.clock, { at: 1, call: 'bookings.create', how: 'before' }),
    })
    .catch(() => undefined);
  const ref = await refOfOne(calls);
  if (!ref) throw new Error('Nothing is overdue');

  const documents = calls.conversations.documents(ref);

  expect(isSingleCall(ref)).toBe(true);
  expect(isSingleCall({ workspace: 'acme', conversationId: 'acme:0123' })).toBe(false);
  expect(documents.map(({ type, ttl }) => [type, ttl])).toEqual([
    ['lease', ttlSeconds],
    ['calls', ttlSeconds],
  ]);
  expect(JSON.stringify(documents)).not.toMatch(/Surgery|a-key-of-hers/);
});

verifies('mcp:audit', 'every write stands in the audit trail once, by ids and codes, also where the trail was away', async () => {
  const { ask, audit, ringOverdue, bookings } = startCalls();
  await ask({ key: 'k1' });
  await ask({ key: 'k1' });
  audit.failWith(new AppError('upstream', 'The trail is away'));
  await ask({ key: 'k2' });
  const before = audit.lines.size;
  audit.failWith(undefined);

  const rung = [await ringOverdue(), await ringOverdue()];

  expect(before).toBe(1);
  expect(rung).toEqual([1, 0]);
  expect([...audit.lines.values()].map(({ stream, what, who, detail }) => ({ stream, what, who, detail }))).toEqual(
    Array.from({ length: 2 }, () => ({
      ...{ stream: expect.stringMatching(/^acme:mcp:\d{4}-\d\d-\d\d$/) as string, what: 'mcp.call', who: ana.personId },
      detail: { call: expect.stringMatching(/^[0-9a-f]+$/) as string, client, tool: 'book', status: 'done' },
    })),
  );
  expect(await ask({ key: 'k2' })).toMatchObject({ repeated: true });
  expect(bookings.booked).toHaveLength(2);
});

verifies('mcp:crash', 'who looks after what a lost worker left is no worker that can be lost', async () => {
  const { ask, clock, ringOverdue, bookings, conversations } = startCalls();
  for (let lost = 0; lost < 3; lost += 1) {
    const life = createLife(clock, { at: 1, call: 'bookings.create', how: 'before' });
    await ask({ life }).catch(() => undefined);
    // The lease ran out: it is let go of, and looked after once it has rested.
    await ringOverdue();
    await ringOverdue();
  }

  const answer = await ask();

  expect(answer).toMatchObject({ result: { status: 'done', receipt: '✓ Booked: Review' } });
  expect(bookings.booked).toHaveLength(1);
  expect(conversations.calls.filter((call) => call === 'freeAbandoned')).toHaveLength(3);
});
