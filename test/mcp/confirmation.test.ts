import { expect } from 'vitest';
import { AppError } from '../../shared/core/errors.ts';
import { verifies } from '../verifies.ts';
import { startEndpoint } from './start-endpoint.ts';
import { invite, ref, startWithChat } from './start-with-chat.ts';

const refused = { isError: true, _meta: { 'adjutant/error': { code: 'forbidden' } } };

verifies('mcp:confirmation', 'what no request can prove to be the person’s wish is not done, and they are asked', async () => {
  const { connect, calendar, documents, questions, bell, clock } = await startWithChat();
  const client = await connect('ana');
  await client.listTools(); // from here on the client holds results against their schemas

  const result = await client.callTool(invite('k1'));

  const [approval] = documents('approval');
  expect(result.isError).toBeUndefined();
  expect(result.structuredContent).toEqual({
    status: 'confirmation-required',
    approvalId: (approval as { approvalId?: string } | undefined)?.approvalId,
    expiresAt: new Date(clock.now() + 3_600_000).toISOString(),
    message: expect.stringMatching(/^Not done yet. Book [^]*eva@guest.example: “Dinner”[^]*yes/) as string,
  });
  expect(calendar.booked.size).toBe(0);
  expect(questions()).toEqual([expect.stringMatching(/over MCP[^]*Book [^]*eva@guest.example: “Dinner”\n[^]*“yes \d{3}”/)]);
  expect(bell.rung.map(({ ref: rung }) => rung)).toEqual([ref]);
});

verifies('mcp:confirmation', 'the same key asks once and is answered the same; another one asks again', async () => {
  const { connect, documents } = await startWithChat();
  const client = await connect('ana');

  const [first, again] = [await client.callTool(invite('k1')), await client.callTool(invite('k1'))];
  const other = await client.callTool(invite('k2', { subject: 'Lunch' }));

  expect(again.structuredContent).toEqual(first.structuredContent);
  expect(again._meta).toMatchObject({ 'adjutant/repeated': true });
  expect(other.structuredContent).toMatchObject({ status: 'confirmation-required' });
  expect(documents('approval')).toHaveLength(2);
});

verifies('mcp:confirmation', 'colleagues pass; an address that only looks like one of theirs does not', async () => {
  const { connect, calendar, documents } = await startWithChat();
  const client = await connect('ana');

  const colleague = await client.callTool(invite('k1', { attendees: ['Ben@AlderFinch.example'] }));
  const lookalike = await client.callTool(invite('k2', { attendees: ['ben@evil-alderfinch.example'] }));
  const below = await client.callTool(invite('k3', { attendees: ['ben@mail.alderfinch.example'] }));

  expect(colleague.structuredContent).toMatchObject({ subject: 'Dinner' });
  for (const { structuredContent } of [lookalike, below])
    expect(structuredContent).toMatchObject({ status: 'confirmation-required' });
  expect([calendar.booked.size, documents('approval').length]).toEqual([1, 2]);
});

verifies(
  'mcp:confirmation',
  'who has no chat, or wants none of our questions there, cannot be asked, and nothing is done',
  async () => {
    const [unlinked, stopped] = [startEndpoint(), await startWithChat({ stopped: true })];
    const clients = [await unlinked.connect('chloe'), await stopped.connect('ana')];

    const results = await Promise.all(clients.map((client) => client.callTool(invite('k1'))));

    for (const result of results) expect(result).toMatchObject(refused);
    expect([unlinked.calendar.booked.size, stopped.calendar.booked.size]).toEqual([0, 0]);
    expect(stopped.questions()).toEqual([]);
  },
);

verifies('mcp:confirmation', 'a crash between the question and the record of it asks no second time', async () => {
  const { connect, conversations, documents, clock } = await startWithChat();
  const client = await connect('ana');
  const lost = new AppError('upstream', 'The answer was lost', { vendor: 'cosmos', maybeDone: true });
  conversations.failNext('createUnasked', lost, { done: true });

  const first = await client.callTool(invite('k1'));
  clock.advance(60_000);
  const again = await client.callTool(invite('k1'));

  expect(first).toMatchObject({ isError: true, _meta: { 'adjutant/error': { code: 'upstream' } } });
  expect(again.structuredContent).toMatchObject({ status: 'confirmation-required' });
  expect([documents('approval').length, documents('reply').length]).toEqual([1, 1]);
});
