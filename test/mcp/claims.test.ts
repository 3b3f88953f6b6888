import { expect } from 'vitest';
import { AppError } from '../../shared/core/errors.ts';
import { verifies } from '../verifies.ts';
import { callOf, errorOf, startEndpoint } from './start-endpoint.ts';

const claims = '{"access_token":{"acrs":{"essential":true,"value":"c1"}}}';
const read = callOf('calendar_list_events', { start: '2026-11-22', end: '2026-11-22' });
const write = callOf('calendar_create_event', {
  ...{ subject: 'Review', start: '2026-11-22T15:00', end: '2026-11-22T15:30', attendees: [], idempotencyKey: 'k1' },
});
const refusal = (told?: string) =>
  new AppError('sign-in-required', 'msgraph does not accept the token', {
    vendor: 'msgraph',
    cause: new AppError('unauthorized', 'msgraph GET answered 401', { claims: told }),
  });

verifies(
  'mcp:claims',
  'a claims challenge goes to the client, as Entra’s documents have it, for a read and for a write',
  async () => {
    const { send, calendar, forgotten } = startEndpoint();
    calendar.failWith(refusal(claims));

    const answers = [await send(read), await send(write)];

    for (const { status, headers, body } of answers) {
      expect([status, body]).toMatchObject([401, errorOf(-32_000)]);
      const challenge = headers.get('www-authenticate') ?? '';
      expect(challenge).toMatch(/^Bearer error="insufficient_claims", [^]*resource_metadata="/);
      const [, encoded = ''] = /claims="([^"]+)"/.exec(challenge) ?? [];
      expect(Buffer.from(encoded, 'base64').toString()).toBe(claims);
    }
    expect(forgotten).toEqual(['ana', 'ana']);
  },
);

verifies('mcp:claims', 'with the new token the same key does what was asked for, once', async () => {
  const { send, calendar, clock } = startEndpoint();
  calendar.failWith(refusal(claims));
  await send(write);
  calendar.failWith(undefined);
  clock.advance(60_000);

  const { status, body } = await send(write);

  expect([status, body]).toMatchObject([200, { result: { structuredContent: { subject: 'Review' } } }]);
  expect(calendar.booked.size).toBe(1);
});

verifies('mcp:claims', 'a token that was refused without a word is forgotten, and the tool says so', async () => {
  const { send, calendar, forgotten } = startEndpoint();
  calendar.failWith(refusal());

  const { status, body } = await send(read);

  expect([status, body]).toMatchObject([
    200,
    { result: { isError: true, _meta: { 'adjutant/error': { code: 'sign-in-required' } } } },
  ]);
  expect(forgotten).toEqual(['ana']);
});
