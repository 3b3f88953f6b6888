import { AppError, asAppError } from '../../core/errors.ts';
import type { CurrentIdentity, IdentityChange, IdentityDocument } from '../../ports/people.ts';
import { latest } from './latest.ts';
import { conversationOf, newIdentity, type IdentityContext } from './new-identity.ts';

export interface Joined {
  readonly conversationId: string;
  /** See `ResolvedConversation`. */
  readonly isSettled: boolean;
  /** See `ResolvedConversation`. */
  readonly after: readonly string[];
  /** See `ResolvedConversation`. */
  readonly erasedAt: number | undefined;
}

interface PairIds {
  readonly lidId: string;
  readonly phoneId: string;
}

// Longer than any repeat of a webhook: by then no message of before is under way.
const settledAfterMs = 24 * 3_600_000;

// Whoever was quicker has written what we wanted to, or most of it: there is no need to wait.
const maxTries = 8;

// What is still due in more than these is too old to be worked on.
const maxFormerly = 5;

/** Whether the two already are what `joinPair` would make of them; a sign-in that crossed it may have met one alone. */
export function areJoined(lid: IdentityDocument, phone: IdentityDocument): boolean {
  const isOneChat = lid.conversationId === phone.conversationId && lid.personId === phone.personId;
  return isOneChat && lid.pair === phone.id && phone.pair === lid.id;
}

export function joinedOf({ ports, indexes }: IdentityContext, lid: IdentityDocument, phone: IdentityDocument): Joined {
  const now = ports.clock.now();
  const isSettled = [lid, phone].every(({ movedAt }) => movedAt === undefined || movedAt + settledAfterMs <= now);
  const after = [...new Set([lid, phone].flatMap((identity) => formerOf(identity, now)))];
  const erasedAt = latest(lid.erasedAt, phone.erasedAt);
  return { conversationId: lid.conversationId ?? conversationOf(indexes, lid.id), isSettled, after, erasedAt };
}

/** The conversations that were merged into this name's, while anything may still be due in them. */
export function formerOf({ movedAt, formerly = [] }: IdentityDocument, now: number): readonly string[] {
  return movedAt === undefined || movedAt + settledAfterMs <= now ? [] : formerly;
}

/**
 * Brings the lid and the phone of one chat together, made where they are not there yet. Everything is read anew, and
 * written only as it was read: what a sign-in or another webhook writes meanwhile is seen, not undone.
 * @param options.isNew Neither was found a moment ago: they need not be read once more.
 * @throws {AppError} `upstream` when others keep changing them.
 */
export async function joinPair(context: IdentityContext, ids: PairIds, options: { isNew: boolean }): Promise<Joined> {
  for (let attempt = 0; attempt < maxTries; attempt += 1) {
    try {
      const joined = await tryToJoin(context, ids, options.isNew && attempt === 0);
      if (joined) return joined;
    } catch (error) {
      if (!asAppError(error, 'conflict')) throw error;
    }
  }
  throw new AppError('upstream', 'The names of a chat are changed by too many at once');
}

/** Undefined where what was claimed turned out to be there already, as something else. */
async function tryToJoin(context: IdentityContext, { lidId, phoneId }: PairIds, isNew: boolean): Promise<Joined | undefined> {
  const { ports, signal } = context;
  const load = (id: string) => (isNew ? undefined : ports.identities.loadCurrent(id, signal));
  const [lid, phone] = await Promise.all([load(lidId), load(phoneId)]);
  if (lid && phone) return bringTogether(context, lid, phone);
  const lidNow = lid?.document ?? (await ports.identities.claim(newLid(context, { lidId, phoneId }, phone?.document), signal));
  const newPhone = { ...newIdentity(context, { id: phoneId, kind: 'phone', pair: lidId }), ...linkOf(lidNow) };
  const phoneNow = phone?.document ?? (await ports.identities.claim(newPhone, signal));
  return areJoined(lidNow, phoneNow) ? joinedOf(context, lidNow, phoneNow) : undefined;
}

/** A lid met for the first time goes on with its phone's conversation, unless that belongs to another lid. */
function newLid(context: IdentityContext, { lidId, phoneId }: PairIds, phone: IdentityDocument | undefined): IdentityDocument {
  const own = newIdentity(context, { id: lidId, kind: 'lid', pair: phoneId });
  const isSameChat = phone && (phone.pair === undefined || phone.pair === lidId);
  return isSameChat ? { ...own, ...linkOf(phone) } : own;
}

/** Who has a person wins, else the older; a recycled number goes to the lid that has it now. */
async function bringTogether(context: IdentityContext, lid: CurrentIdentity, phone: CurrentIdentity): Promise<Joined> {
  const [a, b] = [lid.document, phone.document];
  const formerLid = b.pair === a.id ? undefined : b.pair;
  const isRecycled = formerLid !== undefined;
  const winner = isRecycled ? a : preferred(a, b);
  const conversationId = winner.conversationId ?? conversationOf(context.indexes, a.id);
  const { personId } = winner;
  const formerly = isRecycled ? a.formerly : formerlyOf({ ...winner, conversationId }, winner === a ? b : a);
  if (a.pair !== undefined && a.pair !== b.id) await leavePhone(context, a.id, a.pair);
  if (isRecycled) await loseNumber(context, formerLid, b.id);
  const erasedAt = latest(a.erasedAt, b.erasedAt);
  // What was erased of a number's former owner says nothing of the lid that has it now.
  await change(context, lid, { conversationId, personId, formerly, pair: b.id, erasedAt: isRecycled ? a.erasedAt : erasedAt });
  await change(context, phone, { conversationId, personId, formerly, pair: a.id, erasedAt });
  const isMoving = [a, b].some((identity) => identity.conversationId !== conversationId);
  const settled = joinedOf(context, a, b);
  const after = isMoving ? (formerly ?? []) : settled.after;
  return { conversationId, isSettled: !isMoving && settled.isSettled, after, erasedAt };
}

/** Writes what differs from what was read. */
async function change(
  { ports, signal }: IdentityContext,
  current: CurrentIdentity,
  wanted: Pick<IdentityDocument, 'conversationId' | 'personId' | 'pair' | 'formerly' | 'erasedAt'>,
): Promise<void> {
  const { document } = current;
  const { conversationId, personId, pair, formerly, erasedAt } = wanted;
  const set: IdentityChange = {
    ...(document.conversationId === conversationId ? {} : { conversationId, movedAt: ports.clock.now() }),
    ...(document.personId === personId ? {} : { personId }),
    ...(document.pair === pair ? {} : { pair }),
    ...(document.erasedAt === erasedAt ? {} : { erasedAt }),
    // The winner has moved too: what was said in the other conversation is now its own.
    ...(document.formerly?.join() === formerly?.join() ? {} : { formerly, movedAt: ports.clock.now() }),
  };
  if (Object.keys(set).length > 0) await ports.identities.change(current, set, signal);
}

/** Who changed their number leaves the old one: whoever gets it next finds neither their conversation nor their rights. */
async function leavePhone(context: IdentityContext, lidId: string, phoneId: string): Promise<void> {
  const { ports, indexes, signal } = context;
  const former = await ports.identities.loadCurrent(phoneId, signal);
  if (former?.document.pair !== lidId) return;
  const conversationId = conversationOf(indexes, phoneId, ports.clock.now());
  const { erasedAt } = former.document;
  await change(context, former, { conversationId, personId: undefined, pair: undefined, formerly: undefined, erasedAt });
}

/** The chat that had a number before it was given to another no longer goes by it. */
async function loseNumber({ ports, signal }: IdentityContext, lidId: string, phoneId: string): Promise<void> {
  const former = await ports.identities.loadCurrent(lidId, signal);
  if (former?.document.pair === phoneId) await ports.identities.change(former, { pair: undefined }, signal);
}

function preferred(one: IdentityDocument, other: IdentityDocument): IdentityDocument {
  if ((one.personId === undefined) !== (other.personId === undefined)) return one.personId === undefined ? other : one;
  return one.createdAt <= other.createdAt ? one : other;
}

/** The conversations that became the winner's; not one in which somebody else signed in. */
function formerlyOf(winner: IdentityDocument, loser: IdentityDocument): string[] | undefined {
  const isSomebodyElses = loser.personId !== undefined && loser.personId !== winner.personId;
  const merged = isSomebodyElses ? [] : [...(loser.formerly ?? []), loser.conversationId];
  const all = [...(winner.formerly ?? []), ...merged].filter((id) => id !== undefined && id !== winner.conversationId);
  return all.length === 0 ? undefined : ([...new Set(all)] as string[]).slice(-maxFormerly);
}

function linkOf({ conversationId, personId, formerly, erasedAt }: IdentityDocument) {
  return {
    ...(conversationId === undefined ? {} : { conversationId }),
    ...(personId === undefined ? {} : { personId }),
    ...(formerly === undefined ? {} : { formerly }),
    ...(erasedAt === undefined ? {} : { erasedAt }),
  };
}
