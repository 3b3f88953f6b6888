import { findChat, type Chat } from '../domain/identity/index.ts';
import type { ErasureDocument, MessageDocument } from '../ports/documents.ts';
import { currentTraceparent, log } from '../telemetry/index.ts';
import type { HeldLease } from './lease.ts';
import { openMessage } from './open-content.ts';
import { createReply, turnIdOf } from './turn/turn-documents.ts';
import type { TurnWork } from './turn/turn-work.ts';

// Further than this WhatsApp's clock is not before ours: a date beyond it is no date.
const maxSkewMs = 60_000;

const lastWords = [
  'Done: I have erased everything I kept of you.',
  'What stays is a note that an erasure took place, without a name, a number or a word of what was said.',
  'If you write again, we begin anew.',
].join('\n');

/**
 * Marks the conversation erased, with everything that the erasure is about and the last reply, in one fenced batch: from
 * then on nothing is stored in it, and whoever takes its lease goes on erasing.
 */
export async function markErased(work: TurnWork, held: HeldLease, message: MessageDocument): Promise<void> {
  const { ports, indexes } = work;
  const { conversationId } = held.lease;
  const key = await ports.dataKeys.keyFor(conversationId, held.signal);
  const content = openMessage(message, key);
  const chat: Chat = content
    ? await findChat(ports, indexes, { names: content, conversationId, signal: held.signal })
    : { names: [], others: [], people: [] };
  const now = ports.clock.now();
  const at = message.sentAt > now + maxSkewMs ? now : Math.max(now, message.sentAt);
  const said = { name: 'erased', turnId: turnIdOf([message]), texts: [lastWords], traceparent: currentTraceparent(), now };
  const reply = content && createReply(held.lease, key, { ...said, chatId: content.chatId });
  const about = { names: [...chat.names], others: [...chat.others], people: [...chat.people] };
  const erasure = { ...createErasure(held, at), ...about, ...(reply && { replyId: reply.id }) };
  await held.commit([{ kind: 'upsert', document: erasure }, ...(reply ? [{ kind: 'create' as const, document: reply }] : [])], {
    erased: { state: 'erased', at },
  });
  log('info', 'erasure.begun', { conversation: conversationId, others: chat.others.length, people: chat.people.length });
}

/** The erasure of a conversation that is nobody's: no names, no people, nobody to tell. */
export function createErasure({ lease: { workspace, conversationId } }: HeldLease, at: number): ErasureDocument {
  const common = { workspace, conversationId, id: 'erasure', type: 'erasure' } as const;
  return { ...common, dueAt: at, at, names: [], others: [], people: [] };
}
