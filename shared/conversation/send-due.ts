import { isChatOf } from '../domain/identity/index.ts';
import type { Change } from '../ports/conversations.ts';
import type { DataKey } from '../ports/data-keys.ts';
import type { ReplyDocument } from '../ports/documents.ts';
import type { HeldLease } from './lease.ts';
import { openReply } from './open-content.ts';
import { dropReply, sendReply } from './send.ts';
import type { TurnWork } from './turn/turn-work.ts';

/** Sends a reply that is due, where it can be opened and its chat is theirs still; answers what the next batch carries. */
export async function sendDue(
  work: TurnWork,
  held: HeldLease,
  { reply, key }: { reply: ReplyDocument; key: DataKey },
): Promise<Change> {
  const content = openReply(reply, key);
  const isTheirs = content && (await isStillTheirs(work, held, content.chatId));
  if (!content || !isTheirs) return dropReply(reply, work.settings.transcriptTtlSeconds);
  const sent = await sendReply({ ports: work.ports, settings: work.settings, held, keepsIds: work.keepsIds() }, reply, content);
  void work.ports.messenger.setTyping(content.chatId, false, held.signal).catch(() => undefined);
  return sent.change;
}

/** A number that went to somebody else takes no reply of its former owner's with it. */
function isStillTheirs({ ports, indexes }: TurnWork, { lease, signal }: HeldLease, chatId: string): Promise<boolean> {
  return isChatOf(ports, indexes, { chatId, conversationId: lease.conversationId, signal });
}
