import { asAppError } from '../core/errors.ts';
import type { BlindIndexes } from '../domain/identity/index.ts';
import type { Partition } from '../ports/conversations.ts';
import type { DataKey } from '../ports/data-keys.ts';
import type { MessageDocument } from '../ports/documents.ts';
import type { Ports } from '../ports/index.ts';
import { log } from '../telemetry/index.ts';
import { findHeirs, type Former } from './former.ts';
import { cancelled } from './judge.ts';
import type { HeldLease } from './lease.ts';
import { openMessage } from './open-content.ts';

/** What handing on needs. */
interface HandOnWork {
  readonly ports: Pick<Ports, 'bell' | 'clock' | 'conversations' | 'dataKeys' | 'identities'>;
  readonly indexes: BlindIndexes;
}

interface Given {
  readonly partition: Partition;
  readonly formers: readonly Former[];
  readonly key: DataKey;
}

/**
 * What is commanded here is commanded of what waits in a former conversation as well. Each has a lease of its own, so the
 * message is stored there too, under its own id: once, whoever repeats it. To whom it goes is fixed first, in a fenced
 * batch, because afterwards nothing may be left there to tell by. STOP and START that are met in a former conversation go
 * to the one that it became, too. Answers the partition with that noted.
 */
export async function handOn(work: HandOnWork, held: HeldLease, { partition, formers, key }: Given): Promise<Partition> {
  const now = work.ports.clock.now();
  const messages: MessageDocument[] = [];
  for (const message of partition.messages) {
    const isNew = message.command !== undefined && message.turnId === undefined && (message.dueAt ?? Infinity) <= now;
    messages.push(isNew && message.handedFrom === undefined ? await handOnOne(work, held, { message, formers, key }) : message);
  }
  return { ...partition, messages };
}

async function handOnOne(
  { ports, indexes }: HandOnWork,
  held: HeldLease,
  { message, formers, key }: Omit<Given, 'partition'> & { message: MessageDocument },
): Promise<MessageDocument> {
  const isForAll = message.command === 'stop' || message.command === 'start';
  const concerned = formers.filter((former) => concerns(message, former.partition)).map(({ ref }) => ref.conversationId);
  if (!isForAll && !message.handedTo && concerned.length === 0) return message;
  const content = openMessage(message, key);
  if (!content) return message;
  const heirs = isForAll && !message.handedTo ? await findHeirs({ ports, indexes }, held, content) : [];
  const handedTo = message.handedTo ?? [...concerned, ...heirs];
  if (handedTo.length === 0) return message;
  if (!message.handedTo) await held.commit([{ kind: 'patch', id: message.id, set: { handedTo } }]);
  for (const conversationId of handedTo) {
    const theirs = await keyOf(ports, conversationId, held.signal);
    if (!theirs) continue;
    const sealed = theirs.seal(content, message.id);
    await ports.conversations.storeMessage(copyFor(conversationId, message, { sealed, now: ports.clock.now() }), held.signal);
    await ports.bell.ring({ workspace: message.workspace, conversationId });
    log('info', 'command.handed-on', { conversation: message.conversationId, other: conversationId });
  }
  return { ...message, handedTo };
}

function copyFor(
  conversationId: string,
  message: MessageDocument,
  { sealed, now }: { sealed: string; now: number },
): MessageDocument {
  const copy: MessageDocument = { ...message, conversationId, dueAt: now, handedFrom: message.conversationId, sealed };
  // Its own, not the other's: what was merged into that is not known here.
  delete copy.after;
  delete copy.handedTo;
  return copy;
}

/** "Cancel that" is about what waits there and was said before; STOP about what waits there to be said unasked. */
function concerns(message: MessageDocument, former: Partition): boolean {
  if (message.command === 'stop') return former.replies.some(({ unasked }) => unasked);
  if (message.command !== 'cancel') return false;
  const earlier = former.messages.filter(({ sentAt }) => sentAt <= message.sentAt);
  return cancelled({ ...former, messages: [...earlier, message] }, message).length > 0;
}

/** Undefined once that conversation was erased. */
async function keyOf({ dataKeys }: Pick<Ports, 'dataKeys'>, conversationId: string, signal: AbortSignal) {
  try {
    return await dataKeys.keyFor(conversationId, signal);
  } catch (error) {
    if (asAppError(error, 'gone')) return undefined;
    throw error;
  }
}
