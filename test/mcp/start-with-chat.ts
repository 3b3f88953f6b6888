import { createMemory } from '../../shared/conversation/turn/turn-documents.ts';
import type { Change, Lease } from '../../shared/ports/conversations.ts';
import { ReplyContent } from '../../shared/ports/documents.ts';
import { linkAna, startEndpoint } from './start-endpoint.ts';

export const ref = { workspace: 'alderfinch', conversationId: 'alderfinch:ana' };
const dinner = { subject: 'Dinner', start: '2026-11-22T19:00', end: '2026-11-22T21:00', attendees: ['eva@guest.example'] };
/** A call that the person is asked about: it invites somebody outside. */
export const invite = (key: string, input: object = {}) => ({
  name: 'calendar_create_event',
  arguments: { ...dinner, ...input, idempotencyKey: key },
});

/** Ana with a chat in which she wrote before; whether she said STOP there. */
export async function startWithChat({ stopped = false } = {}) {
  const endpoint = startEndpoint();
  const { conversations, dataKeys, clock } = endpoint;
  await linkAna(endpoint, { conversationId: ref.conversationId });
  conversations.openLease(ref, 3_600);
  const key = await dataKeys.keyFor(ref.conversationId);
  /** What a worker would write there. */
  const write = async (changes: (lease: Lease) => readonly Change[]) => {
    const owner = 'a'.repeat(32);
    const taking = await conversations.takeLease(ref, { owner, until: clock.now() + 20_000, now: clock.now() });
    if (taking.kind !== 'taken') throw new Error(`The lease is ${taking.kind}`);
    const after = { kind: 'release', notBefore: 0, keepAttempts: false } as const;
    await conversations.commit(taking.lease, { after, changes: changes(taking.lease) });
  };
  const memory = { content: { messages: [], summary: '', chatId: '271828182845901@lid' }, turns: 1, ttl: 3_600 };
  await write((lease) => [
    { kind: 'upsert', document: createMemory(lease, key, memory) },
    { kind: 'upsert', document: { ...ref, id: 'preferences', type: 'preferences', stopped } },
  ]);
  const documents = (type: string) => conversations.documents(ref).filter((document) => document.type === type);
  const questions = () =>
    documents('reply').map((reply) =>
      ReplyContent.parse(key.open((reply as { sealed: string }).sealed, reply.id)).texts.join('\n'),
    );
  return { ...endpoint, documents, questions, key, write };
}
