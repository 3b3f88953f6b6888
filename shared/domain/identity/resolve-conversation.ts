import { deriveId } from '../../core/ids.ts';
import type { Ports } from '../../ports/index.ts';
import type { IdentityDocument } from '../../ports/people.ts';
import type { BlindIndexes } from './blind-indexes.ts';

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
}

// Longer than any repeat of a webhook: by then no message of before is under way.
const settledAfterMs = 24 * 3_600_000;

// WAHA is asked for the other name at first contact only, and not for long: the webhook has three seconds in all.
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
    return { conversationId: await resolveOne(context, names), names, isSettled: false };
  }
  return { ...(await resolvePair(context, { lid: names.lid, phone: names.phone })), names };
}

/** Names the conversation of a message that might be stored under another: the first to claim decides. */
export async function claimMessage(
  ports: Needs,
  claim: { workspace: string; messageKey: string; conversationId: string; signal?: AbortSignal },
): Promise<string> {
  const { workspace, messageKey, conversationId, signal } = claim;
  const id = `${workspace}:message:${messageKey}`;
  const stored = await ports.identities.claim(
    { id, workspace, kind: 'claim', conversationId, createdAt: ports.clock.now() },
    signal,
  );
  return stored.conversationId ?? conversationId;
}

interface Context {
  readonly ports: Needs;
  readonly indexes: BlindIndexes;
  readonly signal: AbortSignal | undefined;
}

/** At first contact under one name, asks the bridge for the other. Silence or an error leaves it unknown. */
async function completeNames(
  ports: Needs,
  indexes: BlindIndexes,
  { names, signal }: { names: ChatNames; signal?: AbortSignal },
): Promise<ChatNames> {
  if (names.lid !== undefined && names.phone !== undefined) return names;
  const known = names.lid === undefined ? indexes.phone(names.phone ?? '') : indexes.lid(names.lid);
  if (await ports.identities.load(known, signal)) return names;
  const limit = AbortSignal.timeout(lookUpMs);
  const other = await ports.messenger
    .lookUpIdentity(
      names.lid === undefined ? { phone: names.phone ?? '' } : { lid: names.lid },
      signal ? AbortSignal.any([signal, limit]) : limit,
    )
    .catch(() => undefined);
  if (other === undefined) return names;
  return names.lid === undefined ? { lid: other, phone: names.phone } : { lid: names.lid, phone: other };
}

async function resolveOne({ ports, indexes, signal }: Context, { lid, phone }: ChatNames): Promise<string> {
  const id = lid === undefined ? indexes.phone(phone ?? '') : indexes.lid(lid);
  const stored =
    (await ports.identities.load(id, signal)) ??
    (await ports.identities.claim(newIdentity(ports, indexes, { id, kind: lid === undefined ? 'phone' : 'lid' }), signal));
  return stored.conversationId ?? conversationOf(indexes, id);
}

async function resolvePair(context: Context, names: { lid: string; phone: string }): Promise<Joined> {
  const { ports, indexes, signal } = context;
  const [lidId, phoneId] = [indexes.lid(names.lid), indexes.phone(names.phone)];
  const [lid, phone] = await Promise.all([ports.identities.load(lidId, signal), ports.identities.load(phoneId, signal)]);
  if (lid && phone && lid.conversationId === phone.conversationId && lid.pair === phoneId && phone.pair === lidId) {
    return { conversationId: lid.conversationId ?? conversationOf(indexes, lidId), isSettled: areSettled(context, [lid, phone]) };
  }
  const lidNow = lid ?? (await claimLid(context, { lidId, phoneId, phone }));
  const phoneNow =
    phone ??
    (await ports.identities.claim(
      { ...newIdentity(ports, indexes, { id: phoneId, kind: 'phone', pair: lidId }), ...linkOf(lidNow) },
      signal,
    ));
  return joinPair(context, lidNow, phoneNow);
}

/** A lid met for the first time goes on with its phone's conversation, unless that belongs to another lid. */
function claimLid(
  { ports, indexes, signal }: Context,
  pair: { lidId: string; phoneId: string; phone: IdentityDocument | undefined },
) {
  const { lidId, phoneId, phone } = pair;
  const own = newIdentity(ports, indexes, { id: lidId, kind: 'lid', pair: phoneId });
  const isSamePerson = phone && (phone.pair === undefined || phone.pair === lidId);
  return ports.identities.claim(isSamePerson ? { ...own, ...linkOf(phone) } : own, signal);
}

type Joined = Pick<ResolvedConversation, 'conversationId' | 'isSettled'>;

/** Brings two documents of one person together; a recycled number leaves its former conversation. */
async function joinPair(context: Context, lid: IdentityDocument, phone: IdentityDocument): Promise<Joined> {
  const { ports, indexes, signal } = context;
  const isRecycled = phone.pair !== undefined && phone.pair !== lid.id;
  const winner = isRecycled ? lid : preferred(lid, phone);
  const conversationId = winner.conversationId ?? conversationOf(indexes, lid.id);
  const personId = winner.personId;
  const isMoving = [lid, phone].some((identity) => identity.conversationId !== conversationId);
  const moved = isMoving ? { movedAt: ports.clock.now() } : {};
  if (lid.pair !== undefined && lid.pair !== phone.id) await leavePhone(context, lid.id, lid.pair);
  for (const [identity, pair] of [
    [lid, phone.id],
    [phone, lid.id],
  ] as const) {
    if (identity.conversationId === conversationId && identity.pair === pair && identity.personId === personId) continue;
    await ports.identities.update(identity.id, { conversationId, pair, personId, ...moved }, signal);
  }
  return { conversationId, isSettled: !isMoving && areSettled(context, [lid, phone]) };
}

function areSettled({ ports }: Context, identities: readonly IdentityDocument[]): boolean {
  const now = ports.clock.now();
  return identities.every(({ movedAt }) => movedAt === undefined || movedAt + settledAfterMs <= now);
}

/** Who changed their number leaves the old one: whoever gets it next finds neither their conversation nor their rights. */
async function leavePhone({ ports, indexes, signal }: Context, lidId: string, phoneId: string): Promise<void> {
  const former = await ports.identities.load(phoneId, signal);
  if (former?.pair !== lidId) return;
  const conversationId = conversationOf(indexes, phoneId, ports.clock.now());
  const own = { conversationId, pair: undefined, personId: undefined, movedAt: ports.clock.now() };
  await ports.identities.update(phoneId, own, signal);
}

/** Who has a person wins, else the older. */
function preferred(one: IdentityDocument, other: IdentityDocument): IdentityDocument {
  if ((one.personId === undefined) !== (other.personId === undefined)) return one.personId === undefined ? other : one;
  return one.createdAt <= other.createdAt ? one : other;
}

function linkOf({ conversationId, personId }: IdentityDocument) {
  return { ...(conversationId === undefined ? {} : { conversationId }), ...(personId === undefined ? {} : { personId }) };
}

function newIdentity(
  ports: Needs,
  indexes: BlindIndexes,
  { id, kind, pair }: { id: string; kind: 'lid' | 'phone'; pair?: string },
): IdentityDocument {
  const base = {
    id,
    workspace: indexes.workspace,
    kind,
    conversationId: conversationOf(indexes, id),
    createdAt: ports.clock.now(),
  };
  return pair === undefined ? base : { ...base, pair };
}

/** Made from the name it was first met under: parallel webhooks of one name agree without asking. */
function conversationOf({ workspace }: BlindIndexes, identityId: string, ...generation: readonly number[]): string {
  return `${workspace}:${deriveId('conversation', identityId, ...generation)}`;
}
