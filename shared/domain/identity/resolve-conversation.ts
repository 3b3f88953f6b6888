import { AppError } from '../../core/errors.ts';
import { withTimeLimit } from '../../core/time-limit.ts';
import type { Ports } from '../../ports/index.ts';
import { errorFields, log } from '../../telemetry/index.ts';
import type { BlindIndexes } from './blind-indexes.ts';
import { areJoined, formerOf, joinedOf, joinPair, type Joined } from './join-pair.ts';
import { conversationOf, newIdentity, type IdentityContext } from './new-identity.ts';

type Needs = Pick<Ports, 'identities' | 'messenger' | 'clock'>;

/** The names in a message's own envelope; at least one is known. */
export interface ChatNames {
  readonly lid: string | undefined;
  readonly phone: string | undefined;
}

export interface ResolvedConversation {
  readonly conversationId: string;
  readonly names: ChatNames;
  /**
   * False where the same message may have been stored in another conversation: under the one name that is known, or
   * before two conversations became one. The message key is then claimed first (`claimMessage`).
   */
  readonly isSettled: boolean;
  /** Conversations that became this one a short while ago: what is due in them was said before. */
  readonly after: readonly string[];
  /** When a conversation of this chat was erased last: what WhatsApp dates no later is refused. */
  readonly erasedAt: number | undefined;
}

// Longer than any repeat of a webhook, and than any message may be late.
const claimTtlSeconds = 7 * 86_400;

// WAHA is not asked for long: the webhook has three seconds in all.
const lookUpMs = 1_000;

/**
 * The conversation that a lid and a phone lead to, made at first contact.
 * Where both are known the lid's document is created first and the phone's copies it, so that two webhooks cannot cross;
 * where one is known, or two conversations became one, the caller claims the message key besides (`claimMessage`).
 */
export async function resolveConversation(
  ports: Needs,
  indexes: BlindIndexes,
  request: { names: ChatNames; signal?: AbortSignal },
): Promise<ResolvedConversation> {
  const names = await completeNames(ports, indexes, request);
  const context = { ports, indexes, signal: request.signal };
  if (names.lid === undefined || names.phone === undefined) {
    return { ...(await resolveOne(context, names)), names };
  }
  return { ...(await resolvePair(context, { lid: names.lid, phone: names.phone })), names };
}

/**
 * Names the conversation of a message that might be stored under another: the first to claim decides, unless what it
 * claimed for was `erased` since and so does not have it.
 */
export async function claimMessage(
  ports: Needs,
  claim: { workspace: string; messageKey: string; conversationId: string; erased?: string | undefined; signal?: AbortSignal },
): Promise<string> {
  const { workspace, messageKey, conversationId, erased, signal } = claim;
  const id = `${workspace}:message:${messageKey}`;
  const stored = await ports.identities.claim(
    { id, workspace, kind: 'claim', conversationId, createdAt: ports.clock.now(), ttl: claimTtlSeconds },
    signal,
  );
  if (erased === undefined || stored.conversationId !== erased) return stored.conversationId ?? conversationId;
  await ports.identities.update(id, { conversationId }, signal);
  return conversationId;
}

/**
 * Asks the bridge for the name that is not in the envelope: of a lid at first contact, for it is one person's for ever; of a
 * number each time (`cacheLookUps`), for it may have been given to somebody else, whose lid is another. Silence or an error
 * leaves the name unknown: the message counts as from whom the number was known for.
 */
async function completeNames(
  ports: Needs,
  indexes: BlindIndexes,
  { names, signal }: { names: ChatNames; signal?: AbortSignal },
): Promise<ChatNames> {
  const { lid, phone } = names;
  if (lid !== undefined && (phone !== undefined || (await ports.identities.load(indexes.lid(lid), signal)))) return names;
  const known = lid === undefined ? { phone: phone ?? '' } : { lid };
  try {
    const other = await withTimeLimit([lookUpMs, signal], (limited) => ports.messenger.lookUpIdentity(known, limited));
    return lid === undefined ? { lid: other, phone } : { lid, phone: other };
  } catch (error) {
    log('warn', 'identity.not-looked-up', errorFields(tooLong(error) ?? error));
    return names;
  }
}

function tooLong(error: unknown): AppError | undefined {
  const isTimeout = error instanceof Error && error.name === 'TimeoutError';
  return isTimeout
    ? new AppError('timeout', 'The other name of a chat took too long', { vendor: 'waha', cause: error })
    : undefined;
}

async function resolveOne(context: IdentityContext, { lid, phone }: ChatNames): Promise<Joined> {
  const { ports, indexes, signal } = context;
  const id = lid === undefined ? indexes.phone(phone ?? '') : indexes.lid(lid);
  const stored =
    (await ports.identities.load(id, signal)) ??
    (await ports.identities.claim(newIdentity(context, { id, kind: lid === undefined ? 'phone' : 'lid' }), signal));
  const after = formerOf(stored, ports.clock.now());
  const { conversationId = conversationOf(indexes, id), erasedAt } = stored;
  return { conversationId, isSettled: false, after, erasedAt };
}

async function resolvePair(context: IdentityContext, names: { lid: string; phone: string }): Promise<Joined> {
  const { ports, indexes, signal } = context;
  const [lidId, phoneId] = [indexes.lid(names.lid), indexes.phone(names.phone)];
  const [lid, phone] = await Promise.all([ports.identities.load(lidId, signal), ports.identities.load(phoneId, signal)]);
  if (lid && phone && areJoined(lid, phone)) return joinedOf(context, lid, phone);
  return joinPair(context, { lidId, phoneId }, { isNew: !lid && !phone });
}
