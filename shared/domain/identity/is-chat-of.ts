import type { Ports } from '../../ports/index.ts';
import type { BlindIndexes } from './blind-indexes.ts';
import { leadsTo } from './leads-to.ts';

const byPhone = /^(\d+)@(?:c\.us|s\.whatsapp\.net)$/;

/**
 * Whether what is said in this chat still reaches whom the conversation is with. A number may have been given to
 * somebody else since (a recycled number), or been left; a lid never is. To be asked right before a reply is sent: one
 * point read for a chat that goes by its number, none for others.
 */
export async function isChatOf(
  ports: Pick<Ports, 'identities'>,
  indexes: BlindIndexes,
  { chatId, conversationId, signal }: { chatId: string; conversationId: string; signal?: AbortSignal },
): Promise<boolean> {
  const [, digits] = byPhone.exec(chatId) ?? [];
  if (digits === undefined) return true;
  const current = await ports.identities.loadCurrent(indexes.phone(`+${digits}`), signal);
  // A number that we never met belongs to nobody else here.
  return current === undefined || leadsTo(current.document, conversationId);
}
