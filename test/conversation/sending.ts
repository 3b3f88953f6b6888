import { sendReply } from '../../shared/conversation/send.ts';
import { AppError } from '../../shared/core/errors.ts';
import type { ReplyDocument } from '../../shared/ports/documents.ts';
import { ref, replyOf } from '../contract/conversations/implementations.ts';
import { impatient } from '../support/fakes/fake-clock.ts';
import { startHolding } from './holding.ts';

const settings = { vendorTimeoutMs: 15_000, parkMs: 15_000, maxAgeMs: 6 * 3_600_000, transcriptTtlSeconds: 60 };
export const content = { chatId: '271828182845901@lid', texts: ['one', 'two'] };
/** Sent, or not: the answer did not come. */
export const broken = new AppError('upstream', 'the connection broke', { vendor: 'waha', maybeDone: true });
/** Not sent. */
export const refused = new AppError('rate-limited', 'wait', { vendor: 'waha', retryAfterMs: 40_000 });
export const unknownChat = new AppError('not-found', 'WhatsApp does not know this chat', { vendor: 'waha' });

/** A reply of two parts whose creator holds the lease, unless told otherwise, by a bridge that keeps ids or none. */
export async function startSending(more: Partial<ReplyDocument> = {}, keepsIds = true) {
  const holding = await startHolding();
  const { held, conversations, messenger, clock } = holding;
  const created = replyOf('r1', {
    createdBy: { owner: held.lease.owner, epoch: held.lease.epoch },
    createdAt: clock.now(),
    ...more,
  });
  await held.commit([{ kind: 'create', document: created }]);
  const reply = () => conversations.document(ref, 'r1') as ReplyDocument;
  /** Sends what is due, as the worker that holds the lease, and writes what came of it. */
  const send = async () => {
    const { change } = await sendReply(
      { ports: { conversations, messenger, clock: impatient(clock) }, settings, held, keepsIds },
      reply(),
      content,
    );
    await held.commit([change]);
    return reply();
  };
  const shown = () => messenger.shown.map(({ id, text }) => `${id} ${text}`);
  return { ...holding, send, shown, reply };
}

/** Somebody else made it. */
export const another = { createdBy: { owner: 'c'.repeat(32), epoch: 0 } };
