import type { Ports } from '../../ports/index.ts';
import type { IdentityDocument } from '../../ports/people.ts';
import type { BlindIndexes } from './blind-indexes.ts';
import { leadsTo } from './leads-to.ts';
import type { ChatNames } from './resolve-conversation.ts';

/** Everything that belongs to one chat, by ids alone. */
export interface Chat {
  /** The blind indexes of its names. */
  readonly names: readonly string[];
  /** The conversations that became one with it, and those of the chats that spoke for its people before. */
  readonly others: readonly string[];
  /** Who is linked to it, with the blind index of their account. */
  readonly people: readonly { readonly id: string; readonly account?: string | undefined }[];
}

/**
 * What belongs to the chat of this conversation, read anew: its names and each one's other name, as far as they lead to
 * it, the people whom no other chat speaks for, and the chats that spoke for them before.
 */
export async function findChat(
  ports: Pick<Ports, 'identities' | 'people'>,
  indexes: BlindIndexes,
  { names, conversationId, signal }: { names: Partial<ChatNames>; conversationId: string; signal?: AbortSignal },
): Promise<Chat> {
  const given = [
    ...(names.lid === undefined ? [] : [indexes.lid(names.lid)]),
    ...(names.phone === undefined ? [] : [indexes.phone(names.phone)]),
  ];
  const all = await loadNames(ports, given, signal);
  const leading = all.filter((identity) => leadsTo(identity, conversationId));
  const conversations = new Set([
    conversationId,
    ...leading.flatMap((identity) => [identity.conversationId ?? conversationId, ...(identity.formerly ?? [])]),
  ]);
  // A name that was to follow the other and did not yet leads to a conversation of the same chat.
  const theirs = all.filter((identity) => conversations.has(identity.conversationId ?? ''));
  const people = new Map<string, { id: string; account?: string | undefined }>();
  const former: string[] = [];
  for (const personId of new Set(theirs.flatMap((identity) => identity.personId ?? []))) {
    const person = await ports.people.load(personId, signal);
    if (!conversations.has(person?.conversationId ?? '')) continue;
    people.set(personId, person?.account === undefined ? { id: personId } : { id: personId, account: person.account });
    for (const formerChat of person?.formerChats ?? []) {
      former.push(...(await findFormer(ports, { ...formerChat, personId }, signal)));
    }
  }
  for (const id of former) conversations.add(id);
  conversations.delete(conversationId);
  return { names: theirs.map(({ id }) => id), others: [...conversations], people: [...people.values()] };
}

/** The conversations of a chat that spoke for the person before; none where it speaks for somebody else by now. */
async function findFormer(
  ports: Pick<Ports, 'identities'>,
  { conversationId, names, personId }: { conversationId: string; names: readonly string[]; personId: string },
  signal: AbortSignal | undefined,
): Promise<string[]> {
  const leading = (await loadNames(ports, names, signal)).filter((identity) => leadsTo(identity, conversationId));
  const isSomebodyElses = leading.some((identity) => identity.personId !== undefined && identity.personId !== personId);
  if (isSomebodyElses) return [];
  const before = leading.filter((identity) => identity.conversationId === conversationId);
  return [conversationId, ...before.flatMap(({ formerly = [] }) => formerly)];
}

/** These names and each one's other name, as they are stored. */
async function loadNames(
  ports: Pick<Ports, 'identities'>,
  ids: readonly string[],
  signal: AbortSignal | undefined,
): Promise<IdentityDocument[]> {
  const found = await loadAll(ports, ids, signal);
  const pairs = found.flatMap(({ pair }) => (pair === undefined || ids.includes(pair) ? [] : [pair]));
  return [...found, ...(await loadAll(ports, pairs, signal))];
}

async function loadAll(
  { identities }: Pick<Ports, 'identities'>,
  ids: readonly string[],
  signal: AbortSignal | undefined,
): Promise<IdentityDocument[]> {
  const found = await Promise.all(ids.map((id) => identities.loadCurrent(id, signal)));
  return found.flatMap((current) => (current ? [current.document] : []));
}
