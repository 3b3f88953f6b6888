import { AppError, asAppError } from '../../core/errors.ts';
import { deriveId } from '../../core/ids.ts';
import type { Ports } from '../../ports/index.ts';
import { latest } from './latest.ts';

/** What was erased: up to which WhatsApp time, and under which ids; the first is the one in which it was asked for. */
export interface ErasedConversation {
  readonly workspace: string;
  readonly conversationIds: readonly [string, ...string[]];
  readonly erasedAt: number;
}

const maxTries = 8;

/**
 * Leaves tombstones: names that lead to what was erased lead to a new conversation from now on, the same for all of them
 * whoever writes it, and to nobody. A name that leads elsewhere by now is left alone, so that it may be run again.
 */
export async function leaveErased(
  ports: Pick<Ports, 'identities'>,
  erased: ErasedConversation,
  { names, signal }: { names: readonly string[]; signal?: AbortSignal | undefined },
): Promise<void> {
  const { workspace, conversationIds, erasedAt } = erased;
  const conversationId = `${workspace}:${deriveId('conversation', 'after', conversationIds[0], erasedAt)}`;
  for (const name of names) {
    await againOnConflict(async () => {
      const current = await ports.identities.loadCurrent(name, signal);
      if (!current || !conversationIds.includes(current.document.conversationId ?? '')) return;
      const tombstone = { erasedAt: latest(current.document.erasedAt, erasedAt), conversationId };
      const forgotten = { personId: undefined, formerly: undefined, movedAt: undefined };
      await ports.identities.change(current, { ...tombstone, ...forgotten }, signal);
    });
  }
}

async function againOnConflict(run: () => Promise<void>): Promise<void> {
  for (let tries = 1; ; tries += 1) {
    try {
      await run();
      return;
    } catch (error) {
      if (!asAppError(error, 'conflict')) throw error;
      if (tries === maxTries) throw new AppError('upstream', 'A name of a chat is changed all the time', { cause: error });
    }
  }
}
