import { expect } from 'vitest';
import { createMemory } from '../../shared/conversation/turn/turn-documents.ts';
import { AppError } from '../../shared/core/errors.ts';
import { ReplyContent } from '../../shared/ports/documents.ts';
import { verifies } from '../verifies.ts';
import { linkAna, startEndpoint } from './start-endpoint.ts';

const ref = { workspace: 'alderfinch', conversationId: 'alderfinch:ana' };
const dinner = { subject: 'Dinner', start: '2026-11-22T19:00', end: '2026-11-22T21:00', attendees: ['eva@guest.example'] };
const invite = (key: string, input: object = dinner) => ({
  name: 'calendar_create_event',
  arguments: { ...input, idempotencyKey: key },
});
const refused = { isError: true, _meta: { 'adjutant/error': { code: 'forbidden' } } };

/** Ana with a chat in which she wrote before; whether she said STOP there. */
async function startWithChat({ stopped = false } = {}) {
  const endpoint = startEndpoint();
  const { conversations, dataKeys, clock } = endpoint;
  await linkAna(endpoint, { conversationId: ref.conversationId });
  conversations.openLease(ref, 3_600);
  const owner = 'a'.repeat(32);
  const taking = await conversations.takeLease(ref, { owner, until: clock.now() + 20_000, now: clock.now() });
  if (taking.kind !== 'taken') throw new Error(`The lease is ${taking.kind}`);
  const key = await dataKeys.keyFor(ref.conversationId);
  const memory = { content: { messages: [], summary: '', chatId: '271828182845901@lid' }, turns: 1, ttl: 3_600 };
  await conversations.commit(taking.lease, {
    after: { kind: 'release', notBefore: 0, keepAttempts: false },
    changes: [
      { kind: 'upsert', document: createMemory(taking.lease, key, memory) },
      { kind: 'upsert', document: { ...ref, id: 'preferences', type: 'preferences', stopped } },
    ],
  });
  const documents = (type: string) => conversations.documents(ref).filter((document) => document.type === type);
  const questions = () =>
    documents('reply').map((reply) =>
      ReplyContent.parse(key.open((reply as { sealed: string }).sealed, reply.id)).texts.join('\n'),
    );
  return { ...endpoint, documents, questions };
}

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
  const other = await client.callTool(invite('k2', { ...dinner, subject: 'Lunch' }));

  expect(again.structuredContent).toEqual(first.structuredContent);
  expect(again._meta).toMatchObject({ 'adjutant/repeated': true });
  expect(other.structuredContent).toMatchObject({ status: 'confirmation-required' });
  expect(documents('approval')).toHaveLength(2);
});

verifies('mcp:confirmation', 'colleagues pass; an address that only looks like one of theirs does not', async () => {
  const { connect, calendar, documents } = await startWithChat();
  const client = await connect('ana');

  const colleague = await client.callTool(invite('k1', { ...dinner, attendees: ['Ben@AlderFinch.example'] }));
  const lookalike = await client.callTool(invite('k2', { ...dinner, attendees: ['ben@evil-alderfinch.example'] }));
  const below = await client.callTool(invite('k3', { ...dinner, attendees: ['ben@mail.alderfinch.example'] }));

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
