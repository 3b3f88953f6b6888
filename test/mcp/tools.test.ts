import { expect } from 'vitest';
import { z } from 'zod';
import { AppError } from '../../shared/core/errors.ts';
import { defineTool } from '../../shared/tools/define-tool.ts';
import { verifies } from '../verifies.ts';
import { callOf, clientId, startEndpoint, toolThat } from './start-endpoint.ts';

const review = { subject: 'Review', start: '2026-11-22T15:00', end: '2026-11-22T15:30', attendees: ['ben@alderfinch.example'] };
const create = 'calendar_create_event';
const keyed = (key: string, input: object = review) => ({ name: create, arguments: { ...input, idempotencyKey: key } });

verifies(
  'mcp:role',
  'each caller lists the tools of their role, and the server refuses any other that is called anyway',
  async () => {
    const { connect } = startEndpoint();
    const [admin, user] = [await connect('ana'), await connect('chloe')];

    const [ofAdmin, ofUser] = [await admin.listTools(), await user.listTools()].map(({ tools }) => tools.map(({ name }) => name));
    const called = await admin.callTool({ name: 'people_list_failures', arguments: {} });
    const refused = await user.callTool({ name: 'people_list_failures', arguments: {} });
    const unknown = await user.callTool({ name: 'calendar_burn', arguments: {} });

    expect(ofUser).toEqual(['calendar_list_events', 'calendar_create_event', 'people_whoami', 'help']);
    expect(ofAdmin).toEqual(expect.arrayContaining([...(ofUser ?? []), 'people_list_failures', 'system_resume']));
    expect(called.structuredContent).toEqual({ failures: ['t1'] });
    for (const result of [refused, unknown]) {
      expect(result).toMatchObject({ isError: true, _meta: { 'adjutant/error': { code: 'not-found' } } });
    }
  },
);

verifies('mcp:annotations', 'a tool says what it may do, and what says nothing is taken for the worst', async () => {
  const common = { description: 'x', role: 'user', effect: 'write', input: z.object({}), output: z.object({}) } as const;
  const write = { ...common, fromPerson: () => [], proposal: () => '', receipt: () => '', run: () => Promise.resolve({}) };
  const extra = [
    defineTool({ ...write, name: 'silent' }),
    defineTool({ ...write, name: 'careful', destructive: false, idempotent: true }),
  ];
  const { connect } = startEndpoint({ extra });

  const { tools } = await (await connect('ana')).listTools();

  const hints = Object.fromEntries(tools.map(({ name, annotations }) => [name, annotations]));
  expect(hints).toMatchObject({
    calendar_list_events: { readOnlyHint: true, destructiveHint: false, idempotentHint: true },
    calendar_create_event: { readOnlyHint: false, destructiveHint: false, idempotentHint: false },
    silent: { readOnlyHint: false, destructiveHint: true, idempotentHint: false },
    careful: { readOnlyHint: false, destructiveHint: false, idempotentHint: true },
  });
});

verifies('mcp:annotations', 'a result is structured, fits the schema that was listed, and is told as text too', async () => {
  const { connect } = startEndpoint();
  const client = await connect('chloe');
  await client.listTools(); // from here on the client itself holds results against their schemas

  const me = await client.callTool({ name: 'people_whoami', arguments: {} });
  const booked = await client.callTool(keyed('k1'));

  expect(me.structuredContent).toEqual({
    name: 'Somebody',
    email: 'somebody@alderfinch.example',
    role: 'user',
    timeZone: 'Europe/Lisbon',
  });
  expect(me.content).toEqual([{ type: 'text', text: JSON.stringify(me.structuredContent) }]);
  expect(booked.structuredContent).toMatchObject({ subject: 'Review', start: '2026-11-22T15:00:00+00:00' });
  expect(booked._meta).toMatchObject({ 'adjutant/receipt': expect.stringMatching(/^✓ Booked: .*: “Review”$/) as string });
});

verifies('mcp:idempotency', 'a write without a key is refused and says how to send one', async () => {
  const { connect, calendar } = startEndpoint();
  const client = await connect('ana');

  const without = await client.callTool({ name: create, arguments: review });
  const odd = await Promise.all(['', 'a b', 'é', 'x'.repeat(129)].map((key) => client.callTool(keyed(key))));

  expect(without).toMatchObject({ isError: true, _meta: { 'adjutant/error': { code: 'invalid-input' } } });
  expect(JSON.stringify(without.content)).toContain('idempotencyKey');
  for (const result of odd) expect(result).toMatchObject({ isError: true });
  expect(calendar.booked.size).toBe(0);
});

verifies(
  'mcp:idempotency',
  'the key comes among the arguments, in _meta or in the header, and means the same everywhere',
  async () => {
    const { connect, calendar } = startEndpoint();
    const [client, withHeader] = [await connect('ana'), await connect('ana', { 'idempotency-key': '"k1"' })];

    const reversed = Object.fromEntries(Object.entries(review).reverse());
    const first = await client.callTool(keyed('k1'));
    const again = await client.callTool({ name: create, arguments: reversed, _meta: { 'adjutant/idempotency-key': 'k1' } });
    const third = await withHeader.callTool({ name: create, arguments: review });
    const other = await client.callTool(keyed('k1', { ...review, subject: 'Party' }));

    expect(first._meta).not.toHaveProperty('adjutant/repeated');
    for (const result of [again, third]) {
      expect(result.structuredContent).toEqual(first.structuredContent);
      expect(result._meta).toMatchObject({ 'adjutant/repeated': true });
    }
    expect(other).toMatchObject({ isError: true, _meta: { 'adjutant/error': { code: 'conflict' } } });
    expect(calendar.booked.size).toBe(1);
  },
);

verifies(
  'mcp:idempotency',
  'keys of one write that differ are refused, wherever they come from, and nothing is done',
  async () => {
    const { connect, calendar } = startEndpoint();
    const [client, withHeader] = [await connect('ana'), await connect('ana', { 'idempotency-key': 'h1' })];
    const meta = { 'adjutant/idempotency-key': 'm1' };

    const results = [
      await withHeader.callTool(keyed('k1')),
      await client.callTool({ ...keyed('k1'), _meta: meta }),
      await withHeader.callTool({ name: create, arguments: review, _meta: meta }),
    ];
    const same = await withHeader.callTool(keyed('h1'));

    for (const result of results) {
      expect(result).toMatchObject({ isError: true, _meta: { 'adjutant/error': { code: 'invalid-input' } } });
      expect(JSON.stringify(result.content)).toMatch(/Idempotency-Key[^]*different keys/);
    }
    expect(same.structuredContent).toMatchObject({ subject: 'Review' });
    expect(calendar.booked.size).toBe(1);
  },
);

verifies('mcp:idempotency', 'two writes of one batch never share a key, from the header or of their own', async () => {
  const { send, calendar } = startEndpoint();
  const party = { ...review, subject: 'Party' };
  const batch = (...inputs: object[]) => inputs.map((input, index) => ({ ...callOf(create, input), id: index }));

  const byHeader = await send(batch(review, party), { headers: { 'idempotency-key': 'h1' } });
  const sameKey = await send(batch({ ...party, idempotencyKey: 'k1' }, { ...review, idempotencyKey: 'k1' }));
  const own = await send(batch({ ...review, idempotencyKey: 'k2' }, { ...party, idempotencyKey: 'k3' }));

  const errors = ({ body }: { body: unknown }) =>
    (body as { id: number; result: { isError?: boolean } }[])
      .sort((one, other) => one.id - other.id)
      .map(({ result }) => result.isError === true);
  expect([byHeader, sameKey, own].map(errors)).toEqual([
    [false, true],
    [false, true],
    [false, false],
  ]);
  expect(JSON.stringify(byHeader.body)).toContain('the header can name one write alone');
  expect([...calendar.booked.values()].map(({ subject }) => subject)).toEqual(['Review', 'Party', 'Review', 'Party']);
});

verifies('mcp:audit', 'the line of a write tells the application that asked for it, and no word of what was asked', async () => {
  const { connect, audit } = startEndpoint();

  await (await connect('ana')).callTool(keyed('k1'));

  const lines = [...audit.lines.values()];
  expect(lines).toMatchObject([{ what: 'mcp.call', detail: { client: clientId, tool: create, status: 'done' } }]);
  expect(JSON.stringify(lines)).not.toMatch(/Review|k1|ana|ben/i);
});

verifies('mcp:errors', 'what a tool cannot do is a result that is an error, in words that a model can act on', async () => {
  const { connect, calendar } = startEndpoint();
  const client = await connect('ana');
  const range = { start: '2026-11-22', end: '2026-11-22' };
  const bad = await client.callTool({ name: 'calendar_list_events', arguments: { start: 'tomorrow' } });
  const past = await client.callTool(keyed('past', { ...review, start: '2020-01-01T10:00', end: '2020-01-01T11:00' }));
  calendar.failWith(new AppError('rate-limited', 'msgraph GET answered 429', { vendor: 'msgraph', retryAfterMs: 3_000 }));

  const busy = await client.callTool({ name: 'calendar_list_events', arguments: range });
  const busyWrite = await client.callTool(keyed('busy'));

  const text = (result: Readonly<Record<string, unknown>>) => (result['content'] as { text: string }[])[0]?.text ?? '';
  expect([bad, past, busy, busyWrite].map(({ isError }) => isError)).toEqual([true, true, true, true]);
  expect(text(bad)).toMatch(/calendar_list_events[^]*end/);
  expect(text(past)).toMatch(/past/);
  expect(JSON.parse(text(busy))).toMatchObject({ error: 'rate-limited', retryAfterSeconds: 3 });
  expect(JSON.parse(text(busyWrite))).toMatchObject({ error: 'rate-limited', retryAfterSeconds: 15 });
});

verifies('mcp:errors', 'a bug is an error of the protocol that tells nothing, and stands in the log', async () => {
  const run = () => Promise.reject(new TypeError('a secret detail'));
  const { send, lines } = startEndpoint({ extra: [toolThat('broken', run)] });

  const { status, body } = await send(callOf('broken'));

  expect([status, body]).toMatchObject([200, { id: 1, error: { code: -32_603 } }]);
  expect(JSON.stringify(body)).not.toContain('secret');
  expect(lines.some((line) => line.includes('mcp.bug') && line.includes('broken'))).toBe(true);
});

verifies('mcp:limits', 'one caller has so many calls under way and no more; others are not held up', async () => {
  let release: () => void = () => undefined;
  const gate = new Promise<void>((resolve) => (release = resolve));
  const run = async () => gate.then(() => ({}));
  const { send } = startEndpoint({ extra: [toolThat('slow', run)] });

  const calls = Array.from({ length: 12 }, () => send(callOf('slow')));
  const other = send(callOf('people_whoami'), { token: 'chloe' });
  expect(await other).toMatchObject({ status: 200, body: { result: { structuredContent: { role: 'user' } } } });
  release();

  const results = (await Promise.all(calls)).map(
    ({ body }) => (body as { result: { isError?: boolean } }).result.isError === true,
  );
  expect(results.filter((isError) => isError)).toHaveLength(4);
  expect(await send(callOf('slow'))).toMatchObject({ body: { result: { structuredContent: {} } } });
});
